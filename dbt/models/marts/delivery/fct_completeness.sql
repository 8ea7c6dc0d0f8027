{%- set grace = var('completeness_grace_minutes') -%}
with

file_hours as (

    select *
    from {{ ref('int_delivery__file_hours') }}
    where received_hour > '1970-01-01'::timestamp_ntz

),

files as (

    select * from {{ ref('fct_file_delivery') }}

),

-- of a refused file nobody knows more than the day of its folder: it is missed in each hour of that day
refused as (

    select
        source,
        try_to_date(
            split_part(split_part(file_name, '/year=', 2), '/', 1)
            || '-' || split_part(split_part(file_name, '/month=', 2), '/', 1)
            || '-' || split_part(split_part(file_name, '/day=', 2), '/', 1)
        ) as received_day,
        sum(missing_row_count) as missing_row_count
    from files
    where delivery_state = 'REFUSED'
    group by source, received_day

),

-- the clock of the pipeline: whatever the time is, nothing newer has been seen
newest as (

    select
        max(last_received_at) as received_at,
        max(received_hour) as received_hour
    from file_hours

),

sources as (

    select
        source,
        min(received_hour) as first_hour,
        max(last_received_at) as newest_received_at
    from file_hours
    group by source

),

received as (

    select
        file_hours.source,
        file_hours.received_hour,
        sum(iff(file_hours.is_failed, 0, file_hours.different_row_count)) as row_count,
        sum(iff(file_hours.is_failed, file_hours.different_row_count, 0)) as failed_event_count,
        count(distinct file_hours.file_name) as file_count,
        -- a file of several hours is missed in each of them: nobody knows of which its absent rows are
        sum(greatest(coalesce(files.missing_row_count, 0), 0)) as missing_row_count
    from file_hours
    inner join files on file_hours.file_name = files.file_name
    group by file_hours.source, file_hours.received_hour

),

numbers as (

    select row_number() over (order by seq4()) - 1 as number
    from table(generator(rowcount => {{ var('completeness_days') * 24 }}))

),

hours as (

    select
        sources.source,
        sources.newest_received_at,
        newest.received_at as clock,
        dateadd(hour, -numbers.number, newest.received_hour)::timestamp_ntz(6) as received_hour
    from sources
    cross join newest
    inner join numbers
        on dateadd(hour, -numbers.number, newest.received_hour) >= sources.first_hour

),

counted as (

    select
        hours.*,
        coalesce(received.row_count, 0) as row_count,
        coalesce(received.failed_event_count, 0) as failed_event_count,
        coalesce(received.file_count, 0) as file_count,
        coalesce(received.missing_row_count, 0) + coalesce(refused.missing_row_count, 0) as missing_row_count
    from hours
    left join received
        on
            hours.source = received.source
            and hours.received_hour = received.received_hour
    left join refused
        on
            hours.source = refused.source
            and to_date(hours.received_hour) = refused.received_day

),

expected as (

    select
        *,
        -- hours among the 24 before in which the source was heard
        coalesce(sum(iff(row_count + failed_event_count > 0, 1, 0)) over (
            partition by source
            order by received_hour
            rows between 24 preceding and 1 preceding
        ), 0) as heard_hours,
        clock >= dateadd(minute, 60 + {{ grace }}, received_hour) as is_over,
        newest_received_at >= dateadd(minute, 60 + {{ grace }}, received_hour) as has_moved_on
    from counted

),

judged as (

    select
        *,
        is_over and missing_row_count > 0 as lacks_rows,
        is_over
        and row_count + failed_event_count = 0
        and heard_hours >= {{ var('completeness_expected_hours') }} as is_gap
    from expected

)

select
    source,
    received_hour,
    case
        when lacks_rows or is_gap then 'MISSING'
        when has_moved_on then 'CLOSED'
        else 'OPEN'
    end as completeness,
    case
        when lacks_rows then missing_row_count || ' rows promised by the names of files are not there'
        when is_gap then 'nothing was received, and in ' || heard_hours || ' of the 24 hours before something was'
    end as reason,
    cast(row_count as number(19, 0)) as row_count,
    cast(failed_event_count as number(19, 0)) as failed_event_count,
    cast(file_count as number(19, 0)) as file_count,
    cast(missing_row_count as number(19, 0)) as missing_row_count,
    newest_received_at
from judged
