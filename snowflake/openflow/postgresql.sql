-- On the PostgreSQL side, by its administrator, with psql:
--   psql -v tables='public.order_events' -v password="'...'" -f postgresql.sql
-- wal_level must be logical. Every table needs a primary key: it is the replica identity, and the key of the mirror.
-- The slot that the connector makes keeps the log until it is read: watch the disk, and drop the slot when the connector goes.
create role millrace_openflow with login replication password :password;
grant usage on schema public to millrace_openflow;
grant select on :tables to millrace_openflow;
create publication millrace_openflow for table :tables;
