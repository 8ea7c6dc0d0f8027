-- Access roles hold the rights, functional roles are what users and services get.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% for warehouse, purpose in [('TRANSFORM', 'dbt'), ('REPORT', 'People and dashboards')] %}
create warehouse if not exists {{ database }}_{{ warehouse }}
    warehouse_size = 'XSMALL'
    auto_suspend = 60
    auto_resume = true
    initially_suspended = true
    statement_timeout_in_seconds = 3600
    comment = '{{ purpose }}';
{% endfor %}

{% for role in ['RAW_READ', 'RAW_WRITE', 'MODELS_WRITE', 'MARTS_READ', 'AUDIT_READ', 'LOADER', 'TRANSFORMER', 'REPORTER'] %}
create role if not exists {{ database }}_{{ role }};
{% endfor %}

{% for role in ['RAW_READ', 'RAW_WRITE', 'MODELS_WRITE', 'MARTS_READ', 'AUDIT_READ'] %}
grant usage on database {{ database }} to role {{ database }}_{{ role }};
{% endfor %}

grant usage on schema {{ database }}.RAW to role {{ database }}_RAW_READ;
grant select on all tables in schema {{ database }}.RAW to role {{ database }}_RAW_READ;
grant select on future tables in schema {{ database }}.RAW to role {{ database }}_RAW_READ;
grant select on future views in schema {{ database }}.RAW to role {{ database }}_RAW_READ;

grant usage on schema {{ database }}.RAW to role {{ database }}_RAW_WRITE;
grant select, insert on all tables in schema {{ database }}.RAW to role {{ database }}_RAW_WRITE;
grant select, insert on future tables in schema {{ database }}.RAW to role {{ database }}_RAW_WRITE;
grant usage on future stages in schema {{ database }}.RAW to role {{ database }}_RAW_WRITE;
grant usage on future file formats in schema {{ database }}.RAW to role {{ database }}_RAW_WRITE;
-- MONITOR shows the pipe's name in COPY_HISTORY, OPERATE pauses and resumes it.
grant monitor, operate on future pipes in schema {{ database }}.RAW to role {{ database }}_RAW_WRITE;

{% for schema in ['STAGING', 'INTERMEDIATE', 'MARTS', 'AUDIT'] %}
grant usage, create table, create view on schema {{ database }}.{{ schema }} to role {{ database }}_MODELS_WRITE;
grant select on future tables in schema {{ database }}.{{ schema }} to role {{ database }}_MODELS_WRITE;
grant select on future views in schema {{ database }}.{{ schema }} to role {{ database }}_MODELS_WRITE;
{% endfor %}

{% for schema in ['MARTS', 'AUDIT'] %}
grant usage on schema {{ database }}.{{ schema }} to role {{ database }}_{{ schema }}_READ;
grant select on all tables in schema {{ database }}.{{ schema }} to role {{ database }}_{{ schema }}_READ;
grant select on future tables in schema {{ database }}.{{ schema }} to role {{ database }}_{{ schema }}_READ;
grant select on future views in schema {{ database }}.{{ schema }} to role {{ database }}_{{ schema }}_READ;
{% endfor %}

grant role {{ database }}_RAW_WRITE to role {{ database }}_LOADER;
grant role {{ database }}_RAW_READ to role {{ database }}_TRANSFORMER;
grant role {{ database }}_MODELS_WRITE to role {{ database }}_TRANSFORMER;
grant role {{ database }}_MARTS_READ to role {{ database }}_REPORTER;
grant role {{ database }}_AUDIT_READ to role {{ database }}_REPORTER;
grant usage on warehouse {{ database }}_TRANSFORM to role {{ database }}_TRANSFORMER;
grant usage on warehouse {{ database }}_REPORT to role {{ database }}_REPORTER;
