-- Derived from proto/orders/v1/order_created.proto by `./millrace contract derive`: do not edit.
-- What the migrations lead to, as one text to read and to compare with; nothing runs it in an account.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set format = 'PARQUET' if event_format == 'parquet' else 'NDJSON_' ~ ndjson_codec | default('zstd') | upper %}
create table if not exists {{ database }}.RAW.ORDERS_V1__ORDER_CREATED (
    event_id varchar comment 'Identity of this event, given by the producer. Required.',
    order_id varchar comment 'The order: its business key. Required.',
    created_at timestamp_ntz(6) comment 'When the order was placed.',
    customer variant with masking policy {{ database }}.RAW.MASK_VARIANT with tag ({{ database }}.RAW.PII = 'ENCRYPT, HASH', {{ database }}.RAW.ACCESS = 'RESTRICTED') comment 'Who placed it.',
    lines variant comment 'What was ordered; at least one line.',
    currency varchar comment 'ISO 4217 code of all amounts.',
    channel varchar comment 'Where the order was placed.',
    total_amount_minor number(19, 0) comment 'Sum of quantity times unit price over the lines, in minor units of `currency`.',
    promotion_code varchar comment 'Promotion the customer entered; absent when none.',
    _event_id varchar not null comment 'The producer''s id of the event; identity is (source, type, event_id).',
    _id_origin varchar not null comment 'Where the id comes from (CONTRACT, CLOUDEVENTS_ID, MESSAGE_ID, COORDINATES, RECEIPT, CANONICAL_PAYLOAD).',
    _source varchar not null comment 'The producing system.',
    _type varchar not null comment 'Full name of the protobuf message.',
    _occurred_at timestamp_ntz(6) comment 'Event time, UTC.',
    _published_at timestamp_ntz(6) comment 'When the broker took the message, UTC.',
    _received_at timestamp_ntz(6) comment 'When the pipeline took the message, UTC.',
    _schema_version varchar comment 'Version of the contract the producer used.',
    _payload_hash varchar comment 'Keyed hash of the canonical payload, `<key id>:<hex>`.',
    _batch_id varchar not null comment 'The batch that carried the event.',
    _batch_row number(10, 0) not null comment 'Position in the batch.',
    _unknown_fields varchar comment 'Place of the bytes the contract did not know, when there were any.',
    _traceparent varchar comment 'The producer''s W3C trace context, `00-<trace id>-<span id>-<flags>`, where it sent one.',
    _file varchar not null comment 'The loaded file.',
    _file_row number(19, 0) comment 'Row in the file.',
    _loaded_at timestamp_ntz(6) comment 'When the load of the row began, UTC.'
)
    comment = 'orders.v1.OrderCreated: A customer placed an order.';

create pipe if not exists {{ database }}.RAW.ORDERS_V1__ORDER_CREATED_PIPE
    auto_ingest = TRUE
    aws_sns_topic = '{{ topic_arn }}'
    comment = 'orders.v1.OrderCreated'
    as copy into {{ database }}.RAW.ORDERS_V1__ORDER_CREATED
    from '@{{ database }}.RAW.EVENTS/format={{ event_format }}/source=orders/type=orders.v1.OrderCreated/'
    file_format = (format_name = '{{ database }}.RAW.{{ format }}')
    match_by_column_name = CASE_INSENSITIVE
    include_metadata = (
        _file = METADATA$FILENAME,
        _file_row = METADATA$FILE_ROW_NUMBER,
        _loaded_at = METADATA$START_SCAN_TIME
    )
    on_error = SKIP_FILE;
