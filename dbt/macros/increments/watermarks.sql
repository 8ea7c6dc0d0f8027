{#-
  How far each model has read each of its inputs: audit.increments, one row per model, input, event type, stream or
  backfill, whenever that has moved on. A mart cannot tell it from its own rows: an event may end in no row, and a row
  is made of several inputs.
-#}

{#- Before a run: the table is the project's own state, like the tables of its models. -#}
{% macro create_increments() %}
    create table if not exists {{ target.database }}.audit.increments (
        model varchar not null,
        input varchar not null,
        type varchar not null,
        is_backfill boolean not null,
        loaded_until timestamp_ntz(6) not null,
        noted_at timestamp_ntz(6) not null
    )
{% endmacro %}


{#- Where the increment of this model begins: a list of (input, type, is_backfill, load time). -#}
{% macro watermarks() %}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {{ return(run_query(
        "select input, type, is_backfill, dateadd(hour, -" ~ var('look_back_hours') ~ ", max(loaded_until)) as loaded_from"
        ~ " from " ~ this.database ~ ".audit.increments where model = '" ~ this.name ~ "'"
        ~ " group by input, type, is_backfill order by input, type, is_backfill"
    ).rows) }}
{% endmacro %}


{#-
  Whether a row of an input belongs to the increment: it was loaded since the look-back of its own type and way, it came by
  a way that was never read, or it lies on a day that is to be rebuilt. Times are literals and ways are alternatives, so that
  the warehouse prunes by both. `by_hour`: an increment of whole hours of loading, and of whole days of it in a rebuild.
-#}
{% macro arrived(since, input, by_hour=false) -%}
    {%- set known = since | selectattr(0, 'equalto', input) | list -%}
    {%- if not known -%}
        (loaded_at is null or loaded_at >= '1971-01-01'::timestamp_ntz)
    {%- else -%}
        (
            loaded_at is null
            {%- for each in known %}
                or (
                    {{ of_type(each[1]) }}
                    and {{ '' if each[2] else 'not ' }}is_backfill
                    and loaded_at >= '{{ each[3].strftime("%Y-%m-%d %H:00:00") if by_hour else each[3] }}'::timestamp_ntz
                )
            {%- endfor %}
            or (
                {%- for each in known %}
                    {{ 'and ' if not loop.first }}({{ of_type(each[1], negated=true) }} or {{ 'not ' if each[2] }}is_backfill)
                {%- endfor %}
            )
            {%- if is_rebuild() %}
                or {{ rebuilt_days(column='to_date(loaded_at)' if by_hour else 'event_day') }}
            {%- endif %}
        )
    {%- endif -%}
{%- endmacro %}


{#- Failed events may have no type; the note has an empty one then. -#}
{% macro of_type(type, negated=false) -%}
    {%- if type -%} type is {{ '' if negated else 'not ' }}distinct from '{{ type }}'
    {%- else -%} type is {{ 'not ' if negated }}null
    {%- endif -%}
{%- endmacro %}


{#-
  Post-hook of an incremental mart: what it has read up to now. It notes only what has moved, and nothing from the
  future: a clock that ran ahead would hide the rows that are loaded until then. What came between the reading and this
  note is read again, since the next increment begins a look-back earlier.
-#}
{% macro note_increment(inputs) %}
    {%- if execute -%}
        {%- set since = watermarks() -%}
        insert into {{ this.database }}.audit.increments (model, input, type, is_backfill, loaded_until, noted_at)
        select
            '{{ this.name }}' as model,
            reached.input,
            reached.type,
            reached.is_backfill,
            reached.loaded_until,
            sysdate() as noted_at
        from (
            {%- for input in inputs %}
                select
                    '{{ input }}' as input,
                    coalesce(type, '') as type,
                    is_backfill,
                    max(loaded_at) as loaded_until
                from {{ ref(input) }}
                where loaded_at <= sysdate() and {{ arrived(since, input) }}
                group by coalesce(type, ''), is_backfill
                {{ 'union all' if not loop.last }}
            {%- endfor %}
        ) as reached
        left join {{ this.database }}.audit.increments as known
            on
                known.model = '{{ this.name }}'
                and reached.input = known.input
                and reached.type = known.type
                and reached.is_backfill = known.is_backfill
                and reached.loaded_until <= known.loaded_until
        where known.model is null
    {%- endif -%}
{% endmacro %}
