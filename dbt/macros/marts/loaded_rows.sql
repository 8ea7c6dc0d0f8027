{#-
  The rows that files brought, of all types and of failed events alike: where they lay and when they passed each hop. With
  `since` (watermarks) those that arrived, else all.
-#}
{% macro loaded_rows(since=none, by_hour=false) %}
    {%- for input in loaded_inputs() %}
        {%- set is_failed = input == 'stg_delivery__failed_event' %}
        select
            source,
            type,
            {{ 'cast(null as timestamp_ntz(6)) as ' if is_failed }}occurred_at,
            {{ 'cast(null as timestamp_ntz(6)) as ' if is_failed }}published_at,
            received_at,
            loaded_at,
            file_name,
            file_row,
            {{ is_failed | lower }} as is_failed
        from {{ ref(input) }}
        where
            not is_backfill
            {{ 'and ' ~ arrived(since, input, by_hour) if since is not none }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{#- Names of the staging views over what pipes load. -#}
{% macro loaded_inputs() %}
    {{ return(event_types() | map(attribute=0) | list + ['stg_delivery__failed_event']) }}
{% endmacro %}


{#- Seconds from one time to another, as a percentile (0.5, 0.95) of the group or its greatest; null without both times. -#}
{% macro latency(earlier, later, percentile=none) -%}
    {%- set seconds = 'datediff(millisecond, ' ~ earlier ~ ', ' ~ later ~ ') * cast(0.001 as numeric(4, 3))' -%}
    cast(
        {%- if percentile is none %} max({{ seconds }})
        {%- else %} percentile_cont({{ percentile }}) within group (order by cast({{ seconds }} as float))
        {%- endif %} as numeric(18, 3)
    )
{%- endmacro %}
