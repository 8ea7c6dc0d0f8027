with

order_events as (

    select * from {{ ref('int_orders__order_created_deduplicated') }}

),

-- ranked by the narrow columns alone: the lines of all orders would not fit into the memory of a sort
describing_events as (

    select
        event_id,
        event_day
    from order_events
    where nullif(order_id, '') is not null
    qualify row_number() over (partition by order_id order by {{ latest_event() }}) = 1

),

orders as (

    select order_events.*
    from order_events
    inner join describing_events
        on
            order_events.event_id = describing_events.event_id
            and order_events.event_day = describing_events.event_day

),

lines as (

    select
        orders.*,
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
        try_cast(line:unit_price_minor::varchar as number(19, 0)) as unit_price_minor,
        currency,
        channel,
        customer_id,
        customer_country_code,
        promotion_code,
        total_amount_minor,
        created_at,
        event_id,
        batch_id
    from lines

)

select
    order_id || '|' || line_position as order_line_id,
    order_id,
    line_position,
    line_number,
    card_id,
    quantity,
    unit_price_minor,
    {{ minor_to_amount('unit_price_minor', 'currency') }} as unit_price,
    quantity * unit_price_minor as amount_minor,
    {{ minor_to_amount('quantity * unit_price_minor', 'currency') }} as amount,
    currency,
    channel,
    customer_id,
    customer_country_code,
    promotion_code,
    total_amount_minor as order_total_amount_minor,
    {{ minor_to_amount('total_amount_minor', 'currency') }} as order_total_amount,
    created_at as order_created_at,
    event_id,
    batch_id
from typed_lines
