{{ config(
    materialized='incremental',
    incremental_strategy='replace_periods',
    meta={'replaced_period': 'event_day'},
    on_schema_change='append_new_columns',
    cluster_by=['event_day', 'activity_type'],
    post_hook="{{ note_increment(['int_commerce__user_activity_deduplicated']) }}",
) }}

with

events as (

    {{ of_touched_days('int_commerce__user_activity_deduplicated') }}

)

select
    event_day,
    coalesce(activity_type, '(unknown)') as activity_type,
    cast(count(*) as number(19, 0)) as activity_count,
    cast(count(distinct user_id) as number(19, 0)) as user_count,
    cast(count(distinct session_id) as number(19, 0)) as session_count
from events
group by event_day, coalesce(activity_type, '(unknown)')
