select
    quarantine_key || '|' || quarantine_row as failed_event_id,
    failure_class,
    source,
    type,
    event_id,
    id_origin,
    reason,
    batch_id,
    batch_row,
    received_at,
    loaded_at,
    quarantine_key,
    quarantine_row
from {{ ref('stg_delivery__failed_event') }}
qualify
    row_number() over (
        partition by quarantine_key, quarantine_row
        order by loaded_at asc nulls last, file_name asc, file_row asc
    ) = 1
