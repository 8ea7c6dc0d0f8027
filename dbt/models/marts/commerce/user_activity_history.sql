select
    event_id,
    event_day,
    activity_type,
    user_id,
    session_id,
    product_id,
    occurred_at,
    received_at,
    loaded_at,
    is_backfill,
    batch_id
from {{ ref('int_commerce__user_activity_deduplicated') }}
