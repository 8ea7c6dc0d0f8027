{{ config(
    materialized='incremental',
    incremental_strategy='replace_periods',
    meta={'replaced_period': 'event_day'},
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'status'],
    post_hook="{{ note_increment(['int_commerce__order_placed_deduplicated']) }}",
) }}

with

events as (

    {{ of_touched_days('int_commerce__order_placed_deduplicated') }}

),

-- an order counts once a day, as its last event of the day says
orders as (

    select *
    from events
    qualify row_number() over (partition by event_day, order_id order by {{ latest_event() }}) = 1

)

select
    event_day,
    coalesce(status, '(unknown)') as status,
    coalesce(currency, '(unknown)') as currency,
    cast(count(*) as number(19, 0)) as order_count,
    cast(count(distinct customer_id) as number(19, 0)) as customer_count,
    cast(sum(total_minor) as number(38, 0)) as total_minor
from orders
group by event_day, coalesce(status, '(unknown)'), coalesce(currency, '(unknown)')
