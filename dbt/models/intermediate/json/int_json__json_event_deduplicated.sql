{#- Derived from proto/json/v1/json_event.proto by `./millrace contract derive`: do not edit. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='merge_event_days',
    unique_key=['event_day', 'event_id', 'source', 'type'],
    on_schema_change='append_new_columns',
) }}

{{ deduplicate(ref('stg_json__json_event')) }}
