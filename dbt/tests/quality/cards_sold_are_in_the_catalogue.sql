{{ config(severity='warn', tags=['quality'], store_failures=true) }}

select
    orders.card_id,
    count(*) as order_lines
from {{ ref('fct_orders') }} as orders
inner join {{ ref('dim_card') }} as cards on orders.card_id = cards.card_id
where
    cards.is_current
    and cards.is_inferred
group by orders.card_id
