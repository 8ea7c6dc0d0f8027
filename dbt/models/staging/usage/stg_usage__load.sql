select
    table_name,
    pipe_name,
    file_name,
    upper(split_part(file_name, '.', -1)) = 'PARQUET' as is_parquet,
    stored_bytes,
    row_count,
    status,
    first_error_message,
    loaded_at
from {{ source('usage', 'account_loads') }}
