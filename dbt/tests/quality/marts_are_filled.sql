{{ config(severity='warn', tags=['quality'], store_failures=true) }}

-- A mart without rows is never silent: each is named, with how many rows there are of what it is made of.
{%- set filled_from = [
    ('dim_card', 'int_cards__card_versions'),
    ('fct_orders', 'int_orders__order_created_deduplicated'),
    ('fct_batch_performance', 'int_manufacturing__manufacturing_batch_deduplicated'),
] %}
with

counted as (

    {% for mart, input in filled_from %}
        select
            '{{ mart }}' as mart,
            '{{ input }}' as input,
            (
                select count(*)
                from {{ ref(mart) }}
                where event_id is not null
            ) as mart_rows,
            (select count(*) from {{ ref(input) }}) as input_rows
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    mart,
    'marts.' || mart || ' has no rows'
    || iff(
        input_rows = 0,
        ': intermediate.' || input || ' has none either',
        ', and intermediate.' || input || ' has ' || input_rows
    ) as finding
from counted
where mart_rows = 0
