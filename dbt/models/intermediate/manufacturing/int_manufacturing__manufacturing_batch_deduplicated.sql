{#- Derived from proto/manufacturing/v1/manufacturing_batch.proto by `./millrace contract derive`: do not edit. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='merge_event_days',
    unique_key=['event_day', 'event_id', 'source', 'type'],
    on_schema_change='append_new_columns',
) }}

{{ deduplicate(ref('stg_manufacturing__manufacturing_batch')) }}
