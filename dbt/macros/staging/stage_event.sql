{#-
  The staging query of one event type: the rows of its raw table united with its rows of raw.events_backfill.
  Both sides come from the same list of fields, so they cannot drift apart. Schema-less JSON has no source of its own.

  fields: a list of dicts
    name   column name in staging
    cast   Snowflake type; `variant` keeps lists, maps and messages as they are
    path   where the value lies, in the contract's names: `card_id`, `customer.name`. Default: the name.
    free_json   whether it is JSON that no contract describes
-#}
{% macro stage_event(type, table, fields, source_name=none) %}
    with

    stream as (

        select
            {%- for field in fields %}
                {{ stream_value(field.path or field.name, field.cast, field.free_json) }} as {{ field.name }},
            {%- endfor %}
            _event_id as event_id,
            _id_origin as id_origin,
            _source as source,
            _type as type,
            _occurred_at as occurred_at,
            _published_at as published_at,
            _received_at as received_at,
            _schema_version as schema_version,
            _payload_hash as payload_hash,
            _batch_id as batch_id,
            _batch_row as batch_row,
            _unknown_fields as unknown_fields,
            _traceparent as traceparent,
            _file as file_name,
            _file_row as file_row,
            _loaded_at as loaded_at,
            false as is_backfill,
            cast(null as varchar) as backfill_fingerprint
        from {{ source('raw', table) }}

    ),

    backfill as (

        select
            {%- for field in fields %}
                {{ backfill_value(field.path or field.name, field.cast) }} as {{ field.name }},
            {%- endfor %}
            _event_id as event_id,
            -- the key of the replicated table is the contract's event id
            'CONTRACT' as id_origin,
            _source as source,
            _type as type,
            _occurred_at as occurred_at,
            cast(null as timestamp_ntz(6)) as published_at,
            cast(null as timestamp_ntz(6)) as received_at,
            cast(null as varchar) as schema_version,
            cast(null as varchar) as payload_hash,
            cast(null as varchar) as batch_id,
            cast(null as number(10, 0)) as batch_row,
            cast(null as varchar) as unknown_fields,
            cast(null as varchar) as traceparent,
            cast(null as varchar) as file_name,
            cast(null as number(19, 0)) as file_row,
            _loaded_at as loaded_at,
            true as is_backfill,
            sha2(to_json(payload)) as backfill_fingerprint
        from {{ source('raw', 'events_backfill') }}
        where
            _type = '{{ type }}'
            {%- if source_name is not none %}
                and _source = '{{ source_name }}'
            {%- endif %}

    ),

    united as (

        select * from stream
        union all
        select * from backfill

    )

    select
        *,
        -- events without a time share one day, so that their repeats still meet
        coalesce(to_date(occurred_at), to_date('1970-01-01')) as event_day
    from united
{% endmacro %}


{#-
  A value of a typed raw table: a column, or a path into a VARIANT column. Free JSON comes as a value from NDJSON and as its
  text from Parquet, which has no such type.
-#}
{% macro stream_value(path, cast, free_json=false) -%}
    {%- set parts = path.split('.') -%}
    {%- if free_json -%}
        {%- set value = parts[0] if parts | length == 1 else parts[0] ~ ':' ~ parts[1:] | join('.') -%}
        coalesce(try_parse_json(as_varchar({{ value }})), {{ value }})
    {%- elif parts | length == 1 -%}
        {{ parts[0] if cast == 'variant' else 'cast(' ~ parts[0] ~ ' as ' ~ cast ~ ')' }}
    {%- else -%}
        {{ variant_value(parts[0] ~ ':' ~ parts[1:] | join('.'), cast) }}
    {%- endif -%}
{%- endmacro %}


{% macro backfill_value(path, cast) -%}
    {{ variant_value('payload:' ~ path, cast) }}
{%- endmacro %}


{#- A value that cannot be read becomes null and is found by a not_null test: one bad row must not stop the model. -#}
{% macro variant_value(path, cast) -%}
    {%- if cast == 'variant' -%} {{ path }}
    {%- elif cast == 'varchar' -%} {{ path }}::varchar
    {%- elif cast == 'binary' -%} try_to_binary({{ path }}::varchar, 'BASE64')
    {%- else -%} try_cast({{ path }}::varchar as {{ cast }})
    {%- endif -%}
{%- endmacro %}
