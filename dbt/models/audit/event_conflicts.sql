with

versions as (

    select * from {{ ref('event_conflict_versions') }}

),

hash_keys as (

    select
        source,
        type,
        event_id,
        count(distinct payload_hash) as hashes
    from versions
    where payload_hash is not null
    group by source, type, event_id, split_part(payload_hash, ':', 1)

),

payloads as (

    select
        source,
        type,
        event_id,
        max(hashes) as hashes
    from hash_keys
    group by source, type, event_id

)

select
    versions.source,
    versions.type,
    versions.event_id,
    coalesce(max(payloads.hashes), 0) > 1 as has_other_payload,
    count(distinct versions.event_day) > 1 as has_other_event_day,
    count(*) as versions,
    min(versions.event_day) as first_event_day,
    max(versions.event_day) as last_event_day,
    min(versions.received_at) as first_received_at,
    max(versions.received_at) as last_received_at,
    array_agg(
        object_construct(
            'event_day', to_varchar(versions.event_day, 'YYYY-MM-DD'),
            'payload_hash', versions.payload_hash,
            'batch_id', versions.batch_id,
            'batch_row', versions.batch_row,
            'file_name', versions.file_name,
            'is_backfill', versions.is_backfill
        )
    ) within group (order by versions.event_day, versions.payload_version) as places
from versions
left join payloads
    on
        versions.source = payloads.source
        and versions.type = payloads.type
        and versions.event_id = payloads.event_id
group by versions.source, versions.type, versions.event_id
