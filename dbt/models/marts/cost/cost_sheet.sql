with

work as (

    select
        usage_day,
        source,
        iff(is_test, 'TEST', 'MODEL') as category,
        elapsed_seconds,
        cast(null as number(19, 0)) as stored_bytes,
        cast(null as numeric(18, 9)) as price_credits,
        credits
    from {{ ref('fct_model_cost') }}
    union all
    select
        usage_day,
        source,
        'LOAD' as category,
        cast(null as numeric(18, 3)) as elapsed_seconds,
        stored_bytes,
        price_credits,
        credits
    from {{ ref('fct_load_cost') }}

),

summed as (

    select
        usage_day,
        source,
        category,
        sum(elapsed_seconds) as elapsed_seconds,
        sum(stored_bytes) as stored_bytes,
        sum(price_credits) as price_credits,
        sum(credits) as credits
    from work
    group by usage_day, source, category

)

select
    usage_day,
    source,
    category,
    cast(elapsed_seconds as numeric(18, 3)) as elapsed_seconds,
    cast(
        iff(
            category = 'LOAD',
            null,
            elapsed_seconds / nullif(sum(elapsed_seconds) over (partition by usage_day, iff(category = 'LOAD', 1, 0)), 0)
        ) as numeric(18, 6)
    ) as share_of_day,
    cast(stored_bytes as number(19, 0)) as stored_bytes,
    cast(price_credits as numeric(18, 9)) as price_credits,
    cast(credits as numeric(18, 9)) as credits
from summed
