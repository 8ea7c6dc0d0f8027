{#- Derived from proto/commerce/v1/inventory_changed.proto by `./millrace contract derive`: do not edit. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='merge_event_days',
    unique_key=['event_day', 'event_id', 'source', 'type'],
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'product_id', 'warehouse_id'],
) }}

{{ deduplicate(ref('stg_commerce__inventory_changed')) }}
