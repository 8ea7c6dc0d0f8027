{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key=['file_name', 'source', 'received_hour'],
    meta={'replaced_by': 'file_name', 'period': 'received_hour'},
    on_schema_change='append_new_columns',
    post_hook="{{ note_increment(loaded_inputs()) }}",
) }}

with

loaded_rows as (

    {{ loaded_rows() }}

),

{% if is_incremental() %}
    arrivals as (

        {{ loaded_rows(watermarks()) }}

    ),

    -- a file whose rows come in several transactions, or twice, is counted again as a whole
    touched as (

        select distinct file_name
        from arrivals
        where file_name is not null
        {% if is_rebuild() %}
            union distinct
            select file_name
            from {{ this }}
            where {{ rebuilt_days('to_date(received_hour)') }}
        {% endif %}

    ),
{% endif %}

counted as (

    select *
    from loaded_rows
    {% if is_incremental() %}
        where file_name in (select touched.file_name from touched)
    {% endif %}

),

final as (

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

)

{{ with_touched_keys('file_name') }}
