with

orders as (

    -- given up before it was shipped: its units never left
    select *
    from {{ ref('fct_orders') }}
    where order_status is distinct from 'ORDER_STATUS_CANCELLED'

),

manufacturing_batches as (

    select * from {{ ref('fct_batch_performance') }}

),

movements as (

    select
        card_id,
        completed_at as moved_at,
        'MADE' as movement,
        manufacturing_batch_id as document_id,
        manufacturing_batch_id as movement_id,
        cast(good_quantity as number(38, 0)) as quantity
    from manufacturing_batches

    union all

    select
        card_id,
        order_created_at as moved_at,
        'SOLD' as movement,
        order_id as document_id,
        order_line_id as movement_id,
        cast(quantity as number(38, 0)) as quantity
    from orders

)

select
    card_id,
    moved_at,
    movement,
    document_id,
    movement_id,
    quantity,
    -- units made at the very moment of a sale count as there
    cast(sum(iff(movement = 'MADE', quantity, 0)) over (
        partition by card_id
        order by moved_at asc nulls last, movement asc, movement_id asc
        rows between unbounded preceding and current row
    ) as number(38, 0)) as made_so_far,
    cast(sum(iff(movement = 'SOLD', quantity, 0)) over (
        partition by card_id
        order by moved_at asc nulls last, movement asc, movement_id asc
        rows between unbounded preceding and current row
    ) as number(38, 0)) as sold_so_far
from movements
