{#- Derived from proto/orders/v1/order_created.proto by `./millrace contract derive`: do not edit. -#}
{{ stage_event(
    source_name='orders',
    type='orders.v1.OrderCreated',
    table='orders_v1__order_created',
    fields=[
        {'name': 'order_id', 'cast': 'varchar'},
        {'name': 'created_at', 'cast': 'timestamp_ntz(6)'},
        {'name': 'customer_id', 'path': 'customer.customer_id', 'cast': 'varchar'},
        {'name': 'customer_name', 'path': 'customer.name', 'cast': 'varchar'},
        {'name': 'customer_email', 'path': 'customer.email', 'cast': 'varchar'},
        {'name': 'customer_country_code', 'path': 'customer.country_code', 'cast': 'varchar'},
        {'name': 'lines', 'cast': 'variant'},
        {'name': 'currency', 'cast': 'varchar'},
        {'name': 'channel', 'cast': 'varchar'},
        {'name': 'total_amount_minor', 'cast': 'number(19, 0)'},
        {'name': 'promotion_code', 'cast': 'varchar'},
    ],
) }}
