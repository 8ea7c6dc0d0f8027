{#- Derived from proto/commerce/v1/order_placed.proto by `./millrace contract derive`: do not edit. -#}
{{ stage_event(
    source_name='commerce',
    type='commerce.v1.OrderPlaced',
    table='commerce_v1__order_placed',
    fields=[
        {'name': 'order_id', 'cast': 'varchar'},
        {'name': 'placed_at', 'cast': 'timestamp_ntz(6)'},
        {'name': 'customer_id', 'cast': 'varchar'},
        {'name': 'status', 'cast': 'varchar'},
        {'name': 'items', 'cast': 'variant'},
        {'name': 'total_minor', 'cast': 'number(19, 0)'},
        {'name': 'currency', 'cast': 'varchar'},
        {'name': 'ship_to_recipient', 'path': 'ship_to.recipient', 'cast': 'varchar'},
        {'name': 'ship_to_street', 'path': 'ship_to.street', 'cast': 'varchar'},
        {'name': 'ship_to_postal_code', 'path': 'ship_to.postal_code', 'cast': 'varchar'},
        {'name': 'ship_to_city', 'path': 'ship_to.city', 'cast': 'varchar'},
        {'name': 'ship_to_country_code', 'path': 'ship_to.country_code', 'cast': 'varchar'},
    ],
) }}
