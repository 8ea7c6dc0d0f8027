{#-
  Snapshot form of a change-state model: each of its states on every day at whose end it held, from the first event day to
  the newest one, as far as dim_date reaches. A state without a time holds from the first day on. To be joined as `days` and
  `states`.
-#}
{% macro days_and_states(changes) %}
    with

    states as (

        select * from {{ changes }}

    ),

    span as (

        select
            min(iff(valid_from is null, null, event_day)) as first_day,
            max(event_day) as last_day
        from states

    ),

    days as (

        select calendar.date_day as snapshot_day
        from {{ ref('dim_date') }} as calendar
        cross join span
        where calendar.date_day between span.first_day and span.last_day

    )
{% endmacro %}


{% macro held_at_the_end_of_the_day() -%}
    states.event_day <= days.snapshot_day
    and (states.is_current or to_date(states.valid_to) > days.snapshot_day)
{%- endmacro %}
