{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key=['loaded_hour', 'source', 'type'],
    meta={'replaced_by': ['loaded_hour', 'source', 'type'], 'period': 'loaded_hour'},
    on_schema_change='append_new_columns',
    cluster_by=['loaded_hour', 'source'],
    post_hook="{{ note_increment(loaded_inputs()) }}",
) }}

with

-- whole hours, since what an hour counted is replaced as a whole
loaded_rows as (

    {{ loaded_rows(watermarks(), by_hour=true) if is_incremental() else loaded_rows() }}

),

arrived as (

    select
        *,
        date_trunc('hour', loaded_at) as loaded_hour
    from loaded_rows
    where
        not is_failed
        and loaded_at is not null

)

select
    loaded_hour,
    source,
    type,
    cast(count(*) as number(19, 0)) as row_count,
    {{ latency('occurred_at', 'published_at', 0.5) }} as publish_p50_seconds,
    {{ latency('occurred_at', 'published_at', 0.95) }} as publish_p95_seconds,
    {{ latency('occurred_at', 'published_at') }} as publish_max_seconds,
    {{ latency('published_at', 'received_at', 0.5) }} as receive_p50_seconds,
    {{ latency('published_at', 'received_at', 0.95) }} as receive_p95_seconds,
    {{ latency('published_at', 'received_at') }} as receive_max_seconds,
    {{ latency('received_at', 'loaded_at', 0.5) }} as load_p50_seconds,
    {{ latency('received_at', 'loaded_at', 0.95) }} as load_p95_seconds,
    {{ latency('received_at', 'loaded_at') }} as load_max_seconds,
    {{ latency('occurred_at', 'loaded_at', 0.5) }} as total_p50_seconds,
    {{ latency('occurred_at', 'loaded_at', 0.95) }} as total_p95_seconds,
    {{ latency('occurred_at', 'loaded_at') }} as total_max_seconds
from arrived
group by loaded_hour, source, type
