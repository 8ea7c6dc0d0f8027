{#- Derived from proto/manufacturing/v1/manufacturing_batch.proto by `./millrace contract derive`: do not edit. -#}
{{ stage_event(
    source_name='manufacturing',
    type='manufacturing.v1.ManufacturingBatch',
    table='manufacturing_v1__manufacturing_batch',
    fields=[
        {'name': 'manufacturing_batch_id', 'cast': 'varchar'},
        {'name': 'card_id', 'cast': 'varchar'},
        {'name': 'planned_quantity', 'cast': 'number(10, 0)'},
        {'name': 'produced_quantity', 'cast': 'number(10, 0)'},
        {'name': 'scrapped_quantity', 'cast': 'number(10, 0)'},
        {'name': 'started_at', 'cast': 'timestamp_ntz(6)'},
        {'name': 'completed_at', 'cast': 'timestamp_ntz(6)'},
        {'name': 'plant', 'cast': 'varchar'},
        {'name': 'defects', 'cast': 'variant'},
        {'name': 'reported_scrap_rate', 'path': 'scrap_rate', 'cast': 'float'},
    ],
) }}
