{#-
  Change-state form of the events of one type: one row per key and state, from the event that brought it until the next
  one that changed it. An event that leaves all `tracked` columns as they were makes no row.

  An increment rebuilds the keys that its events touch: those of rows loaded since the watermarks, and those that these
  events belonged to before. `carried` columns come from the event as they are.
-#}
{% macro state_changes(events, key, tracked, carried=[]) %}
    {%- set in_order -%}
        order by
            occurred_at asc nulls first,
            received_at asc nulls first,
            batch_id asc nulls first,
            batch_row asc nulls first,
            event_id asc,
            event_day asc
    {%- endset -%}
    {%- set partition = 'partition by ' ~ key | join(', ') -%}
    with

    events as (

        select
            {%- for column in key %}
                coalesce(nullif({{ column }}, ''), '(unknown)') as {{ column }},
            {%- endfor %}
            {%- for column in tracked + carried %}
                {{ column }},
            {%- endfor %}
            occurred_at,
            received_at,
            batch_id,
            batch_row,
            event_id,
            event_day,
            loaded_at,
            is_backfill
        from {{ events }}

    ),

    {% if is_incremental() %}
        watermarks as (

            {{ load_watermarks('iff(is_backfill, null, loaded_at)', 'iff(is_backfill, loaded_at, null)') }}

        ),

        arrivals as (

            select
                {{ key | join(', ') }},
                events.event_id,
                events.event_day
            from events
            cross join watermarks
            where {{ lately('events') }}

        ),

        touched as (

            select {{ key | join(', ') }} from arrivals
            union
            select {% for column in key %}known.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
            from {{ this }} as known
            inner join arrivals
                on
                    known.event_id = arrivals.event_id
                    and known.event_day = arrivals.event_day

        ),
    {% endif %}

    histories as (

        select events.*
        from events
        {% if is_incremental() %}
            inner join touched
                on
                    {%- for column in key %}
                        {{ 'and ' if not loop.first }}events.{{ column }} = touched.{{ column }}
                    {%- endfor %}
        {% endif %}

    ),

    compared as (

        select
            *,
            {%- for column in tracked %}
                lag({{ column }}) over ({{ partition }} {{ in_order }}) as previous_{{ column }},
            {%- endfor %}
            row_number() over ({{ partition }} {{ in_order }}) as place
        from histories

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
            row_number() over ({{ partition }} {{ in_order }}) as state_number,
            lead(event_id) over ({{ partition }} {{ in_order }}) is null as is_current,
            lead(occurred_at) over ({{ partition }} {{ in_order }}) as valid_to
        from changes
        where is_change

    )
{% endmacro %}


{#- The names of the tracked columns that a state changed, in one text; null for the first state. -#}
{% macro changed_columns(tracked) -%}
    nullif(trim(
        {%- for column in tracked %}
            {{ '|| ' if not loop.first }}iff(changed_{{ column }}, '{{ column }} ', '')
        {%- endfor %}
    ), '')
{%- endmacro %}
