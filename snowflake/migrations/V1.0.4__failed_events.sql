{% set database = 'MILLRACE_' ~ environment | upper %}
create table if not exists {{ database }}.RAW.FAILED_EVENTS (
    _event_id varchar,
    _id_origin varchar,
    _source varchar,
    _type varchar,
    _batch_id varchar,
    _batch_row number(10, 0),
    _received_at timestamp_ntz(6),
    class varchar not null,
    reason varchar,
    quarantine_key varchar,
    quarantine_row number(10, 0),
    _file varchar not null,
    _file_row number(19, 0),
    _loaded_at timestamp_ntz(6)
)
    comment = 'Events that could not become rows: class, reason and where their bytes lie';

create pipe if not exists {{ database }}.RAW.FAILED_EVENTS_PIPE
    auto_ingest = TRUE
    aws_sns_topic = '{{ topic_arn }}'
    comment = 'failed/'
    as copy into {{ database }}.RAW.FAILED_EVENTS
    from '@{{ database }}.RAW.FAILED/'
    file_format = (format_name = '{{ database }}.RAW.NDJSON_GZIP')
    match_by_column_name = CASE_INSENSITIVE
    include_metadata = (
        _file = METADATA$FILENAME,
        _file_row = METADATA$FILE_ROW_NUMBER,
        _loaded_at = METADATA$START_SCAN_TIME
    )
    on_error = SKIP_FILE;
