{#-
  How an increment begins: the CTEs `arrivals` (what came to the inputs) and `touched` (the keys whose rows are made anew).
  To be followed by a comma, and read by of_touched() and with_touched_keys().

  inputs        models whose events make rows of this one: `event_id`, `event_day` and, where there are several, `type` name
                the event in both
  key           column or columns; rows without it make no row, or belong to the key `(unknown)` where it is `known_as_unknown`
  told_by       other models whose arrivals touch the keys that they name
  versions      the model of the versions of cards, where a version that comes late may change to what this model points
  also          a query of more keys
  named         what the CTE of the keys is called, where a model goes on from them to keys of its own
-#}
{% macro touched_by(inputs, key, told_by=[], versions=none, also=none, known_as_unknown=false, named='touched') -%}
    {%- set since = watermarks() -%}
    {%- set keys = listed(key) -%}
    arrivals as (

        {% for input in inputs %}
            select
                {% for column in keys %}
                    {{ key_column(column, known_as_unknown) }} as {{ column }},
                {% endfor %}
                type,
                event_id,
                event_day
            from {{ ref(input) }}
            where {{ arrived(since, input) }}
            {{ 'union all' if not loop.last }}
        {% endfor %}

    ),

    {% if versions %}
        version_arrivals as (

            select
                card_id,
                min(repoints_from) as repoints_from
            from {{ ref(versions) }}
            where {{ arrived(since, versions) }}
            group by card_id

        ),
    {% endif %}

    {{ named }} as (

        select {{ keys | join(', ') }}
        from arrivals
        where nullif({{ keys[0] }}, '') is not null
        union distinct
        -- an event that is told anew may have moved to another key
        select {{ prefixed(keys, 'present') }}
        from {{ this }} as present
        inner join arrivals
            on
                present.event_day = arrivals.event_day
                and present.event_id = arrivals.event_id
                {{ 'and present.type = arrivals.type' if inputs | length > 1 }}
        {% for input in told_by %}
            union distinct
            select {{ keys | join(', ') }}
            from {{ ref(input) }}
            where {{ arrived(since, input) }}
        {% endfor %}
        {% if versions %}
            union distinct
            select {{ prefixed(keys, 'present') }}
            from {{ this }} as present
            inner join version_arrivals
                on
                    present.card_id = version_arrivals.card_id
                    and present.event_day >= to_date(version_arrivals.repoints_from)
        {% endif %}
        {% if also %}
            union distinct
            {{ also }}
        {% endif %}
        {% if is_rebuild() %}
            union distinct
            select {{ keys | join(', ') }}
            from {{ this }}
            where {{ rebuilt_days() }}
        {% endif %}

    )
{%- endmacro %}


{#-
  The rows of an input that the touched keys are made of, whenever they occurred: by key, and on the event days of these
  keys, so that the wide columns are read of those days only. A full run reads all.
-#}
{% macro of_touched(input, key, columns='*', known_as_unknown=false, named='touched') -%}
    select {{ columns }}
    from {{ input }}
    where
        {% if is_incremental() -%}
            {{ is_touched(key, known_as_unknown, named=named) }}
            and event_day in (
                select days.event_day
                from {{ input }} as days
                where {{ is_touched(key, known_as_unknown, 'days', named) }}
            )
        {%- else -%}
            true
        {%- endif %}
{%- endmacro %}


{% macro is_touched(key, known_as_unknown=false, prefix=none, named='touched') -%}
    {%- set columns = [] -%}
    {%- for column in listed(key) -%}
        {%- do columns.append(key_column(prefix ~ '.' ~ column if prefix else column, known_as_unknown)) -%}
    {%- endfor -%}
    {{ as_tuple(columns) }} in (select {{ prefixed(listed(key), named) }} from {{ named }})
{%- endmacro %}


{#-
  The end of a model: the rows of the CTE `final`, and in an increment for each touched key that has none any more one row
  without an event day, by which the strategy replace_keys takes the old rows of that key away.
-#}
{% macro with_touched_keys(key) -%}
    {%- if is_incremental() -%}
        select
            final.* replace (
                {% for column in listed(key) %}
                    touched.{{ column }} as {{ column }}{{ ',' if not loop.last }}
                {% endfor %}
            )
        from touched
        left join final
            on
                {% for column in listed(key) %}
                    {{ 'and ' if not loop.first }}touched.{{ column }} = final.{{ column }}
                {% endfor %}
    {%- else -%}
        select * from final
    {%- endif -%}
{%- endmacro %}


{#- The events of the days on which something arrived, or all events: for a model that counts whole days. -#}
{% macro of_touched_days(input) -%}
    select *
    from {{ ref(input) }}
    where
        {% if is_incremental() -%}
            event_day in (
                select arrivals.event_day
                from {{ ref(input) }} as arrivals
                where {{ arrived(watermarks(), input) }}
            )
        {%- else -%}
            true
        {%- endif %}
{%- endmacro %}


{#- Keys may be one column or several. -#}
{% macro listed(key) %}
    {{ return([key] if key is string else key) }}
{% endmacro %}


{% macro as_tuple(columns) -%}
    {{ columns[0] if columns | length == 1 else '(' ~ columns | join(', ') ~ ')' }}
{%- endmacro %}


{% macro prefixed(columns, prefix) -%}
    {%- for column in columns -%} {{ prefix }}.{{ column }}{{ ', ' if not loop.last }} {%- endfor -%}
{%- endmacro %}


{% macro key_column(column, known_as_unknown) -%}
    {{ known(column) if known_as_unknown else column }}
{%- endmacro %}
