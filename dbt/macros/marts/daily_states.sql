{#-
  Snapshot form of a change-state model: each of its states on every day at whose end it held, from the first event day to
  the newest one. A state without a time holds from the first day on. To be joined as `days` and `states`.
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

    numbers as (

        select row_number() over (order by seq4()) - 1 as number
        from table(generator(rowcount => 36525))

    ),

    days as (

        select dateadd(day, numbers.number, span.first_day)::date as snapshot_day
        from span
        inner join numbers on numbers.number <= datediff(day, span.first_day, span.last_day)

    )
{% endmacro %}


{% macro held_at_the_end_of_the_day() -%}
    states.event_day <= days.snapshot_day
    and (states.is_current or to_date(states.valid_to) > days.snapshot_day)
{%- endmacro %}
