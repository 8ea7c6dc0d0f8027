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
        as explanation,
    short_order_lines.short_order_lines,
    manufacturing_batches.manufacturing_batches
from oversold
inner join cards on oversold.card_id = cards.card_id
inner join short_order_lines on oversold.card_id = short_order_lines.card_id
left join manufacturing_batches on oversold.card_id = manufacturing_batches.card_id
