{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key='customer_id',
    meta={'replaced_by': 'customer_id'},
    on_schema_change='append_new_columns',
    post_hook="{{ note_increment([
        'int_orders__order_created_deduplicated',
        'int_commerce__order_placed_deduplicated',
    ]) }}",
) }}
{%- set inputs = ['int_orders__order_created_deduplicated', 'int_commerce__order_placed_deduplicated'] %}

with

{% if is_incremental() %}
    {{ touched_by(inputs, 'customer_id') }},
{% endif %}

orders as (

    {{ of_touched(
        ref('int_orders__order_created_deduplicated'), 'customer_id',
        'customer_id, customer_name, customer_email, customer_country_code, occurred_at, received_at, batch_id, batch_row,'
        ~ ' type, event_id, event_day, loaded_at, is_backfill'
    ) }}

),

shop_orders as (

    {{ of_touched(
        ref('int_commerce__order_placed_deduplicated'), 'customer_id',
        'customer_id, ship_to_country_code, occurred_at, received_at, batch_id, batch_row,'
        ~ ' type, event_id, event_day, loaded_at, is_backfill'
    ) }}

),

mentions as (

    select
        *,
        true as is_described
    from orders
    union all
    -- where a parcel goes says nothing of who ordered it
    select
        customer_id,
        null as customer_name,
        null as customer_email,
        null as customer_country_code,
        occurred_at,
        received_at,
        batch_id,
        batch_row,
        type,
        event_id,
        event_day,
        loaded_at,
        is_backfill,
        false as is_described
    from shop_orders

),

customers as (

    select
        *,
        min(occurred_at) over (partition by customer_id) as first_ordered_at,
        max(occurred_at) over (partition by customer_id) as last_ordered_at
    from mentions
    where nullif(customer_id, '') is not null
    qualify
        row_number() over (
            partition by customer_id
            order by iff(is_described, 0, 1) asc, {{ latest_event() }}, type asc
        ) = 1

),

final as (

    select
        customer_id,
        customer_name,
        customer_email,
        customer_country_code as country_code,
        first_ordered_at,
        last_ordered_at,
        not is_described as is_inferred,
        type,
        event_id,
        event_day,
        loaded_at,
        is_backfill
    from customers

    union all

    select
        '(unknown)' as customer_id,
        null as customer_name,
        null as customer_email,
        null as country_code,
        cast(null as timestamp_ntz(6)) as first_ordered_at,
        cast(null as timestamp_ntz(6)) as last_ordered_at,
        true as is_inferred,
        null as type,
        null as event_id,
        '1970-01-01'::date as event_day,
        cast(null as timestamp_ntz(6)) as loaded_at,
        false as is_backfill

)

{{ with_touched_keys('customer_id') }}
