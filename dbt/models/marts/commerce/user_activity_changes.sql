{%- set key = ['user_id'] -%}
{%- set tracked = ['activity_type'] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key=key + ['state_number'],
    meta={'replaced_by': key},
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'activity_type', 'user_id'],
    post_hook="{{ note_increment(['int_commerce__user_activity_deduplicated']) }}",
) }}

{{ state_changes(
    'int_commerce__user_activity_deduplicated',
    key=key,
    tracked=tracked,
    carried=['product_id'],
) }}

final as (

    select
        user_id,
        state_number,
        event_day,
        occurred_at as valid_from,
        valid_to,
        is_current,
        activity_type,
        previous_activity_type,
        product_id,
        event_id,
        loaded_at,
        is_backfill
    from states

)

{{ with_touched_keys(key) }}
