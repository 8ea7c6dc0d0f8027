-- Rows of the mirror as staging reads them. Applied again whenever the list of mirrored tables changes; a view has no rows to
-- lose, and OR REPLACE refuses to replace a table of this name.
--
-- `mirrored` is a list of tables, each with
--   table        schema and table in the mirror, as the connector spells them, such as PUBLIC.ORDER_EVENTS
--   source, type of the contract
--   event_id     SQL that gives the identity, over the columns of the mirror
--   occurred_at  SQL that gives the time of the fact, a timestamp without zone in UTC
--   fields       SQL of each field of the contract, by name: numbers, booleans, texts and variants as they are
--   times        SQL of each timestamp field, without zone in UTC: written as the contract's JSON has it
{% set database = 'MILLRACE_' ~ environment | upper %}
{% macro rfc3339(time) -%}
to_char(cast({{ time }} as timestamp_ntz(6)), 'YYYY-MM-DD') || 'T' || to_char(cast({{ time }} as timestamp_ntz(6)), 'HH24:MI:SS.FF6') || 'Z'
{%- endmacro %}
create or replace view {{ database }}.RAW.EVENTS_BACKFILL
    comment = 'Events of before the pipeline: rows written here, and the current state of replicated tables'
as
select _source, _type, _event_id, _occurred_at, _loaded_at, payload
from {{ database }}.RAW.EVENTS_BACKFILL_TABLE
{% for each in mirrored %}
{% set times = each.times | default({}) %}
union all
select
    '{{ each.source }}' as _source,
    '{{ each.type }}' as _type,
    cast({{ each.event_id }} as varchar) as _event_id,
    cast({{ each.occurred_at }} as timestamp_ntz(6)) as _occurred_at,
    -- moves with each change of the row, so that an incremental run sees it
    cast(_snowflake_updated_at as timestamp_ntz(6)) as _loaded_at,
    cast(object_construct(
        {% for name, value in each.fields.items() %}
        '{{ name }}', {{ value }}{{ ',' if times or not loop.last }}
        {% endfor %}
        {% for name, value in times.items() %}
        '{{ name }}', {{ rfc3339(value) }}{{ ',' if not loop.last }}
        {% endfor %}
    ) as variant) as payload
from {{ database }}_MIRROR.{{ each.table }}
-- the connector marks a deleted row and keeps it
where not coalesce(_snowflake_deleted, false)
{% endfor %}
;
