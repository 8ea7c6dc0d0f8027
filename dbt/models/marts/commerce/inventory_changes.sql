{%- set key = ['product_id', 'warehouse_id'] -%}
{%- set tracked = ['quantity_on_hand'] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key=key + ['state_number'],
    meta={'replaced_by': key},
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'product_id', 'warehouse_id'],
    post_hook="{{ note_increment(['int_commerce__inventory_changed_deduplicated']) }}",
) }}

{{ state_changes(
    'int_commerce__inventory_changed_deduplicated',
    key=key,
    tracked=tracked,
    carried=['quantity_delta', 'reason', 'document_id'],
) }}

final as (

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

)

{{ with_touched_keys(key) }}
