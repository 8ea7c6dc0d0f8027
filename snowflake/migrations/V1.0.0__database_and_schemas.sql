-- Idempotent: the command that applies the migrations makes the database first, since the change history lives in it.
{% set database = 'MILLRACE_' ~ environment | upper %}
create database if not exists {{ database }}
    comment = 'Business events of the {{ environment }} environment, from raw rows to tested marts';

{% for schema, purpose in [
    ('RAW', 'Rows as the pipes loaded them; appended only'),
    ('STAGING', 'Views that rename and cast, one per type'),
    ('INTERMEDIATE', 'One row per identity and event day'),
    ('MARTS', 'What reports read'),
    ('AUDIT', 'Change history, load history, conflicts, stored test failures')
] %}
create schema if not exists {{ database }}.{{ schema }} with managed access
    comment = '{{ purpose }}';
{% endfor %}

-- START_SCAN_TIME is a time in the zone of the session, and a pipe's session takes the zone of the account: with any other zone
-- than UTC every _loaded_at, and every timestamp of a Parquet file, would be shifted. 'keep' leaves an account that is in UTC alone.
{% if account_timezone | default('UTC') != 'keep' %}
alter account set timezone = 'UTC';
{% endif %}
