{%- set tracked = ['quantity_on_hand'] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='replace_histories',
    meta={'replaced_key': ['product_id', 'warehouse_id'], 'event_identity': ['event_id', 'event_day']},
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'product_id', 'warehouse_id'],
) }}

{{ state_changes(
    ref('int_commerce__inventory_changed_deduplicated'),
    key=['product_id', 'warehouse_id'],
    tracked=tracked,
    carried=['quantity_delta', 'reason', 'document_id'],
) }}

select
    product_id,
    warehouse_id,
    state_number,
    event_day,
    occurred_at as valid_from,
    valid_to,
    is_current,
    quantity_on_hand,
    previous_quantity_on_hand,
    reason,
    quantity_delta,
    -- what the event does not explain was changed by one that never came
    cast(quantity_on_hand - previous_quantity_on_hand - quantity_delta as number(11, 0)) as unexplained_quantity,
    document_id,
    event_id,
    loaded_at,
    is_backfill
from states
