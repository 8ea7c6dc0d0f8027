{#-
  Which row of one event is kept: the first one received, by its place in its batch. A row that lost fields to an older
  contract gives way to its replay. Rows of the backfill have no receipt, so the stream wins over them; among
  themselves the newest state of the replicated table counts. The order is total: two rows that tie in it are equal.
-#}
{% macro precedence() -%}
    received_at asc nulls last,
    batch_id asc nulls last,
    batch_row asc nulls last,
    iff(unknown_fields is null, 0, 1) asc,
    file_name asc nulls last,
    file_row asc nulls last,
    loaded_at desc nulls last,
    backfill_fingerprint asc nulls last
{%- endmacro %}

{% macro identity_and_day() -%} source, type, event_id, event_day {%- endmacro %}


{% macro same_identity_and_day(left, right) -%}
    {{ left }}.event_day = {{ right }}.event_day
    and {{ left }}.event_id = {{ right }}.event_id
    and {{ left }}.source = {{ right }}.source
    and {{ left }}.type = {{ right }}.type
{%- endmacro %}


{#-
  Where an increment begins: the newest load time of the table less the look-back. Stream and backfill load independently, so
  each has its own, and a load time from the future would hide all rows until then. Literals, so that the warehouse prunes the
  raw table before it reads a payload.
-#}
{% macro deduplicated_since() %}
    {%- if not execute -%}
        {{ return({'stream': '1971-01-01', 'backfill': '1971-01-01'}) }}
    {%- endif -%}
    {%- set newest = run_query(
        'select max(iff(is_backfill, null, loaded_at)) as stream, max(iff(is_backfill, loaded_at, null)) as backfill from '
        ~ this ~ ' where loaded_at <= sysdate()'
    ).rows[0] -%}
    {%- set look_back = modules.datetime.timedelta(hours=var('look_back_hours')) -%}
    {{ return({
        'stream': (newest[0] - look_back) if newest[0] else '1971-01-01',
        'backfill': (newest[1] - look_back) if newest[1] else '1971-01-01',
    }) }}
{% endmacro %}


{#-
  The CTEs that end in `best_rows`, the best row of each event among the rows of a CTE. Ranked are the events that came more
  than once; the others, which are nearly all, pass by with their payloads, since these would not fit into the memory of a sort.
-#}
{% macro best_of(rows) -%}
    repeated as (

        select {{ identity_and_day() }}
        from {{ rows }}
        group by {{ identity_and_day() }}
        having count(*) > 1

    ),

    best_rows as (

        select {{ rows }}.*
        from {{ rows }}
        left join repeated
            on {{ same_identity_and_day(rows, 'repeated') }}
        where repeated.event_id is null
        union all
        select {{ rows }}.*
        from {{ rows }}
        inner join repeated
            on {{ same_identity_and_day(rows, 'repeated') }}
        qualify
            row_number() over (
                partition by {{ prefixed(identity_and_day().split(', '), rows) }}
                order by {{ precedence() }}
            ) = 1

    )
{%- endmacro %}


{#-
  One row per identity and event day.

  A full run ranks all rows. An incremental run reads the rows loaded since the look-back, keeps the best row of each
  event among them, and emits it only when the table has no row of that event yet or a worse one. The table is read on
  the event days of the increment only, and only by the columns that decide. The merge then inserts or replaces exactly
  the emitted rows, so both ways end in the same table.
-#}
{% macro deduplicate(staged) %}
    {%- set since = deduplicated_since() if is_incremental() %}
    with

    staged as (

        select * from {{ staged }}

    ),

    {% if is_incremental() %}
        arrivals as (

            select *
            from staged
            where
                loaded_at is null
                or (not is_backfill and loaded_at >= '{{ since.stream }}'::timestamp_ntz)
                or (is_backfill and loaded_at >= '{{ since.backfill }}'::timestamp_ntz)
                {%- if is_rebuild() %}
                    or {{ rebuilt_days() }}
                {%- endif %}

        ),

        {{ best_of('arrivals') }},

        present as (

            select
                {{ identity_and_day() }},
                received_at,
                batch_id,
                batch_row,
                unknown_fields,
                file_name,
                file_row,
                loaded_at,
                backfill_fingerprint
            from {{ this }}
            where
                event_day in (select best_rows.event_day from best_rows)
                {%- if is_rebuild() %}
                    and not ({{ rebuilt_days() }})
                {%- endif %}

        ),

        contenders as (

            select
                *,
                true as is_present
            from present
            union all
            select
                {{ identity_and_day() }},
                received_at,
                batch_id,
                batch_row,
                unknown_fields,
                file_name,
                file_row,
                loaded_at,
                backfill_fingerprint,
                false as is_present
            from best_rows

        ),

        -- a row met again in the look-back ties with itself and is not written again
        replacing as (

            select
                {{ identity_and_day() }},
                is_present
            from contenders
            qualify
                row_number() over (
                    partition by {{ identity_and_day() }}
                    order by {{ precedence() }}, iff(is_present, 0, 1) asc
                ) = 1

        )

        select best_rows.*
        from best_rows
        inner join replacing
            on {{ same_identity_and_day('best_rows', 'replacing') }}
        where not replacing.is_present
    {% else %}
        {{ best_of('staged') }}

        select * from best_rows
    {% endif %}
{% endmacro %}
