with

files as (

    select
        file_name,
        iff(min(source) = max(source), min(source), null) as source,
        iff(min(type) = max(type), min(type), null) as type,
        boolor_agg(is_failed) as is_failed,
        -- <file id>.r<rows>.parquet
        try_to_number(substr(split_part(split_part(file_name, '/', -1), '.', 2), 2)) as promised_row_count,
        sum(loaded_row_count) as loaded_row_count,
        sum(different_row_count) as different_row_count,
        max(last_received_at) as last_received_at,
        min(first_loaded_at) as first_loaded_at,
        max(loaded_at) as last_loaded_at
    from {{ ref('int_delivery__file_hours') }}
    group by file_name

)

select
    file_name,
    source,
    type,
    is_failed,
    cast(promised_row_count as number(19, 0)) as promised_row_count,
    cast(loaded_row_count as number(19, 0)) as loaded_row_count,
    cast(different_row_count as number(19, 0)) as different_row_count,
    cast(promised_row_count - different_row_count as number(19, 0)) as missing_row_count,
    case
        when promised_row_count is null then 'UNSTATED'
        when different_row_count < promised_row_count then 'PARTIAL'
        when loaded_row_count > promised_row_count then 'DOUBLED'
        else 'COMPLETE'
    end as delivery_state,
    last_received_at,
    first_loaded_at,
    last_loaded_at
from files
