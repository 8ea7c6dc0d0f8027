-- orders.v1.OrderCreated: written by `./millrace contract migrate`. Forward only: a correction is the next migration.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set format = 'PARQUET' if event_format == 'parquet' else 'NDJSON_' ~ ndjson_codec | default('zstd') | upper %}
alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column customer set tag {{ database }}.RAW.PII = 'ENCRYPT, HASH', {{ database }}.RAW.ACCESS = 'RESTRICTED';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column customer set masking policy {{ database }}.RAW.MASK_VARIANT force;

comment on table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED is 'orders.v1.OrderCreated: A customer placed an order.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column event_id comment 'Identity of this event, given by the producer. Required.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column order_id comment 'The order: its business key. Required.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column created_at comment 'When the order was placed.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column customer comment 'Who placed it.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column lines comment 'What was ordered; at least one line.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column currency comment 'ISO 4217 code of all amounts.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column channel comment 'Where the order was placed.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column total_amount_minor comment 'Sum of quantity times unit price over the lines, in minor units of `currency`.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column promotion_code comment 'Promotion the customer entered; absent when none.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _event_id comment 'The producer''s id of the event; identity is (source, type, event_id).';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _id_origin comment 'Where the id comes from (CONTRACT, CLOUDEVENTS_ID, MESSAGE_ID, COORDINATES, RECEIPT, CANONICAL_PAYLOAD).';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _source comment 'The producing system.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _type comment 'Full name of the protobuf message.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _occurred_at comment 'Event time, UTC.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _published_at comment 'When the broker took the message, UTC.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _received_at comment 'When the pipeline took the message, UTC.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _schema_version comment 'Version of the contract the producer used.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _payload_hash comment 'Keyed hash of the canonical payload, `<key id>:<hex>`.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _batch_id comment 'The batch that carried the event.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _batch_row comment 'Position in the batch.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _unknown_fields comment 'Place of the bytes the contract did not know, when there were any.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _file comment 'The loaded file.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _file_row comment 'Row in the file.';

alter table {{ database }}.RAW.ORDERS_V1__ORDER_CREATED modify column _loaded_at comment 'When the load of the row began, UTC.';
