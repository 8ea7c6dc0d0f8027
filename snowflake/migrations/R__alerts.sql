-- Alerts as SQL. What they look at is a view where a view can say it, so that people may ask the same; each writes what it has
-- found into AUDIT.ALERTS, a subject once a day, and one more alert sends a mail when there is something new.
{% from 'lists/pipes.sql' import pipes %}
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set audit = database ~ '.AUDIT' %}
{% set raw = database ~ '.RAW' %}
{% set tables = pipes | map(attribute=1) | unique | list %}
{% set idle_hours = idle_hours | default(24) %}
{% set stale_hours = stale_hours | default(3) %}
-- When each pipe has loaded last; never is null. It must be asked of the rows: the status of a pipe knows no time before its
-- first file, so an alert on it stays silent for a pipe that never worked.
create or replace view {{ audit }}.PIPE_LOADS as
{% for pipe, table, source in pipes %}
select
    '{{ pipe }}' as pipe,
    '{{ table }}' as table_name,
    max(_loaded_at) as last_loaded_at
from {{ raw }}.{{ table }}
{{ "where _source = '" ~ source ~ "'" if source else '' }}
{{ 'union all' if not loop.last else ';' }}
{% endfor %}

-- Rows of each file of the last three days against the number in its name.
create or replace view {{ audit }}.LOADED_FILES as
select
    table_name,
    file,
    rows_loaded,
    cast(regexp_substr(file, '[.]r([0-9]+)[.]', 1, 1, 'e', 1) as integer) as rows_promised,
    loaded_at
from (
{% for table in tables %}
    select
        '{{ table }}' as table_name,
        _file as file,
        count(*) as rows_loaded,
        max(_loaded_at) as loaded_at
    from {{ raw }}.{{ table }}
    where _loaded_at >= dateadd(day, -3, sysdate())
    group by _file
    {{ 'union all' if not loop.last else '' }}
{% endfor %}
) as files;

create or replace view {{ audit }}.FINDINGS as
select
    'IDLE_PIPE' as alert,
    pipe as subject,
    case
        when last_loaded_at is null then 'Pipe ' || pipe || ' has never loaded a file.'
        else 'Pipe ' || pipe || ' has loaded nothing for more than {{ idle_hours }} hours.'
    end as finding
from {{ audit }}.PIPE_LOADS
where
    coalesce(last_loaded_at, cast('1970-01-01' as timestamp_ntz)) < dateadd(hour, -{{ idle_hours }}, sysdate())
    and pipe not in ('FAILED_EVENTS_PIPE'{% for pipe in (quiet_pipes | default('')).split(',') if pipe | trim %}, '{{ pipe | trim | upper }}'{% endfor %})
union all
select
    'MISSING_ROWS' as alert,
    file as subject,
    'Table ' || table_name || ' has ' || rows_loaded || ' rows of a file that has ' || rows_promised || '.' as finding
from {{ audit }}.LOADED_FILES
where
    rows_loaded < rows_promised
    -- The rows of one file may come in several transactions.
    and loaded_at < dateadd(minute, -30, sysdate());

{% macro new_ones(alert, findings) %}
    select found.alert, found.subject, found.finding
    from ({{ findings }}) as found
    left join {{ audit }}.ALERTS as told
        on
            found.alert = told.alert
            and found.subject = told.subject
            and told.raised_at > dateadd(day, -1, sysdate())
    where found.alert = '{{ alert }}' and told.alert is null
{% endmacro %}

{% set failed_loads %}
    {% for table in tables %}
    select
        'LOAD_FAILED' as alert,
        file_name as subject,
        'Pipe ' || coalesce(pipe_name, '(unknown)') || ': ' || status || ': ' || coalesce(first_error_message, 'no reason') as finding
    from table({{ database }}.information_schema.copy_history(
        table_name => '{{ raw }}.{{ table }}', start_time => dateadd(day, -1, current_timestamp())
    ))
    where lower(status) <> 'loaded'
    {{ 'union all' if not loop.last else '' }}
    {% endfor %}
{% endset %}

