{{ config(
    materialized='incremental',
    incremental_strategy='merge_event_days',
    unique_key=['event_day', 'event_id', 'source', 'type'],
    on_schema_change='append_new_columns',
) }}

{{ deduplicate(ref('stg_cards__card_catalog_created')) }}
