-- Every option of a format is spelled out: defaults have misread Parquet timestamps, and a later default must not change a load.
{% set database = 'MILLRACE_' ~ environment | upper %}
create file format if not exists {{ database }}.RAW.PARQUET
    type = PARQUET
    compression = AUTO
    -- Without logical types a timestamp in microseconds is taken for seconds.
    use_logical_type = TRUE
    -- Bytes without the UTF8 type stay bytes.
    binary_as_text = FALSE
    use_vectorized_scanner = TRUE
    trim_space = FALSE
    replace_invalid_characters = FALSE
    -- The text 'NULL' or '\N' is a value like any other.
    null_if = ()
    comment = 'Event files: one row per event, timestamps in UTC microseconds';

{% for codec, compression in [('ZSTD', 'ZSTD'), ('GZIP', 'GZIP')] %}
create file format if not exists {{ database }}.RAW.NDJSON_{{ codec }}
    type = JSON
    compression = {{ compression }}
    date_format = AUTO
    time_format = AUTO
    timestamp_format = AUTO
    -- proto3 JSON writes bytes in base64.
    binary_format = BASE64
    trim_space = FALSE
    multi_line = FALSE
    null_if = ()
    file_extension = NONE
    enable_octal = FALSE
    allow_duplicate = FALSE
    -- One object per line; an array around all of them would be one row of at most 16 MB.
    strip_outer_array = FALSE
    -- Null and absent differ inside a VARIANT.
    strip_null_values = FALSE
    replace_invalid_characters = FALSE
    ignore_utf8_errors = FALSE
    skip_byte_order_mark = TRUE
    comment = 'Rows as JSON lines, {{ compression | lower }}';
{% endfor %}
