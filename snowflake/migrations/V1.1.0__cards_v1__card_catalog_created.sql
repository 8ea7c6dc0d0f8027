-- cards.v1.CardCatalogCreated: the table first, then its pipe, so that no notified file meets a pipe without a table.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set format = 'PARQUET' if event_format == 'parquet' else 'NDJSON_' ~ ndjson_codec | default('zstd') | upper %}
create table if not exists {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED (
    event_id varchar,
    card_id varchar,
    created_at timestamp_ntz(6),
    name varchar,
    edition varchar,
    rarity varchar,
    list_price_minor number(19, 0),
    currency varchar,
    attributes variant,
    artist varchar,
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
    comment = 'cards.v1.CardCatalogCreated';

create pipe if not exists {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED_PIPE
    auto_ingest = TRUE
    aws_sns_topic = '{{ topic_arn }}'
    comment = 'cards.v1.CardCatalogCreated'
    as copy into {{ database }}.RAW.CARDS_V1__CARD_CATALOG_CREATED
    from '@{{ database }}.RAW.EVENTS/format={{ event_format }}/source=cards/type=cards.v1.CardCatalogCreated/'
    file_format = (format_name = '{{ database }}.RAW.{{ format }}')
    match_by_column_name = CASE_INSENSITIVE
    include_metadata = (
        _file = METADATA$FILENAME,
        _file_row = METADATA$FILE_ROW_NUMBER,
        _loaded_at = METADATA$START_SCAN_TIME
    )
    on_error = SKIP_FILE;
