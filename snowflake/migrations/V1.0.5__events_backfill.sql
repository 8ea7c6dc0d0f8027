-- History from before the pipeline. A table now; a view over a replication tool's mirror when there is one.
{% set database = 'MILLRACE_' ~ environment | upper %}
create table if not exists {{ database }}.RAW.EVENTS_BACKFILL (
    _source varchar not null,
    _type varchar not null,
    _event_id varchar not null,
    _occurred_at timestamp_ntz(6),
    _loaded_at timestamp_ntz(6),
    payload variant
)
    comment = 'Events of before the pipeline: the payload has the fields of the contract';