-- Files that lie in the bucket for more than an hour, and of which no pipe has heard: neither rows nor a failure.
{% set unheard_files %}
    {% for stage, prefix in [('EVENTS', 'events/'), ('FAILED', 'failed/')] %}
    select
        'MISSING_FILE' as alert,
        '{{ prefix }}' || listed.relative_path as subject,
        'A file of ' || listed.last_modified || ' is in the bucket and was not loaded: ./millrace renotify announces it again.' as finding
    from directory(@{{ raw }}.{{ stage }}) as listed
    left join {{ audit }}.LOADED_FILES as loaded on loaded.file = '{{ prefix }}' || listed.relative_path
    left join {{ audit }}.ALERTS as failed on failed.alert = 'LOAD_FAILED' and failed.subject like '%' || listed.relative_path
    where
        listed.last_modified between dateadd(day, -2, current_timestamp()) and dateadd(hour, -1, current_timestamp())
        and loaded.file is null
        and failed.subject is null
    {{ 'union all' if not loop.last else '' }}
    {% endfor %}
{% endset %}

-- The hourly run: rows wait, and no mart has changed since they came. LAST_ALTERED of one mart alone says little, DDL moves it too.
{% set stale_marts %}
    select
        'STALE_MARTS' as alert,
        'MARTS' as subject,
        'Rows were loaded more than {{ stale_hours }} hours ago, and no mart has changed since.' as finding
    from (select min(loaded_at) as waiting_since from {{ audit }}.LOADED_FILES
          where loaded_at > (
              select coalesce(max(cast(convert_timezone('UTC', last_altered) as timestamp_ntz)), cast('1970-01-01' as timestamp_ntz))
              from {{ database }}.information_schema.tables where table_schema = 'MARTS'
          )) as waiting
    where waiting_since < dateadd(hour, -{{ stale_hours }}, sysdate())
{% endset %}

{% set findings = 'select alert, subject, finding from ' ~ audit ~ '.FINDINGS' %}
{% for alert, query in [
    ('IDLE_PIPE', findings),
    ('MISSING_ROWS', findings),
    ('LOAD_FAILED', failed_loads),
    ('MISSING_FILE', unheard_files),
    ('STALE_MARTS', stale_marts)
] %}
create alert if not exists {{ audit }}.{{ alert }}
    warehouse = {{ database }}_OPERATE
    schedule = '60 MINUTE'
    if (exists ({{ new_ones(alert, query) }}))
    then insert into {{ audit }}.ALERTS (alert, subject, finding, raised_at)
        select alert, subject, finding, sysdate() from ({{ new_ones(alert, query) }}) as raised;

alter alert if exists {{ audit }}.{{ alert }} modify condition exists ({{ new_ones(alert, query) }});

alter alert if exists {{ audit }}.{{ alert }} modify action insert into {{ audit }}.ALERTS (alert, subject, finding, raised_at)
    select alert, subject, finding, sysdate() from ({{ new_ones(alert, query) }}) as raised;

alter alert if exists {{ audit }}.{{ alert }} resume;
{% endfor %}

-- The list of files, which MISSING_FILE reads, is brought up to date each hour.
{% for stage in ['EVENTS', 'FAILED'] %}
alter stage {{ raw }}.{{ stage }} set directory = (enable = TRUE);

create task if not exists {{ audit }}.LIST_{{ stage }}
    warehouse = {{ database }}_OPERATE
    schedule = '60 MINUTE'
    comment = 'What lies in the bucket, for the alert on files that no pipe has heard of'
    as alter stage {{ raw }}.{{ stage }} refresh;

alter task if exists {{ audit }}.LIST_{{ stage }} resume;
{% endfor %}

{% if alert_email is defined %}
create notification integration if not exists {{ database }}_MAIL
    type = EMAIL
    enabled = TRUE
    allowed_recipients = ('{{ alert_email }}')
    comment = 'Mail of alerts of the {{ environment }} environment';

alter notification integration if exists {{ database }}_MAIL set allowed_recipients = ('{{ alert_email }}');

create alert if not exists {{ audit }}.MAIL
    warehouse = {{ database }}_OPERATE
    schedule = '15 MINUTE'
    if (exists (select alert from {{ audit }}.ALERTS where raised_at > dateadd(minute, -15, sysdate())))
    then call system$send_email('{{ database }}_MAIL', '{{ alert_email }}', 'Millrace {{ environment }}: an alert of the warehouse', 'What was found stands in {{ audit }}.ALERTS, the newest last.');

alter alert if exists {{ audit }}.MAIL resume;
{% endif %}
