{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key=['movement', 'movement_id'],
    meta={'replaced_by': ['card_id', 'moved_on']},
    on_schema_change='append_new_columns',
    post_hook="{{ note_increment(['int_supply__document_events']) }}",
) }}
{%- set movements = 'int_supply__movements' %}
{%- set events = 'int_supply__document_events' %}
{%- set told_columns = 'card_id, moved_at, moved_on, movement, document_id, movement_id, quantity, type, event_id, event_day' %}

-- depends_on: {{ ref(events) }}
with

{% if is_incremental() %}
    {{ touched_by([events], 'document_id', named='touched_documents') }},

    told as (

        {{ of_touched(ref(movements), 'document_id', columns=told_columns, named='touched_documents') }}

    ),

    told_before as (

        {{ of_touched(this, 'document_id', columns=told_columns, named='touched_documents') }}

    ),

    -- most events of a document leave its movements as they are: they were read before, or tell that it was paid
    new_or_changed as (

        select * from told
        except
        select * from told_before

    ),

    gone_or_changed as (

        select * from told_before
        except
        select * from told

    ),

    -- from then on running totals are others
    changed_cards as (

        select
            card_id,
            min(moved_on) as changed_from
        from (
            select
                card_id,
                moved_on
            from new_or_changed
            union all
            select
                card_id,
                moved_on
            from gone_or_changed
        ) as changes
        group by card_id

    ),

    touched as (

        select
            movements.card_id,
            movements.moved_on
        from {{ ref(movements) }} as movements
        inner join changed_cards
            on
                movements.card_id = changed_cards.card_id
                and movements.moved_on >= changed_cards.changed_from
        union distinct
        select
            present.card_id,
            present.moved_on
        from {{ this }} as present
        inner join changed_cards
            on
                present.card_id = changed_cards.card_id
                and present.moved_on >= changed_cards.changed_from

    ),

    totals_before as (

        select
            present.card_id,
            sum(iff(present.movement = 'MADE', coalesce(present.quantity, 0), 0)) as made,
            sum(iff(present.movement = 'SOLD', coalesce(present.quantity, 0), 0)) as sold
        from {{ this }} as present
        inner join changed_cards
            on
                present.card_id = changed_cards.card_id
                and present.moved_on < changed_cards.changed_from
        group by present.card_id

    ),
{% endif %}

movements as (

    {{ of_touched(ref(movements), ['card_id', 'moved_on']) }}

),

summed as (

    -- units made at the very moment of a sale count as there; a quantity that nobody knows counts as none
    select
        *,
        sum(iff(movement = 'MADE', coalesce(quantity, 0), 0)) over (
            partition by card_id
            order by moved_at asc nulls last, movement asc, movement_id asc
            rows between unbounded preceding and current row
        ) as made,
        sum(iff(movement = 'SOLD', coalesce(quantity, 0), 0)) over (
            partition by card_id
            order by moved_at asc nulls last, movement asc, movement_id asc
            rows between unbounded preceding and current row
        ) as sold
    from movements

),

final as (

    select
        summed.card_id,
        summed.moved_at,
        summed.moved_on,
        summed.movement,
        summed.document_id,
        summed.movement_id,
        summed.quantity,
        cast(summed.made{{ ' + coalesce(totals_before.made, 0)' if is_incremental() }} as number(38, 0)) as made_so_far,
        cast(summed.sold{{ ' + coalesce(totals_before.sold, 0)' if is_incremental() }} as number(38, 0)) as sold_so_far,
        summed.type,
        summed.event_id,
        summed.event_day
    from summed
    {% if is_incremental() %}
        left join totals_before on summed.card_id = totals_before.card_id
    {% endif %}

)

{{ with_touched_keys(['card_id', 'moved_on']) }}
