{{ config(materialized='view') }}

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
        cast(good_quantity as number(38, 0)) as quantity,
        type,
        event_id,
        event_day
    from manufacturing_batches

    union all

    select
        card_id,
        order_created_at as moved_at,
        'SOLD' as movement,
        order_id as document_id,
        order_line_id as movement_id,
        cast(quantity as number(38, 0)) as quantity,
        type,
        event_id,
        event_day
    from orders

)

select
    *,
    -- behind all others, as the order of the running totals has them
    coalesce(to_date(moved_at), '9999-12-31'::date) as moved_on
from movements
