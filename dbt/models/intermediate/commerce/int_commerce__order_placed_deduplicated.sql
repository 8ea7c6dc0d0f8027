{#- Derived from proto/commerce/v1/order_placed.proto by `./millrace contract derive`: do not edit. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='merge_event_days',
    unique_key=['event_day', 'event_id', 'source', 'type'],
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'status', 'customer_id'],
) }}

{{ deduplicate(ref('stg_commerce__order_placed')) }}
