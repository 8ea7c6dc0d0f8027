{{ config(severity='warn', tags=['quality'], store_failures=true) }}

select * from {{ ref('event_conflicts') }}
