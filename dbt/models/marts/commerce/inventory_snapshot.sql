{{ days_and_states(ref('inventory_changes')) }}

select
    days.snapshot_day,
    states.product_id,
    states.warehouse_id,
    states.quantity_on_hand,
    states.valid_from,
    states.event_id
from days
inner join states on {{ held_at_the_end_of_the_day() }}
