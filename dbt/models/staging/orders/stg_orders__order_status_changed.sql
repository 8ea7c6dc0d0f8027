{#- Derived from proto/orders/v1/order_status_changed.proto by `./millrace contract derive`: do not edit. -#}
{{ stage_event(
    source_name='orders',
    type='orders.v1.OrderStatusChanged',
    table='orders_v1__order_status_changed',
    fields=[
        {'name': 'order_id', 'cast': 'varchar'},
        {'name': 'changed_at', 'cast': 'timestamp_ntz(6)'},
        {'name': 'status', 'cast': 'varchar'},
        {'name': 'previous_status', 'cast': 'varchar'},
        {'name': 'customer_id', 'cast': 'varchar'},
    ],
) }}
