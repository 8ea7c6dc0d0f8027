-- Derived from proto/manufacturing/v1/manufacturing_batch.proto by `./millrace contract derive`: do not edit.
-- What the migrations lead to, as one text to read and to compare with; nothing runs it in an account.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set format = 'PARQUET' if event_format == 'parquet' else 'NDJSON_' ~ ndjson_codec | default('zstd') | upper %}
create table if not exists {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH (
    event_id varchar comment 'Identity of this event, given by the producer. Required.',
    manufacturing_batch_id varchar comment 'The production batch: its business key. Required.',
    card_id varchar comment 'The card that was produced.',
    planned_quantity number(10, 0) comment 'Pieces that were planned.',
    produced_quantity number(10, 0) comment 'Pieces that were made, scrapped ones included.',
    scrapped_quantity number(10, 0) comment 'Pieces that were made and thrown away; at most `produced_quantity`.',
    started_at timestamp_ntz(6) comment 'When production began.',
    completed_at timestamp_ntz(6) comment 'When production ended.',
    plant varchar comment 'Plant that produced it.',
    defects variant comment 'Defects by kind; empty when none was found.',
    scrap_rate float comment 'Scrapped pieces over produced pieces, 0 to 1, as the plant computed it; absent when nothing was produced.',
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
    comment = 'manufacturing.v1.ManufacturingBatch: A production batch of one card was completed.';

create pipe if not exists {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH_PIPE
    auto_ingest = TRUE
    aws_sns_topic = '{{ topic_arn }}'
    comment = 'manufacturing.v1.ManufacturingBatch'
    as copy into {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH
    from '@{{ database }}.RAW.EVENTS/format={{ event_format }}/source=manufacturing/type=manufacturing.v1.ManufacturingBatch/'
    file_format = (format_name = '{{ database }}.RAW.{{ format }}')
    match_by_column_name = CASE_INSENSITIVE
    include_metadata = (
        _file = METADATA$FILENAME,
        _file_row = METADATA$FILE_ROW_NUMBER,
        _loaded_at = METADATA$START_SCAN_TIME
    )
    on_error = SKIP_FILE;
