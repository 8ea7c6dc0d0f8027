-- Where Openflow's PostgreSQL connector writes its mirror, and what its runtime may do. The password of the database is a
-- sensitive parameter of the runtime and stands in no SQL.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set mirror = database ~ '_MIRROR' %}
create database if not exists {{ mirror }}
    comment = 'Current state of replicated PostgreSQL tables: not treated, so nothing personal belongs here';

create warehouse if not exists {{ database }}_OPENFLOW
    warehouse_size = 'XSMALL'
    auto_suspend = 60
    auto_resume = true
    initially_suspended = true
    comment = 'Merges of the replication';

-- The runtime executes as this role. The connector makes schemas and tables as it finds them in PostgreSQL.
create role if not exists {{ database }}_OPENFLOW;
grant usage, create schema on database {{ mirror }} to role {{ database }}_OPENFLOW;
grant usage, operate on warehouse {{ database }}_OPENFLOW to role {{ database }}_OPENFLOW;
grant role {{ database }}_OPENFLOW to role {{ openflow_admin | default('OPENFLOW_ADMIN') }};

-- A view reads with the rights of who made it: the role that applies these files.
grant usage on database {{ mirror }} to role {{ migration_role | default('SYSADMIN') }};
grant usage on future schemas in database {{ mirror }} to role {{ migration_role | default('SYSADMIN') }};
grant select on future tables in database {{ mirror }} to role {{ migration_role | default('SYSADMIN') }};

-- The only address that the runtime may reach: host and port of PostgreSQL. For a deployment in Snowflake; one of your own
-- account needs a route instead.
create network rule if not exists {{ mirror }}.PUBLIC.POSTGRESQL
    type = host_port
    mode = egress
    value_list = ('{{ postgres_address }}');
create external access integration if not exists {{ database }}_OPENFLOW
    allowed_network_rules = ({{ mirror }}.PUBLIC.POSTGRESQL)
    enabled = true;
grant usage on integration {{ database }}_OPENFLOW to role {{ database }}_OPENFLOW;
