{{ config(
    materialized='incremental',
    incremental_strategy='replace_histories',
    meta={'replaced_key': ['file_name'], 'event_identity': []},
    on_schema_change='append_new_columns',
) }}

with

loaded_rows as (

    {{ loaded_rows() }}

),

{% if is_incremental() %}
    -- a file whose rows come in several transactions, or twice, is counted again as a whole
    touched as (

        select distinct file_name
        from loaded_rows
        where
            loaded_at is null
            or loaded_at >= (
                select
                    dateadd(
                        hour,
                        -{{ var('look_back_hours') }},
                        coalesce(max(loaded_at), '1971-01-01'::timestamp_ntz)
                    )
                from {{ this }}
            )

    ),
{% endif %}

counted as (

    select *
    from loaded_rows
    {% if is_incremental() %}
        where file_name in (select touched.file_name from touched)
    {% endif %}

)

select
    file_name,
    source,
    coalesce(date_trunc('hour', received_at), '1970-01-01'::timestamp_ntz) as received_hour,
    iff(min(type) = max(type), min(type), null) as type,
    boolor_agg(is_failed) as is_failed,
    count(*) as loaded_row_count,
    count(distinct file_row) as different_row_count,
    max(received_at) as last_received_at,
    min(loaded_at) as first_loaded_at,
    max(loaded_at) as loaded_at
from counted
group by file_name, source, coalesce(date_trunc('hour', received_at), '1970-01-01'::timestamp_ntz)
