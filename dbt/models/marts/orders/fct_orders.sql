{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key='order_line_id',
    meta={'replaced_by': 'order_id'},
    on_schema_change='append_new_columns',
    post_hook="{{ note_increment([
        'int_orders__order_created_deduplicated',
        'fct_order_status_history',
        'int_cards__card_versions',
    ]) }}",
) }}
{%- set orders = 'int_orders__order_created_deduplicated' %}
{%- set history = 'fct_order_status_history' %}
{%- set versions = 'int_cards__card_versions' %}

with

{% if is_incremental() %}
    {{ touched_by([orders], 'order_id', told_by=[history], versions=versions) }},
{% endif %}

order_events as (

    {{ of_touched(ref(orders), 'order_id') }}

),

status_changes as (

    {{ of_touched(ref(history), 'order_id') }}

),

-- ranked by the narrow columns alone: the lines of all orders would not fit into the memory of a sort
describing_events as (

    select
        event_id,
        event_day
    from order_events
    where nullif(order_id, '') is not null
    qualify row_number() over (partition by order_id order by {{ latest_event() }}) = 1

),

orders as (

    select order_events.*
    from order_events
    inner join describing_events
        on
            order_events.event_id = describing_events.event_id
            and order_events.event_day = describing_events.event_day

),

statuses as (

    select
        order_id,
        max(iff(is_current, status, null)) as status,
        min(changed_at) as first_status_at,
        max(iff(is_current, changed_at, null)) as last_status_at,
        min(iff(status = 'ORDER_STATUS_PAID', changed_at, null)) as paid_at,
        min(iff(status = 'ORDER_STATUS_SHIPPED', changed_at, null)) as shipped_at,
        min(iff(status = 'ORDER_STATUS_DELIVERED', changed_at, null)) as delivered_at
    from status_changes
    group by order_id

),

lines as (

    select
        orders.* exclude (lines),
        line.index + 1 as line_position,
        {{ list_item('line') }} as line
    from orders,
        lateral flatten(input => {{ list_to_flatten('orders.lines') }}) as line

),

typed_lines as (

    select
        order_id,
        line_position,
        try_cast(line:line_number::varchar as number(10, 0)) as line_number,
        {{ known('line:card_id::varchar') }} as card_id,
        try_cast(line:quantity::varchar as number(10, 0)) as quantity,
        try_cast(line:unit_price_minor::varchar as number(19, 0)) as unit_price_minor,
        currency,
        channel,
        {{ known('customer_id') }} as customer_id,
        customer_country_code,
        promotion_code,
        total_amount_minor,
        created_at,
        {{ moment('occurred_at') }} as ordered_at,
        type,
        event_id,
        event_day,
        batch_id,
        loaded_at,
        is_backfill
    from lines

),

card_versions as (

    select
        card_version_id,
        card_id,
        version_number,
        valid_from,
        valid_to
    from {{ ref(versions) }}
    {% if is_incremental() %}
        where card_id in (select typed_lines.card_id from typed_lines)
    {% endif %}

),

final as (

    select
        typed_lines.order_id || '|' || typed_lines.line_position as order_line_id,
        typed_lines.order_id,
        typed_lines.line_position,
        typed_lines.line_number,
        typed_lines.card_id,
        coalesce(card_versions.card_version_id, {{ inferred_card_version_id('typed_lines.card_id') }}) as card_version_id,
        typed_lines.quantity,
        typed_lines.unit_price_minor,
        {{ minor_to_amount('typed_lines.unit_price_minor', 'typed_lines.currency') }} as unit_price,
        typed_lines.quantity * typed_lines.unit_price_minor as amount_minor,
        {{ minor_to_amount('typed_lines.quantity * typed_lines.unit_price_minor', 'typed_lines.currency') }} as amount,
        -- a cancelled or returned order takes its whole amount back; contracts know no partial refund
        iff(
            statuses.status in ('ORDER_STATUS_CANCELLED', 'ORDER_STATUS_RETURNED'),
            -typed_lines.quantity * typed_lines.unit_price_minor,
            0
        ) as reversed_amount_minor,
        iff(
            statuses.status in ('ORDER_STATUS_CANCELLED', 'ORDER_STATUS_RETURNED'),
            0,
            typed_lines.quantity * typed_lines.unit_price_minor
        ) as net_amount_minor,
        typed_lines.currency,
        typed_lines.channel,
        typed_lines.customer_id,
        typed_lines.customer_country_code,
        typed_lines.promotion_code,
        typed_lines.total_amount_minor as order_total_amount_minor,
        {{ minor_to_amount('typed_lines.total_amount_minor', 'typed_lines.currency') }} as order_total_amount,
        typed_lines.created_at as order_created_at,
        statuses.status as order_status,
        statuses.first_status_at,
        statuses.last_status_at,
        statuses.paid_at,
        statuses.shipped_at,
        statuses.delivered_at,
        iff(
            statuses.status in ('ORDER_STATUS_CANCELLED', 'ORDER_STATUS_RETURNED'), statuses.last_status_at, null
        ) as reversed_at,
        typed_lines.type,
        typed_lines.event_id,
        typed_lines.event_day,
        typed_lines.batch_id,
        typed_lines.loaded_at,
        typed_lines.is_backfill
    from typed_lines
    left join card_versions
        on {{ version_held('card_versions', 'typed_lines.card_id', 'typed_lines.ordered_at') }}
    left join statuses on typed_lines.order_id = statuses.order_id

)

{{ with_touched_keys('order_id') }}
