select
    to_date(started_at) as usage_day,
    model_name,
    node_kind = 'test' as is_test,
    min(source) as source,
    cast(count(distinct run_id) as number(19, 0)) as run_count,
    cast(count(*) as number(19, 0)) as statement_count,
    cast(sum(elapsed_milliseconds) * cast(0.001 as numeric(4, 3)) as numeric(18, 3)) as elapsed_seconds,
    cast(sum(credits) as numeric(18, 9)) as credits
from {{ ref('stg_usage__statement') }}
group by to_date(started_at), model_name, node_kind = 'test'
