{#- Derived from proto/cards/v1/card_catalog_updated.proto by `./millrace contract derive`: do not edit. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='merge_event_days',
    unique_key=['event_day', 'event_id', 'source', 'type'],
    on_schema_change='append_new_columns',
) }}

{{ deduplicate(ref('stg_cards__card_catalog_updated')) }}
