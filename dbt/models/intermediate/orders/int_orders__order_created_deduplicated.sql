{#- Derived from proto/orders/v1/order_created.proto by `./millrace contract derive`: do not edit. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='merge_event_days',
    unique_key=['event_day', 'event_id', 'source', 'type'],
    on_schema_change='append_new_columns',
) }}

{{ deduplicate(ref('stg_orders__order_created')) }}
