select
    _source as source,
    _type as type,
    _event_id as event_id,
    _id_origin as id_origin,
    class as failure_class,
    reason,
    _batch_id as batch_id,
    _batch_row as batch_row,
    _received_at as received_at,
    quarantine_key,
    quarantine_row,
    _file as file_name,
    _file_row as file_row,
    _loaded_at as loaded_at,
    false as is_backfill,
    coalesce(to_date(_received_at), to_date('1970-01-01')) as event_day
from {{ source('raw', 'failed_events') }}
