{{ config(materialized='table') }}

with

movements as (

    select
        *,
        movement = 'SOLD' and sold_so_far > made_so_far as is_short
    from {{ ref('fct_card_supply') }}

),

cards as (

    select * from {{ ref('dim_card') }}
    where is_current

),

-- how far orders and production are known: what was made and is not loaded yet looks like a shortage
order_data as (

    select max(loaded_at) as loaded_until
    from {{ ref('int_orders__order_created_deduplicated') }}
    where not is_backfill

),

production_data as (

    select
        max(loaded_at) as loaded_until,
        max(occurred_at) as known_until
    from {{ ref('int_manufacturing__manufacturing_batch_deduplicated') }}

),

data_age as (

    select
        order_data.loaded_until as orders_loaded_until,
        production_data.loaded_until as production_loaded_until,
        production_data.known_until as production_known_until,
        coalesce(
            production_data.loaded_until
            < dateadd(minute, -{{ var('production_late_minutes') }}, order_data.loaded_until),
            true
        ) as is_production_late
    from order_data
    cross join production_data

),

oversold as (

    select
        card_id,
        cast(sum(iff(movement = 'SOLD', quantity, 0)) as number(38, 0)) as sold_quantity,
        cast(sum(iff(movement = 'MADE', quantity, 0)) as number(38, 0)) as good_quantity,
        max(iff(is_short, sold_so_far - made_so_far, 0)) as largest_shortage,
        min(iff(is_short, moved_at, null)) as first_breach_at,
        count_if(is_short) as short_order_line_count,
        count_if(movement = 'MADE') as manufacturing_batch_count
    from movements
    group by card_id
    having max(iff(is_short, 1, 0)) = 1

),

-- the story of each card: the sales that had no units, first ones first, and the batches that made what there was
shown as (

    select
        movements.*,
        row_number() over (
            partition by movements.card_id, movements.movement
            order by movements.moved_at asc nulls last, movements.movement_id asc
        ) as place
    from movements
    inner join oversold on movements.card_id = oversold.card_id
    where movements.is_short or movements.movement = 'MADE'

),

short_order_lines as (

    select
        card_id,
        min(iff(place = 1, document_id, null)) as first_breach_order_id,
        array_agg(
            object_construct(
                'order_line_id', movement_id,
                'order_created_at', to_varchar(moved_at, 'YYYY-MM-DD HH24:MI:SS'),
                'quantity', quantity,
                'sold_so_far', sold_so_far,
                'made_so_far', made_so_far
            )
        ) within group (order by place) as short_order_lines
    from shown
    where
        movement = 'SOLD'
        and place <= 20
    group by card_id

),

manufacturing_batches as (

    select
        card_id,
        array_agg(
            object_construct(
                'manufacturing_batch_id', movement_id,
                'completed_at', to_varchar(moved_at, 'YYYY-MM-DD HH24:MI:SS'),
                'good_quantity', quantity,
                'made_so_far', made_so_far
            )
        ) within group (order by place) as manufacturing_batches
    from shown
    where
        movement = 'MADE'
        and place <= 20
    group by card_id

)

select
    oversold.card_id,
    iff(
        data_age.is_production_late
        or coalesce(dateadd(minute, {{ var('oversold_grace_minutes') }}, oversold.first_breach_at) > {{ judged_at() }}, false),
        'WARN',
        'ERROR'
    ) as severity,
    cards.card_name,
    cards.edition,
    not cards.is_inferred as is_catalogued,
    oversold.sold_quantity,
    oversold.good_quantity,
    greatest(oversold.sold_quantity - oversold.good_quantity, 0) as shortage,
    oversold.largest_shortage,
    oversold.first_breach_at,
    short_order_lines.first_breach_order_id,
    oversold.short_order_line_count,
    oversold.manufacturing_batch_count,
    'Card ' || oversold.card_id || coalesce(' (' || cards.card_name || ')', '')
    || ': ' || oversold.sold_quantity || ' sold, ' || oversold.good_quantity || ' good units from '
    || oversold.manufacturing_batch_count || ' manufacturing batches. Short since '
    || coalesce(to_varchar(oversold.first_breach_at, 'YYYY-MM-DD HH24:MI:SS'), 'an unknown time')
    || ' UTC, order ' || short_order_lines.first_breach_order_id || '; at worst '
    || oversold.largest_shortage || ' units short over ' || oversold.short_order_line_count || ' order lines.'
    || iff(
        data_age.is_production_late,
        ' Production data are late: loaded until '
        || coalesce(to_varchar(data_age.production_loaded_until, 'YYYY-MM-DD HH24:MI:SS'), 'never')
        || ', orders until ' || coalesce(to_varchar(data_age.orders_loaded_until, 'YYYY-MM-DD HH24:MI:SS'), 'never') || '.',
        ''
    ) as explanation,
    dateadd(minute, {{ var('oversold_grace_minutes') }}, oversold.first_breach_at)::timestamp_ntz(6) as grace_until,
    data_age.is_production_late,
    data_age.production_known_until,
    data_age.production_loaded_until,
    data_age.orders_loaded_until,
    short_order_lines.short_order_lines,
    manufacturing_batches.manufacturing_batches
from oversold
cross join data_age
inner join cards on oversold.card_id = cards.card_id
inner join short_order_lines on oversold.card_id = short_order_lines.card_id
left join manufacturing_batches on oversold.card_id = manufacturing_batches.card_id
