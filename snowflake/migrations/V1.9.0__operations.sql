-- What runs the warehouse itself: a warehouse for alerts and checks, a role for people on call, and the list of what was found.
{% set database = 'MILLRACE_' ~ environment | upper %}
create warehouse if not exists {{ database }}_OPERATE
    warehouse_size = 'XSMALL'
    auto_suspend = 60
    auto_resume = true
    initially_suspended = true
    statement_timeout_in_seconds = 600
    comment = 'Alerts, checks and the change of a pipe';

create role if not exists {{ database }}_OPERATOR;

-- Whoever is on call sees everything but restricted values, and may pause, refresh and resume pipes.
grant role {{ database }}_RAW_WRITE to role {{ database }}_OPERATOR;
grant role {{ database }}_RAW_READ to role {{ database }}_OPERATOR;
grant role {{ database }}_MARTS_READ to role {{ database }}_OPERATOR;
grant role {{ database }}_AUDIT_READ to role {{ database }}_OPERATOR;
grant usage on warehouse {{ database }}_OPERATE to role {{ database }}_OPERATOR;
grant usage on warehouse {{ database }}_OPERATE to role {{ database }}_LOADER;

-- Roles that hang on nothing can be granted and changed by nobody but their maker.
{% for role in ['LOADER', 'TRANSFORMER', 'REPORTER', 'OPERATOR'] %}
grant role {{ database }}_{{ role }} to role SYSADMIN;
{% endfor %}

create table if not exists {{ database }}.AUDIT.ALERTS (
    alert varchar not null comment 'Name of the alert that spoke.',
    subject varchar not null comment 'The pipe, file or schema that it speaks of.',
    finding varchar not null comment 'What is wrong, as a sentence.',
    raised_at timestamp_ntz(6) not null comment 'When it was found, UTC.'
)
    comment = 'What alerts have found: a line for each subject and day';

create table if not exists {{ database }}.AUDIT.PIPE_CHANGES (
    pipe varchar not null comment 'Full name of the pipe.',
    begun_at timestamp_ntz(6) not null comment 'When it was paused for the change, UTC.',
    grants varchar not null comment 'The grants it had, as statements.',
    finished_at timestamp_ntz(6) comment 'Empty while the change is under way: running it again goes on with it.'
)
    comment = 'Pipes that were made again, so that a change that was cut off knows from which moment to refresh';
