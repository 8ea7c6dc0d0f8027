-- Changes of stock that their own event does not explain: an event before them is missing or late.
select
    product_id,
    warehouse_id,
    valid_from as changed_at,
    previous_quantity_on_hand,
    quantity_delta,
    quantity_on_hand,
    unexplained_quantity
from marts.inventory_changes
where unexplained_quantity <> 0
order by product_id, warehouse_id, changed_at;
