select
    event_id,
    event_day,
    product_id,
    warehouse_id,
    reason,
    quantity_delta,
    quantity_on_hand,
    document_id,
    changed_at,
    received_at,
    loaded_at,
    is_backfill,
    batch_id
from {{ ref('int_commerce__inventory_changed_deduplicated') }}
