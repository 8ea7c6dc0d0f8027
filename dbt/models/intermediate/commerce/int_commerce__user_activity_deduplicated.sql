{#- Derived from proto/commerce/v1/user_activity.proto by `./millrace contract derive`: do not edit. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='merge_event_days',
    unique_key=['event_day', 'event_id', 'source', 'type'],
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'activity_type', 'user_id'],
) }}

{{ deduplicate(ref('stg_commerce__user_activity')) }}
