{#-
  Where an increment over a deduplicated model begins: the newest load time that this model has seen, less the look-back,
  one for the stream and one for the backfill, which load independently. `stream` and `backfill` are expressions over this
  model. Read lately() in the where clause of a query that cross joins it.
-#}
{% macro load_watermarks(stream, backfill) %}
    select
        dateadd(
            hour, -{{ var('look_back_hours') }}, coalesce(max({{ stream }}), '1971-01-01'::timestamp_ntz)
        ) as stream_from,
        dateadd(
            hour, -{{ var('look_back_hours') }}, coalesce(max({{ backfill }}), '1971-01-01'::timestamp_ntz)
        ) as backfill_from
    from {{ this }}
{% endmacro %}


{#- Whether a row was loaded since the watermarks; a row without a load time is always read again. -#}
{% macro lately(rows) -%}
    (
        {{ rows }}.loaded_at is null
        or {{ rows }}.loaded_at >= iff({{ rows }}.is_backfill, watermarks.backfill_from, watermarks.stream_from)
    )
{%- endmacro %}


{#-
  The events of all days that an increment touches, or all events: for a model of one row per event day and more, which
  keeps the newest load time of each day's rows as stream_loaded_at and backfill_loaded_at.
-#}
{% macro events_of_touched_days(events) %}
    {% if is_incremental() %}
        select *
        from {{ events }}
        where
            event_day in (
                select arrivals.event_day
                from {{ events }} as arrivals
                cross join ({{ load_watermarks('stream_loaded_at', 'backfill_loaded_at') }}) as watermarks
                where {{ lately('arrivals') }}
            )
    {% else %}
        select * from {{ events }}
    {% endif %}
{% endmacro %}


{% macro newest_load_times() -%}
    max(iff(is_backfill, null, loaded_at)) as stream_loaded_at,
    max(iff(is_backfill, loaded_at, null)) as backfill_loaded_at
{%- endmacro %}
