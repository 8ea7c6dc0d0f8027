{#- 20 years, whole weeks, and the day of events that have no time. Written by hand: no package, no clock. -#}
{%- set first_monday = '2014-12-29' %}

with

numbered as (

    select row_number() over (order by seq4()) - 1 as position
    from table(generator(rowcount => 7308))

),

spine as (

    select
        dateadd(day, position, '{{ first_monday }}'::date) as date_day,
        mod(position, 7) + 1 as weekday_number
    from numbered
    union all
    -- a Thursday
    select
        '1970-01-01'::date as date_day,
        4 as weekday_number

),

days as (

    select
        to_date(date_day) as date_day,
        weekday_number
    from spine

)

select
    date_day,
    cast(year(date_day) as number(4, 0)) as year_number,
    cast(quarter(date_day) as number(1, 0)) as quarter_number,
    cast(month(date_day) as number(2, 0)) as month_number,
    cast(day(date_day) as number(2, 0)) as day_number,
    cast(weekday_number as number(1, 0)) as weekday_number,
    weekday_number > 5 as is_weekend,
    to_date(dateadd(day, 1 - weekday_number, date_day)) as week_starts_on,
    to_date(date_trunc('month', date_day)) as month_starts_on,
    to_date(date_trunc('quarter', date_day)) as quarter_starts_on,
    date_day = '1970-01-01'::date as is_unknown
from days
