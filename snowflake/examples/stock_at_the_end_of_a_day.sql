-- Stock as it stood at the end of one day, also where nothing moved on it.
select
    product_id,
    warehouse_id,
    quantity_on_hand,
    valid_from as since
from marts.inventory_snapshot
where snapshot_day = '2026-11-19'
order by product_id, warehouse_id;
