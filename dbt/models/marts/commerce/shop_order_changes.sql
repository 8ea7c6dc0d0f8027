{%- set key = ['order_id'] -%}
{%- set tracked = ['status', 'customer_id', 'total_minor', 'currency'] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key=key + ['state_number'],
    meta={'replaced_by': key},
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'status', 'customer_id'],
    post_hook="{{ note_increment(['int_commerce__order_placed_deduplicated']) }}",
) }}

{{ state_changes('int_commerce__order_placed_deduplicated', key=key, tracked=tracked) }}

final as (

    select
        order_id,
        state_number,
        event_day,
        occurred_at as valid_from,
        valid_to,
        is_current,
        {{ changed_columns(tracked) }} as changed_columns,
        status,
        previous_status,
        customer_id,
        total_minor,
        previous_total_minor,
        currency,
        event_id,
        loaded_at,
        is_backfill
    from states

)

{{ with_touched_keys(key) }}
