{{ config(materialized='view') }}

with

keys as (

    select
        'card' as entity,
        'cards' as source,
        card_id as source_key,
        valid_from as seen_at
    from {{ ref('int_cards__card_versions') }}

    union all

    select
        'card' as entity,
        'orders' as source,
        card_id as source_key,
        order_created_at as seen_at
    from {{ ref('fct_orders') }}
    where card_id <> '(unknown)'

    union all

    select
        'card' as entity,
        'manufacturing' as source,
        card_id as source_key,
        completed_at as seen_at
    from {{ ref('fct_batch_performance') }}
    where card_id <> '(unknown)'

    union all

    -- a product of the shop may be a card
    select
        'card' as entity,
        'commerce' as source,
        product_id as source_key,
        changed_at as seen_at
    from {{ ref('int_commerce__inventory_changed_deduplicated') }}

    union all

    select
        'order' as entity,
        source,
        order_id as source_key,
        created_at as seen_at
    from {{ ref('int_orders__order_created_deduplicated') }}

    union all

    select
        'order' as entity,
        source,
        order_id as source_key,
        placed_at as seen_at
    from {{ ref('int_commerce__order_placed_deduplicated') }}

    union all

    -- carriers name the order that they move, where they do, in the payload
    select
        'order' as entity,
        source,
        payload:order_id::varchar as source_key,
        occurred_at as seen_at
    from {{ ref('int_json__json_event_deduplicated') }}

    union all

    select
        'customer' as entity,
        source,
        customer_id as source_key,
        created_at as seen_at
    from {{ ref('int_orders__order_created_deduplicated') }}

    union all

    select
        'customer' as entity,
        source,
        customer_id as source_key,
        placed_at as seen_at
    from {{ ref('int_commerce__order_placed_deduplicated') }}

    union all

    select
        'customer' as entity,
        source,
        user_id as source_key,
        occurred as seen_at
    from {{ ref('int_commerce__user_activity_deduplicated') }}

),

linked as (

    select
        entity,
        source,
        source_key,
        count(*) as mentions,
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at
    from keys
    where nullif(source_key, '') is not null
    group by entity, source, source_key

)

select
    entity,
    source,
    source_key,
    mentions,
    first_seen_at,
    last_seen_at,
    count(*) over (partition by entity, source_key) as sources_of_key
from linked
