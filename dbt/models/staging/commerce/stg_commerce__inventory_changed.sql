{#- Derived from proto/commerce/v1/inventory_changed.proto by `./millrace contract derive`: do not edit. -#}
{{ stage_event(
    source_name='commerce',
    type='commerce.v1.InventoryChanged',
    table='commerce_v1__inventory_changed',
    fields=[
        {'name': 'product_id', 'cast': 'varchar'},
        {'name': 'warehouse_id', 'cast': 'varchar'},
        {'name': 'changed_at', 'cast': 'timestamp_ntz(6)'},
        {'name': 'quantity_delta', 'cast': 'number(10, 0)'},
        {'name': 'quantity_on_hand', 'cast': 'number(10, 0)'},
        {'name': 'reason', 'cast': 'varchar'},
        {'name': 'document_id', 'cast': 'varchar'},
    ],
) }}
