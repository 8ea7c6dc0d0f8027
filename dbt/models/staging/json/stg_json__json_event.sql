{#- Derived from proto/json/v1/json_event.proto by `./millrace contract derive`: do not edit. -#}
{{ stage_event(
    type='json.v1.JsonEvent',
    table='json_v1__json_event',
    fields=[
        {'name': 'payload', 'cast': 'variant', 'free_json': true},
        {'name': 'stated_type', 'cast': 'varchar'},
    ],
) }}
