{%- set tracked = ['status', 'customer_id', 'total_minor', 'currency'] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='replace_histories',
    meta={'replaced_key': ['order_id'], 'event_identity': ['event_id', 'event_day']},
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'status', 'customer_id'],
) }}

{{ state_changes(ref('int_commerce__order_placed_deduplicated'), key=['order_id'], tracked=tracked) }}

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
