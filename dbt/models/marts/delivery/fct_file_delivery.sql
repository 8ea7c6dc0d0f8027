with

files as (

    select
        file_name,
        iff(min(source) = max(source), min(source), null) as source,
        iff(min(type) = max(type), min(type), null) as type,
        boolor_agg(is_failed) as is_failed,
        sum(loaded_row_count) as loaded_row_count,
        sum(different_row_count) as different_row_count,
        max(last_received_at) as last_received_at,
        min(first_loaded_at) as first_loaded_at,
        max(loaded_at) as last_loaded_at
    from {{ ref('int_delivery__file_hours') }}
    group by file_name

),

-- what the pipes say of their files; an account names them below the stage
loads as (

    select
        regexp_replace(file_name, '^(events|failed)/', '') as path_below_stage,
        iff(table_name = 'FAILED_EVENTS', 'failed/', 'events/') as stage_folder
    from {{ ref('stg_usage__load') }}
    group by regexp_replace(file_name, '^(events|failed)/', ''), iff(table_name = 'FAILED_EVENTS', 'failed/', 'events/')
    having count_if(status in ('Loaded', 'Load in progress')) = 0

),

refused as (

    select
        loads.stage_folder || loads.path_below_stage as file_name,
        nullif(split_part(split_part(loads.path_below_stage, '/source=', 2), '/', 1), '') as source,
        nullif(split_part(split_part(loads.path_below_stage, '/type=', 2), '/', 1), '') as type,
        loads.stage_folder = 'failed/' as is_failed
    from loads
    left join files on loads.stage_folder || loads.path_below_stage = files.file_name
    where files.file_name is null

),

known as (

    select
        *,
        false as is_refused
    from files
    union all
    select
        file_name,
        source,
        type,
        is_failed,
        0 as loaded_row_count,
        0 as different_row_count,
        cast(null as timestamp_ntz(6)) as last_received_at,
        cast(null as timestamp_ntz(6)) as first_loaded_at,
        cast(null as timestamp_ntz(6)) as last_loaded_at,
        true as is_refused
    from refused

),

promised as (

    select
        *,
        -- <file id>.r<rows>.parquet
        try_to_number(substr(split_part(split_part(file_name, '/', -1), '.', 2), 2)) as promised_row_count
    from known

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
        when is_refused then 'REFUSED'
        when promised_row_count is null then 'UNSTATED'
        when different_row_count < promised_row_count then 'PARTIAL'
        when loaded_row_count > promised_row_count then 'DOUBLED'
        else 'COMPLETE'
    end as delivery_state,
    last_received_at,
    first_loaded_at,
    last_loaded_at
from promised
