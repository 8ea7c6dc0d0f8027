{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    tmp_relation_type='table',
    unique_key=['source', 'type', 'event_id', 'event_day', 'payload_version'],
    on_schema_change='append_new_columns',
) }}

with

compared as (

    {% for staged, deduplicated in event_types() %}
        {{ rows_to_compare(ref(staged), ref(deduplicated)) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% if is_incremental() %}
        -- versions named before keep their place unless a row that precedes it has come
        union all
        select {{ version_columns() }} from {{ this }}
    {% endif %}

),

-- hashes under two keys cannot be compared, and a row without a hash says nothing about its payload
by_hash_key as (

    select
        source,
        type,
        event_id
    from compared
    where payload_hash is not null
    group by source, type, event_id, split_part(payload_hash, ':', 1)
    having min(payload_hash) <> max(payload_hash)

),

by_event_day as (

    select
        source,
        type,
        event_id
    from compared
    group by source, type, event_id
    having min(event_day) <> max(event_day)

),

both_kinds as (

    select * from by_hash_key
    union all
    select * from by_event_day

),

conflicting as (

    select distinct
        source,
        type,
        event_id
    from both_kinds

),

versions as (

    select
        compared.*,
        coalesce(compared.payload_hash, '(none)') as payload_version
    from compared
    inner join conflicting
        on
            compared.source = conflicting.source
            and compared.type = conflicting.type
            and compared.event_id = conflicting.event_id
    qualify
        row_number() over (
            partition by
                compared.source,
                compared.type,
                compared.event_id,
                compared.event_day,
                compared.payload_hash
            order by {{ precedence() }}
        ) = 1

)

select * from versions
