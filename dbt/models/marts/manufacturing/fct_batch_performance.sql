with

batch_events as (

    select * from {{ ref('int_manufacturing__manufacturing_batch_deduplicated') }}

),

manufacturing_batches as (

    select
        *,
        -- a batch cannot take units away from earlier ones, whatever its scrap count says
        greatest(produced_quantity - scrapped_quantity, 0) as good_quantity
    from batch_events
    where nullif(manufacturing_batch_id, '') is not null
    qualify row_number() over (partition by manufacturing_batch_id order by {{ latest_event() }}) = 1

)

select
    manufacturing_batch_id,
    {{ known_card_id('card_id') }} as card_id,
    plant,
    planned_quantity,
    produced_quantity,
    scrapped_quantity,
    good_quantity,
    {{ ratio('good_quantity', 'produced_quantity') }} as yield_rate,
    {{ ratio('scrapped_quantity', 'produced_quantity') }} as scrap_rate,
    {{ ratio('good_quantity', 'planned_quantity') }} as plan_attainment,
    reported_scrap_rate,
    started_at,
    completed_at,
    datediff(second, started_at, completed_at) as duration_seconds,
    event_id,
    batch_id
from manufacturing_batches
