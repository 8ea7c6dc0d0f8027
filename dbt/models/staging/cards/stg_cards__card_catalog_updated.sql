{#- Derived from proto/cards/v1/card_catalog_updated.proto by `./millrace contract derive`: do not edit. -#}
{{ stage_event(
    source_name='cards',
    type='cards.v1.CardCatalogUpdated',
    table='cards_v1__card_catalog_updated',
    fields=[
        {'name': 'card_id', 'cast': 'varchar'},
        {'name': 'updated_at', 'cast': 'timestamp_ntz(6)'},
        {'name': 'card_name', 'path': 'name', 'cast': 'varchar'},
        {'name': 'edition', 'cast': 'varchar'},
        {'name': 'rarity', 'cast': 'varchar'},
        {'name': 'list_price_minor', 'cast': 'number(19, 0)'},
        {'name': 'currency', 'cast': 'varchar'},
        {'name': 'attributes', 'cast': 'variant'},
        {'name': 'artist', 'cast': 'varchar'},
    ],
) }}
