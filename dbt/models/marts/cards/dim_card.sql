{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key='card_version_id',
    meta={'replaced_by': 'card_id'},
    on_schema_change='append_new_columns',
    post_hook="{{ note_increment(['int_cards__card_versions', 'fct_orders', 'fct_batch_performance']) }}",
) }}
{%- set versions = 'int_cards__card_versions' %}
{%- set mentions = ['fct_orders', 'fct_batch_performance'] %}
{%- set inferred %}
            -- nobody may mention it any more
            select card_id
            from {{ this }}
            where event_day = '1970-01-01'::date and event_id is null
{%- endset %}

with

{% if is_incremental() %}
    {{ touched_by([versions], 'card_id', told_by=mentions, also=inferred) }},
{% endif %}

versions as (

    {{ of_touched(ref(versions), 'card_id') }}

),

{% if is_incremental() %}
    uncatalogued as (

        select touched.card_id
        from touched
        left join versions on touched.card_id = versions.card_id
        where versions.card_id is null

    ),
{% endif %}

mentioned as (

    {% for mention in mentions %}
        select card_id
        from {{ ref(mention) }}
        {% if is_incremental() %}
            where card_id in (select uncatalogued.card_id from uncatalogued)
        {% endif %}
        union distinct
    {% endfor %}
    select '(unknown)' as card_id

),

-- cards that were sold or made and have no event yet
inferred as (

    select mentioned.card_id
    from mentioned
    left join versions on mentioned.card_id = versions.card_id
    where versions.card_id is null

),

final as (

    select
        card_version_id,
        card_id,
        version_number,
        valid_from,
        valid_to,
        is_current,
        is_inferred,
        is_deleted,
        deleted_at,
        card_name,
        edition,
        rarity,
        list_price_minor,
        {{ minor_to_amount('list_price_minor', 'currency') }} as list_price,
        currency,
        artist,
        attributes,
        catalogued_at,
        type,
        event_id,
        event_day,
        batch_id,
        loaded_at,
        is_backfill
    from versions

    union all

    select
        {{ inferred_card_version_id('card_id') }} as card_version_id,
        card_id,
        1 as version_number,
        '1970-01-01'::timestamp_ntz as valid_from,
        cast(null as timestamp_ntz(6)) as valid_to,
        true as is_current,
        true as is_inferred,
        false as is_deleted,
        cast(null as timestamp_ntz(6)) as deleted_at,
        null as card_name,
        null as edition,
        null as rarity,
        cast(null as number(19, 0)) as list_price_minor,
        cast(null as numeric(18, 2)) as list_price,
        null as currency,
        null as artist,
        cast(null as variant) as attributes,
        cast(null as timestamp_ntz(6)) as catalogued_at,
        null as type,
        null as event_id,
        '1970-01-01'::date as event_day,
        null as batch_id,
        cast(null as timestamp_ntz(6)) as loaded_at,
        false as is_backfill
    from inferred

)

{{ with_touched_keys('card_id') }}
