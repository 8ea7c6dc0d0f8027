-- manufacturing.v1.ManufacturingBatch: the table first, then its pipe, so that no notified file meets a pipe without a table.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set format = 'PARQUET' if event_format == 'parquet' else 'NDJSON_' ~ ndjson_codec | default('zstd') | upper %}
create table if not exists {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH (
    event_id varchar,
    manufacturing_batch_id varchar,
    card_id varchar,
    planned_quantity number(10, 0),
    produced_quantity number(10, 0),
    scrapped_quantity number(10, 0),
    started_at timestamp_ntz(6),
    completed_at timestamp_ntz(6),
    plant varchar,
    defects variant,
    scrap_rate float,
    _event_id varchar not null,
    _id_origin varchar not null,
    _source varchar not null,
    _type varchar not null,
    _occurred_at timestamp_ntz(6),
    _published_at timestamp_ntz(6),
    _received_at timestamp_ntz(6),
    _schema_version varchar,
    _payload_hash varchar,
    _batch_id varchar not null,
    _batch_row number(10, 0) not null,
    _unknown_fields varchar,
    _file varchar not null,
    _file_row number(19, 0),
    _loaded_at timestamp_ntz(6)
)
    comment = 'manufacturing.v1.ManufacturingBatch';

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
