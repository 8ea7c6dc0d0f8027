select
    event_id,
    event_day,
    order_id,
    status,
    customer_id,
    items,
    total_minor,
    {{ minor_to_amount('total_minor', 'currency') }} as total_amount,
    currency,
    ship_to_city,
    ship_to_country_code,
    placed_at,
    received_at,
    loaded_at,
    is_backfill,
    batch_id
from {{ ref('int_commerce__order_placed_deduplicated') }}
