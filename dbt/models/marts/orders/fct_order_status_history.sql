{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key='order_status_change_id',
    meta={'replaced_by': 'order_id'},
    on_schema_change='append_new_columns',
    post_hook="{{ note_increment(['int_orders__order_status_changed_deduplicated']) }}",
) }}
{%- set input = 'int_orders__order_status_changed_deduplicated' %}

with

{% if is_incremental() %}
    {{ touched_by([input], 'order_id') }},
{% endif %}

changes as (

    {{ of_touched(ref(input), 'order_id') }}

),

numbered as (

    select
        *,
        row_number() over (partition by order_id order by {{ event_order() }}) as change_number,
        lead(changed_at) over (partition by order_id order by {{ event_order() }}) as held_until,
        row_number() over (partition by order_id order by {{ latest_event() }}) = 1 as is_current
    from changes
    where nullif(order_id, '') is not null

),

final as (

    select
        order_id || '|' || event_id || '|' || to_varchar(event_day, 'YYYY-MM-DD') as order_status_change_id,
        order_id,
        change_number,
        status,
        previous_status,
        changed_at,
        held_until,
        datediff(second, changed_at, held_until) as held_seconds,
        is_current,
        type,
        event_id,
        event_day,
        batch_id,
        loaded_at,
        is_backfill
    from numbered

)

{{ with_touched_keys('order_id') }}
