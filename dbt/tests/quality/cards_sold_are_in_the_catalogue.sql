{{ config(severity='warn', tags=['quality'], store_failures=true) }}

select
    card_id,
    count(*) as order_lines
from {{ ref('fct_orders') }}
where card_id in (select dim_card.card_id from {{ ref('dim_card') }} as dim_card where dim_card.is_inferred)
group by card_id
