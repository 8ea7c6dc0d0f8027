-- What changed about the orders of the shop, from and to.
select
    order_id,
    valid_from as changed_at,
    changed_columns,
    previous_status,
    status,
    previous_total_minor,
    total_minor
from marts.shop_order_changes
where state_number > 1
order by order_id, state_number;
