{{ days_and_states(ref('shop_order_changes')) }}

select
    days.snapshot_day,
    states.order_id,
    states.status,
    states.customer_id,
    states.total_minor,
    states.currency,
    states.valid_from,
    states.event_id
from days
inner join states on {{ held_at_the_end_of_the_day() }}
