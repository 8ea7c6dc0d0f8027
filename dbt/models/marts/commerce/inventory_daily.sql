{{ config(
    materialized='incremental',
    incremental_strategy='replace_periods',
    meta={'replaced_period': 'event_day'},
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'product_id', 'warehouse_id'],
    post_hook="{{ note_increment(['int_commerce__inventory_changed_deduplicated']) }}",
) }}

with

events as (

    {{ of_touched_days('int_commerce__inventory_changed_deduplicated') }}

),

movements as (

    select
        *,
        {{ known('product_id') }} as product,
        {{ known('warehouse_id') }} as warehouse
    from events

),

placed as (

    select
        *,
        row_number() over (partition by event_day, product, warehouse order by {{ latest_event() }}) as place
    from movements

)

select
    event_day,
    product as product_id,
    warehouse as warehouse_id,
    cast(count(*) as number(19, 0)) as movement_count,
    cast(sum(iff(reason = 'INVENTORY_REASON_RECEIVED', quantity_delta, 0)) as number(19, 0)) as received_quantity,
    cast(sum(iff(reason = 'INVENTORY_REASON_SHIPPED', -quantity_delta, 0)) as number(19, 0)) as shipped_quantity,
    cast(sum(iff(reason = 'INVENTORY_REASON_RETURNED', quantity_delta, 0)) as number(19, 0)) as returned_quantity,
    cast(sum(iff(reason = 'INVENTORY_REASON_WRITTEN_OFF', -quantity_delta, 0)) as number(19, 0)) as written_off_quantity,
    cast(sum(quantity_delta) as number(19, 0)) as net_quantity,
    max(iff(place = 1, quantity_on_hand, null)) as closing_quantity
from placed
group by event_day, product, warehouse
