{#- Derived from proto/cards/v1/card_catalog_deleted.proto by `./millrace contract derive`: do not edit. -#}
{{ stage_event(
    source_name='cards',
    type='cards.v1.CardCatalogDeleted',
    table='cards_v1__card_catalog_deleted',
    fields=[
        {'name': 'card_id', 'cast': 'varchar'},
        {'name': 'deleted_at', 'cast': 'timestamp_ntz(6)'},
        {'name': 'reason', 'cast': 'varchar'},
    ],
) }}
