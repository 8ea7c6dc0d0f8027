with

created as (

    select * from {{ ref('int_cards__card_catalog_created_deduplicated') }}

),

updated as (

    select * from {{ ref('int_cards__card_catalog_updated_deduplicated') }}

),

deleted as (

    select * from {{ ref('int_cards__card_catalog_deleted_deduplicated') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

manufacturing_batches as (

    select * from {{ ref('fct_batch_performance') }}

),

-- an update holds the whole card, so either event describes it
card_events as (

    select
        card_id,
        card_name,
        edition,
        rarity,
        list_price_minor,
        currency,
        attributes,
        artist,
        created_at as catalogued_at,
        event_id,
        event_day,
        occurred_at,
        received_at,
        batch_id,
        batch_row
    from created
    union all
    select
        card_id,
        card_name,
        edition,
        rarity,
        list_price_minor,
        currency,
        attributes,
        artist,
        updated_at as catalogued_at,
        event_id,
        event_day,
        occurred_at,
        received_at,
        batch_id,
        batch_row
    from updated

),

deletions as (

    select
        card_id,
        occurred_at,
        deleted_at
    from deleted
    qualify row_number() over (partition by card_id order by {{ latest_event() }}) = 1

),

catalogued as (

    select *
    from card_events
    where nullif(card_id, '') is not null
    qualify row_number() over (partition by card_id order by {{ latest_event() }}) = 1

),

maps_as_arrays as (

    select
        card_id,
        {{ map_entries('attributes') }} as entries
    from catalogued
    where {{ map_entries('attributes') }} is not null

),

attribute_entries as (

    select
        maps_as_arrays.card_id,
        {{ map_key('entry') }} as attribute_key,
        {{ map_value('entry') }} as attribute_value
    from maps_as_arrays,
        lateral flatten(input => maps_as_arrays.entries) as entry

),

-- both file formats give the same object
rebuilt_attributes as (

    select
        card_id,
        object_agg(attribute_key, attribute_value) as attributes
    from attribute_entries
    group by card_id

),

mentioned as (

    select card_id from orders
    union all
    select card_id from manufacturing_batches

),

-- cards that were sold or made before their catalogue event arrived
inferred as (

    select distinct mentioned.card_id
    from mentioned
    left join catalogued on mentioned.card_id = catalogued.card_id
    where catalogued.card_id is null

),

cards as (

    select
        catalogued.card_id,
        catalogued.card_name,
        catalogued.edition,
        catalogued.rarity,
        catalogued.list_price_minor,
        {{ minor_to_amount('catalogued.list_price_minor', 'catalogued.currency') }} as list_price,
        catalogued.currency,
        catalogued.artist,
        iff(
            {{ map_entries('catalogued.attributes') }} is null,
            catalogued.attributes,
            coalesce(rebuilt_attributes.attributes, object_construct())::variant
        ) as attributes,
        catalogued.catalogued_at,
        false as is_inferred,
        -- a description after the deletion brings the card back
        deletions.card_id is not null
        and coalesce(deletions.occurred_at >= catalogued.occurred_at, true) as is_deleted,
        deletions.deleted_at,
        catalogued.event_id,
        catalogued.batch_id
    from catalogued
    left join rebuilt_attributes on catalogued.card_id = rebuilt_attributes.card_id
    left join deletions on catalogued.card_id = deletions.card_id

    union all

    select
        inferred.card_id,
        null as card_name,
        null as edition,
        null as rarity,
        cast(null as number(19, 0)) as list_price_minor,
        cast(null as numeric(18, 2)) as list_price,
        null as currency,
        null as artist,
        cast(null as variant) as attributes,
        cast(null as timestamp_ntz(6)) as catalogued_at,
        true as is_inferred,
        deletions.card_id is not null as is_deleted,
        deletions.deleted_at,
        null as event_id,
        null as batch_id
    from inferred
    left join deletions on inferred.card_id = deletions.card_id

)

select
    card_id,
    card_name,
    edition,
    rarity,
    list_price_minor,
    list_price,
    currency,
    artist,
    attributes,
    catalogued_at,
    is_inferred,
    is_deleted,
    iff(is_deleted, deleted_at, null) as deleted_at,
    event_id,
    batch_id
from cards
