with

order_events as (

    select * from {{ ref('int_orders__order_created_deduplicated') }}

),

orders as (

    select *
    from order_events
    qualify row_number() over (partition by order_id order by {{ latest_event() }}) = 1

),

lines as (

    select
        orders.order_id,
        line.index + 1 as line_position,
        {{ list_item('line') }} as line
    from orders,
        lateral flatten(input => {{ list_to_flatten('orders.lines') }}) as line

),

typed_lines as (

    select
        order_id,
        line_position,
        try_cast(line:line_number::varchar as number(10, 0)) as line_number,
        {{ known_card_id('line:card_id::varchar') }} as card_id,
        try_cast(line:quantity::varchar as number(10, 0)) as quantity,
        try_cast(line:unit_price_minor::varchar as number(19, 0)) as unit_price_minor
    from lines

)

select
    orders.order_id || '|' || typed_lines.line_position as order_line_id,
    orders.order_id,
    typed_lines.line_position,
    typed_lines.line_number,
    typed_lines.card_id,
    typed_lines.quantity,
    typed_lines.unit_price_minor,
    {{ minor_to_amount('typed_lines.unit_price_minor', 'orders.currency') }} as unit_price,
    typed_lines.quantity * typed_lines.unit_price_minor as amount_minor,
    {{ minor_to_amount('typed_lines.quantity * typed_lines.unit_price_minor', 'orders.currency') }} as amount,
    orders.currency,
    orders.channel,
    orders.customer_id,
    orders.customer_country_code,
    orders.promotion_code,
    orders.total_amount_minor as order_total_amount_minor,
    {{ minor_to_amount('orders.total_amount_minor', 'orders.currency') }} as order_total_amount,
    orders.created_at as order_created_at,
    orders.event_id,
    orders.batch_id
from typed_lines
inner join orders on typed_lines.order_id = orders.order_id
