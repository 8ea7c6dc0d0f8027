{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key='manufacturing_batch_id',
    meta={'replaced_by': 'manufacturing_batch_id'},
    on_schema_change='append_new_columns',
    post_hook="{{ note_increment([
        'int_manufacturing__manufacturing_batch_deduplicated',
        'int_cards__card_versions',
    ]) }}",
) }}
{%- set input = 'int_manufacturing__manufacturing_batch_deduplicated' %}
{%- set versions = 'int_cards__card_versions' %}

with

{% if is_incremental() %}
    {{ touched_by([input], 'manufacturing_batch_id', versions=versions) }},
{% endif %}

batch_events as (

    {{ of_touched(ref(input), 'manufacturing_batch_id') }}

),

manufacturing_batches as (

    select
        * exclude (card_id),
        {{ known('card_id') }} as card_id,
        {{ moment('occurred_at') }} as made_at,
        -- a batch cannot take units away from earlier ones, whatever its scrap count says
        greatest(produced_quantity - scrapped_quantity, 0) as good_quantity
    from batch_events
    where nullif(manufacturing_batch_id, '') is not null
    qualify row_number() over (partition by manufacturing_batch_id order by {{ latest_event() }}) = 1

),

card_versions as (

    select
        card_version_id,
        card_id,
        version_number,
        valid_from,
        valid_to
    from {{ ref(versions) }}
    {% if is_incremental() %}
        where card_id in (select manufacturing_batches.card_id from manufacturing_batches)
    {% endif %}

),

final as (

    select
        manufacturing_batches.manufacturing_batch_id,
        manufacturing_batches.card_id,
        coalesce(card_versions.card_version_id, {{ inferred_card_version_id('manufacturing_batches.card_id') }})
            as card_version_id,
        manufacturing_batches.plant,
        manufacturing_batches.planned_quantity,
        manufacturing_batches.produced_quantity,
        manufacturing_batches.scrapped_quantity,
        manufacturing_batches.good_quantity,
        {{ ratio('manufacturing_batches.good_quantity', 'manufacturing_batches.produced_quantity') }} as yield_rate,
        {{ ratio('manufacturing_batches.scrapped_quantity', 'manufacturing_batches.produced_quantity') }} as scrap_rate,
        {{ ratio('manufacturing_batches.good_quantity', 'manufacturing_batches.planned_quantity') }} as plan_attainment,
        manufacturing_batches.reported_scrap_rate,
        manufacturing_batches.started_at,
        manufacturing_batches.completed_at,
        datediff(second, manufacturing_batches.started_at, manufacturing_batches.completed_at) as duration_seconds,
        manufacturing_batches.type,
        manufacturing_batches.event_id,
        manufacturing_batches.event_day,
        manufacturing_batches.batch_id,
        manufacturing_batches.loaded_at,
        manufacturing_batches.is_backfill
    from manufacturing_batches
    left join card_versions
        on {{ version_held('card_versions', 'manufacturing_batches.card_id', 'manufacturing_batches.made_at') }}

)

{{ with_touched_keys('manufacturing_batch_id') }}
