{#- Derived from proto/commerce/v1/user_activity.proto by `./millrace contract derive`: do not edit. -#}
{{ stage_event(
    source_name='commerce',
    type='commerce.v1.UserActivity',
    table='commerce_v1__user_activity',
    fields=[
        {'name': 'user_id', 'cast': 'varchar'},
        {'name': 'occurred', 'cast': 'timestamp_ntz(6)'},
        {'name': 'activity_type', 'cast': 'varchar'},
        {'name': 'session_id', 'cast': 'varchar'},
        {'name': 'product_id', 'cast': 'varchar'},
        {'name': 'search_text', 'cast': 'varchar'},
        {'name': 'user_agent', 'cast': 'varchar'},
    ],
) }}
