{{ config(severity='warn', tags=['quality'], store_failures=true) }}

-- Events without their business key cannot be a row of a mart; here they are named.
select
    source,
    type,
    event_id,
    batch_id
from {{ ref('int_cards__card_catalog_created_deduplicated') }}
where nullif(card_id, '') is null

union all

select
    source,
    type,
    event_id,
    batch_id
from {{ ref('int_orders__order_created_deduplicated') }}
where nullif(order_id, '') is null

union all

select
    source,
    type,
    event_id,
    batch_id
from {{ ref('int_manufacturing__manufacturing_batch_deduplicated') }}
where nullif(manufacturing_batch_id, '') is null
