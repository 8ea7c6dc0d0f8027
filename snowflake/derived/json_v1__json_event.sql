-- Derived from proto/json/v1/json_event.proto by `./millrace contract derive`: do not edit.
-- What the migrations lead to, as one text to read and to compare with; nothing runs it in an account.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set format = 'PARQUET' if event_format == 'parquet' else 'NDJSON_' ~ ndjson_codec | default('zstd') | upper %}
create table if not exists {{ database }}.RAW.JSON_V1__JSON_EVENT (
    payload variant with masking policy {{ database }}.RAW.MASK_VARIANT with tag ({{ database }}.RAW.PII = 'DROP, ENCRYPT, HASH', {{ database }}.RAW.ACCESS = 'RESTRICTED') comment 'The JSON object, its personal paths treated. Masked for reporting roles: nobody has looked at all that is in it.',
    stated_type varchar comment 'The type as the publisher states it, such as `shipping.parcel.delivered`; empty when it states none.',
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
    comment = 'json.v1.JsonEvent: JSON of a source that cannot promise its shape. Its identity is the message-id or ce-id, unique within the source; its time is ce-time. What several readers need deserves a contract of its own, with fields.';

create pipe if not exists {{ database }}.RAW.JSON_V1__JSON_EVENT__SHIPPING_PIPE
    auto_ingest = TRUE
    aws_sns_topic = '{{ topic_arn }}'
    comment = 'json.v1.JsonEvent'
    as copy into {{ database }}.RAW.JSON_V1__JSON_EVENT
    from '@{{ database }}.RAW.EVENTS/format={{ event_format }}/source=shipping/type=json.v1.JsonEvent/'
    file_format = (format_name = '{{ database }}.RAW.{{ format }}')
    match_by_column_name = CASE_INSENSITIVE
    include_metadata = (
        _file = METADATA$FILENAME,
        _file_row = METADATA$FILE_ROW_NUMBER,
        _loaded_at = METADATA$START_SCAN_TIME
    )
    on_error = SKIP_FILE;
