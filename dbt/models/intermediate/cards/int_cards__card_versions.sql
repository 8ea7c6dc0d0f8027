{{ config(
    materialized='incremental',
    incremental_strategy='replace_keys',
    unique_key='card_version_id',
    meta={'replaced_by': 'card_id'},
    on_schema_change='append_new_columns',
    post_hook="{{ note_increment([
        'int_cards__card_catalog_created_deduplicated',
        'int_cards__card_catalog_updated_deduplicated',
        'int_cards__card_catalog_deleted_deduplicated',
    ]) }}",
) }}
{%- set inputs = [
    ('int_cards__card_catalog_created_deduplicated', 'created_at', false),
    ('int_cards__card_catalog_updated_deduplicated', 'updated_at', false),
    ('int_cards__card_catalog_deleted_deduplicated', 'deleted_at', true),
] %}

with

{% if is_incremental() %}
    {{ touched_by(inputs | map(attribute=0) | list, 'card_id') }},
{% endif %}

{% for input, moment, is_deletion in inputs %}
    {{ 'deletions' if is_deletion else moment | replace('_at', '') }} as (

        {{ of_touched(ref(input), 'card_id') }}

    ),
{% endfor %}

-- an update holds the whole card, so either event describes it
descriptions as (

    {% for moment in ('created', 'updated') %}
        select
            card_id,
            type,
            event_id,
            event_day,
            card_name,
            edition,
            rarity,
            list_price_minor,
            currency,
            artist,
            attributes,
            {{ moment }}_at as catalogued_at,
            occurred_at,
            received_at,
            batch_id,
            batch_row,
            loaded_at,
            is_backfill
        from {{ moment }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- numbered by the narrow columns alone: the attributes of all cards would not fit into the memory of a sort
events as (

    select
        card_id,
        type,
        event_id,
        event_day,
        occurred_at,
        received_at,
        batch_id,
        batch_row,
        loaded_at,
        is_backfill,
        false as is_deletion,
        cast(null as timestamp_ntz(6)) as deleted_at
    from descriptions
    union all
    select
        card_id,
        type,
        event_id,
        event_day,
        occurred_at,
        received_at,
        batch_id,
        batch_row,
        loaded_at,
        is_backfill,
        true as is_deletion,
        deleted_at
    from deletions

),

numbered as (

    select
        *,
        {{ moment('occurred_at') }} as valid_from,
        -- what is deleted at the moment of its description is deleted
        row_number() over (
            partition by card_id
            order by {{ moment('occurred_at') }} asc, is_deletion asc, {{ event_order() }}, type asc
        ) as version_number
    from events
    where nullif(card_id, '') is not null

),

versions as (

    select
        *,
        lead(valid_from) over (partition by card_id order by version_number) as valid_to,
        max(iff(is_deletion, null, version_number)) over (
            partition by card_id order by version_number
            rows between unbounded preceding and current row
        ) as described_by,
        min(event_day) over (partition by card_id) as first_event_day
    from numbered

),

described as (

    select
        versions.card_id,
        versions.version_number,
        descriptions.card_name,
        descriptions.edition,
        descriptions.rarity,
        descriptions.list_price_minor,
        descriptions.currency,
        descriptions.artist,
        descriptions.attributes,
        descriptions.catalogued_at
    from versions
    inner join descriptions
        on
            versions.card_id = descriptions.card_id
            and versions.event_day = descriptions.event_day
            and versions.event_id = descriptions.event_id
            and versions.type = descriptions.type
    where not versions.is_deletion

),

maps_as_arrays as (

    select
        card_id,
        version_number,
        {{ map_entries('attributes') }} as entries
    from described
    where {{ map_entries('attributes') }} is not null

),

attribute_entries as (

    select
        maps_as_arrays.card_id,
        maps_as_arrays.version_number,
        {{ map_key('entry') }} as attribute_key,
        {{ map_value('entry') }} as attribute_value
    from maps_as_arrays,
        lateral flatten(input => maps_as_arrays.entries) as entry

),

-- both file formats give the same object
rebuilt_attributes as (

    select
        card_id,
        version_number,
        object_agg(attribute_key, attribute_value) as attributes
    from attribute_entries
    group by card_id, version_number

),

final as (

    select
        {{ card_version_id('versions.card_id', 'versions.type', 'versions.event_id', 'versions.event_day') }}
            as card_version_id,
        versions.card_id,
        versions.version_number,
        versions.valid_from,
        versions.valid_to,
        versions.valid_to is null as is_current,
        versions.described_by is null as is_inferred,
        versions.is_deletion as is_deleted,
        versions.deleted_at,
        described.card_name,
        described.edition,
        described.rarity,
        described.list_price_minor,
        described.currency,
        described.artist,
        iff(
            {{ map_entries('described.attributes') }} is null,
            described.attributes,
            coalesce(rebuilt_attributes.attributes, object_construct())::variant
        ) as attributes,
        described.catalogued_at,
        -- facts from this moment on may point elsewhere when the event arrives; before the first day there is nothing
        -- that they could point at instead
        iff(
            versions.event_day = versions.first_event_day,
            '0001-01-01'::timestamp_ntz,
            versions.event_day::timestamp_ntz
        ) as repoints_from,
        versions.type,
        versions.event_id,
        versions.event_day,
        versions.batch_id,
        versions.loaded_at,
        versions.is_backfill
    from versions
    left join described
        on
            versions.card_id = described.card_id
            and versions.described_by = described.version_number
    left join rebuilt_attributes
        on
            described.card_id = rebuilt_attributes.card_id
            and described.version_number = rebuilt_attributes.version_number

)

{{ with_touched_keys('card_id') }}
