-- Orders and revenue by day. Amounts of two currencies never stand in one sum.
select
    to_date(order_created_at) as order_day,
    currency,
    count(distinct order_id) as orders,
    sum(quantity) as units,
    sum(amount_minor) as revenue_minor,
    sum(amount) as revenue
from marts.fct_orders
group by to_date(order_created_at), currency
order by order_day, currency;
