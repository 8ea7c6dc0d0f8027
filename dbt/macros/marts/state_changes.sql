{#-
  Change-state form of the events of one type: one row per key and state, from the event that brought it until the next
  one that changed it. An event that leaves all `tracked` columns as they were makes no row. `carried` columns come from the
  event as they are. Ends in the CTE `states`, to be selected from as `final`.
-#}
{% macro state_changes(input, key, tracked, carried=[]) %}
    {%- set history -%} partition by {{ key | join(', ') }} order by {{ event_order() }} {%- endset -%}
    {%- set columns = [] -%}
    {%- for column in key -%}
        {%- do columns.append(known(column) ~ ' as ' ~ column) -%}
    {%- endfor -%}
    {%- set columns = columns + tracked + carried + [
        'occurred_at', 'received_at', 'batch_id', 'batch_row', 'event_id', 'event_day', 'loaded_at', 'is_backfill'
    ] -%}
    with

    {% if is_incremental() %}
        {{ touched_by([input], key, known_as_unknown=true) }},
    {% endif %}

    events as (

        {{ of_touched(ref(input), key, columns | join(', '), known_as_unknown=true) }}

    ),

    compared as (

        select
            *,
            {%- for column in tracked %}
                lag({{ column }}) over ({{ history }}) as previous_{{ column }},
            {%- endfor %}
            row_number() over ({{ history }}) as place
        from events

    ),

    changes as (

        select
            *,
            {%- for column in tracked %}
                place > 1 and {{ column }} is distinct from previous_{{ column }} as changed_{{ column }},
            {%- endfor %}
            place = 1
            {%- for column in tracked %}
                or {{ column }} is distinct from previous_{{ column }}
            {%- endfor %} as is_change
        from compared

    ),

    states as (

        select
            *,
            row_number() over ({{ history }}) as state_number,
            lead(event_id) over ({{ history }}) is null as is_current,
            lead(occurred_at) over ({{ history }}) as valid_to
        from changes
        where is_change

    ),
{% endmacro %}


{#- The names of the tracked columns that a state changed, in one text; null for the first state. -#}
{% macro changed_columns(tracked) -%}
    nullif(trim(
        {%- for column in tracked %}
            {{ '|| ' if not loop.first }}iff(changed_{{ column }}, '{{ column }} ', '')
        {%- endfor %}
    ), '')
{%- endmacro %}
