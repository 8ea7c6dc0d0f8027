select
    query_id,
    parse_json(query_tag):run::varchar as run_id,
    parse_json(query_tag):node::varchar as node_name,
    parse_json(query_tag):kind::varchar as node_kind,
    parse_json(query_tag):model::varchar as model_name,
    parse_json(query_tag):source::varchar as source,
    warehouse_name,
    execution_status = 'SUCCESS' as is_successful,
    started_at,
    elapsed_milliseconds,
    credits
from {{ source('usage', 'account_statements') }}
