with

loads as (

    select
        to_date(loaded_at) as usage_day,
        pipe_name,
        min(table_name) as table_name,
        count_if(status = 'Loaded') as file_count,
        count_if(status = 'Load failed') as refused_file_count,
        sum(row_count) as row_count,
        sum(iff(status = 'Loaded', stored_bytes, 0)) as stored_bytes,
        booland_agg(is_parquet) as is_parquet
    from {{ ref('stg_usage__load') }}
    where loaded_at is not null
    group by to_date(loaded_at), pipe_name

),

pipes as (

    select
        to_date(started_at) as usage_day,
        pipe_name,
        sum(billed_bytes) as billed_bytes,
        sum(credits) as credits
    from {{ ref('stg_usage__pipe') }}
    group by to_date(started_at), pipe_name

)

select
    loads.usage_day,
    loads.pipe_name,
    lower(loads.table_name) as table_name,
    iff(
        regexp_like(lower(loads.table_name), '.*_v[0-9]+__.*'),
        regexp_replace(lower(loads.table_name), '_v[0-9]+__.*', ''),
        'failed events'
    ) as source,
    cast(loads.file_count as number(19, 0)) as file_count,
    cast(loads.refused_file_count as number(19, 0)) as refused_file_count,
    cast(loads.row_count as number(19, 0)) as row_count,
    cast(loads.stored_bytes as number(19, 0)) as stored_bytes,
    -- text is billed uncompressed, and only the account knows how large that is
    cast(coalesce(pipes.billed_bytes, iff(loads.is_parquet, loads.stored_bytes, null)) as number(19, 0)) as billed_bytes,
    cast(
        coalesce(pipes.billed_bytes, iff(loads.is_parquet, loads.stored_bytes, null))
        * cast(0.000000001 as numeric(10, 9)) * cast({{ var('credits_per_loaded_gigabyte') }} as numeric(18, 9))
        as numeric(18, 9)
    ) as price_credits,
    cast(pipes.credits as numeric(18, 9)) as credits
from loads
left join pipes
    on
        loads.usage_day = pipes.usage_day
        and loads.pipe_name = pipes.pipe_name
