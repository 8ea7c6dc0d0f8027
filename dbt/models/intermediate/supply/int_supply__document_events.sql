{{ config(materialized='view') }}

select
    order_id as document_id,
    type,
    event_id,
    event_day,
    loaded_at,
    is_backfill
from {{ ref('int_orders__order_created_deduplicated') }}

union all

select
    order_id as document_id,
    type,
    event_id,
    event_day,
    loaded_at,
    is_backfill
from {{ ref('int_orders__order_status_changed_deduplicated') }}

union all

select
    manufacturing_batch_id as document_id,
    type,
    event_id,
    event_day,
    loaded_at,
    is_backfill
from {{ ref('int_manufacturing__manufacturing_batch_deduplicated') }}
