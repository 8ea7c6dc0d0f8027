-- cards.v1.CardCatalogCreated: written by `./millrace contract migrate`. Forward only: a correction is the next migration.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set format = 'PARQUET' if event_format == 'parquet' else 'NDJSON_' ~ ndjson_codec | default('zstd') | upper %}
comment on table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED is 'cards.v1.CardCatalogCreated: A card was added to the catalogue.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column event_id comment 'Identity of this event, given by the producer. Required.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column card_id comment 'The card: its business key. Required.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column created_at comment 'When the card was added.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column name comment 'Name printed on the card.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column edition comment 'Edition the card belongs to, such as 2026-winter.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column rarity comment 'How often the card is printed.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column list_price_minor comment 'List price in minor units of `currency` (cents).';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column currency comment 'ISO 4217 code.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column attributes comment 'Free attributes of the card, such as colour or power.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column artist comment 'Who drew it; absent when unknown.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _event_id comment 'The producer''s id of the event; identity is (source, type, event_id).';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _id_origin comment 'Where the id comes from (CONTRACT, CLOUDEVENTS_ID, MESSAGE_ID, COORDINATES, RECEIPT, CANONICAL_PAYLOAD).';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _source comment 'The producing system.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _type comment 'Full name of the protobuf message.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _occurred_at comment 'Event time, UTC.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _published_at comment 'When the broker took the message, UTC.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _received_at comment 'When the pipeline took the message, UTC.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _schema_version comment 'Version of the contract the producer used.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _payload_hash comment 'Keyed hash of the canonical payload, `<key id>:<hex>`.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _batch_id comment 'The batch that carried the event.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _batch_row comment 'Position in the batch.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _unknown_fields comment 'Place of the bytes the contract did not know, when there were any.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _file comment 'The loaded file.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _file_row comment 'Row in the file.';

alter table {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED modify column _loaded_at comment 'When the load of the row began, UTC.';
