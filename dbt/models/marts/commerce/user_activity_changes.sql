{%- set tracked = ['activity_type'] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='replace_histories',
    meta={'replaced_key': ['user_id'], 'event_identity': ['event_id', 'event_day']},
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'activity_type', 'user_id'],
) }}

{{ state_changes(
    ref('int_commerce__user_activity_deduplicated'),
    key=['user_id'],
    tracked=tracked,
    carried=['product_id'],
) }}

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
