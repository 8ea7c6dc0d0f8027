-- RAW.EVENTS_BACKFILL becomes a view over this table and the mirror. Renamed, the table keeps its rows and its grants;
-- nothing is copied and nothing dropped. Apply it between two runs of the models: for a moment the name is not there.
{% set database = 'MILLRACE_' ~ environment | upper %}
alter table if exists {{ database }}.RAW.EVENTS_BACKFILL rename to {{ database }}.RAW.EVENTS_BACKFILL_TABLE;
