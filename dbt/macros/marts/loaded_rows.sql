{#- The rows that files brought, of all types and of failed events alike: where they lay and when they passed each hop. -#}
{% macro loaded_rows() %}
    {%- for staged, deduplicated in event_types() %}
        select
            source,
            type,
            occurred_at,
            published_at,
            received_at,
            loaded_at,
            file_name,
            file_row,
            false as is_failed
        from {{ ref(staged) }}
        where not is_backfill
        union all
    {%- endfor %}
    select
        source,
        type,
        cast(null as timestamp_ntz(6)) as occurred_at,
        cast(null as timestamp_ntz(6)) as published_at,
        received_at,
        loaded_at,
        file_name,
        file_row,
        true as is_failed
    from {{ ref('stg_delivery__failed_event') }}
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
