-- What the account knows of this database's statements, loads and pipes, for the cost sheet. The role that applies this
-- needs the database roles SNOWFLAKE.USAGE_VIEWER, GOVERNANCE_VIEWER and OBJECT_VIEWER; who reads the views does not.
{% set database = 'MILLRACE_' ~ environment | upper %}
create view if not exists {{ database }}.AUDIT.ACCOUNT_STATEMENTS
    comment = 'Statements with a query tag of dbt, with the credits of their execution'
    as
    select
        statements.query_id,
        statements.query_tag,
        statements.warehouse_name,
        statements.execution_status,
        convert_timezone('UTC', statements.start_time)::timestamp_ntz as started_at,
        statements.total_elapsed_time as elapsed_milliseconds,
        -- the account attributes no credits to statements of less than about 100 ms, and is up to 8 hours late
        attributed.credits_attributed_compute as credits
    from SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY as statements
    left join SNOWFLAKE.ACCOUNT_USAGE.QUERY_ATTRIBUTION_HISTORY as attributed
        on statements.query_id = attributed.query_id
    where
        statements.database_name = '{{ database }}'
        and startswith(statements.query_tag, '{"app": "millrace"');

create view if not exists {{ database }}.AUDIT.ACCOUNT_LOADS
    comment = 'Files that the pipes took or refused'
    as
    select
        loads.table_name,
        loads.pipe_name,
        loads.file_name,
        loads.file_size as stored_bytes,
        loads.row_count,
        loads.status,
        loads.first_error_message,
        convert_timezone('UTC', loads.last_load_time)::timestamp_ntz as loaded_at
    from SNOWFLAKE.ACCOUNT_USAGE.COPY_HISTORY as loads
    where
        loads.table_catalog_name = '{{ database }}'
        and loads.table_schema_name = 'RAW';

create view if not exists {{ database }}.AUDIT.ACCOUNT_PIPES
    comment = 'What the pipes were billed for'
    as
    select
        pipes.pipe_name,
        convert_timezone('UTC', usage.start_time)::timestamp_ntz as started_at,
        usage.bytes_billed as billed_bytes,
        usage.credits_used as credits
    from SNOWFLAKE.ACCOUNT_USAGE.PIPE_USAGE_HISTORY as usage
    inner join SNOWFLAKE.ACCOUNT_USAGE.PIPES as pipes
        on usage.pipe_id = pipes.pipe_id
    where pipes.pipe_catalog = '{{ database }}';
