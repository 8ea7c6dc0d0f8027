-- manufacturing.v1.ManufacturingBatch: written by `./millrace contract migrate`. Forward only: a correction is the next migration.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set format = 'PARQUET' if event_format == 'parquet' else 'NDJSON_' ~ ndjson_codec | default('zstd') | upper %}
comment on table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH is 'manufacturing.v1.ManufacturingBatch: A production batch of one card was completed.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column event_id comment 'Identity of this event, given by the producer. Required.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column manufacturing_batch_id comment 'The production batch: its business key. Required.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column card_id comment 'The card that was produced.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column planned_quantity comment 'Pieces that were planned.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column produced_quantity comment 'Pieces that were made, scrapped ones included.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column scrapped_quantity comment 'Pieces that were made and thrown away; at most `produced_quantity`.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column started_at comment 'When production began.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column completed_at comment 'When production ended.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column plant comment 'Plant that produced it.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column defects comment 'Defects by kind; empty when none was found.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column scrap_rate comment 'Scrapped pieces over produced pieces, 0 to 1, as the plant computed it; absent when nothing was produced.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _event_id comment 'The producer''s id of the event; identity is (source, type, event_id).';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _id_origin comment 'Where the id comes from (CONTRACT, CLOUDEVENTS_ID, MESSAGE_ID, COORDINATES, RECEIPT, CANONICAL_PAYLOAD).';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _source comment 'The producing system.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _type comment 'Full name of the protobuf message.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _occurred_at comment 'Event time, UTC.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _published_at comment 'When the broker took the message, UTC.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _received_at comment 'When the pipeline took the message, UTC.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _schema_version comment 'Version of the contract the producer used.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _payload_hash comment 'Keyed hash of the canonical payload, `<key id>:<hex>`.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _batch_id comment 'The batch that carried the event.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _batch_row comment 'Position in the batch.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _unknown_fields comment 'Place of the bytes the contract did not know, when there were any.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _file comment 'The loaded file.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _file_row comment 'Row in the file.';

alter table {{ database }}.RAW.MANUFACTURING_V1__MANUFACTURING_BATCH modify column _loaded_at comment 'When the load of the row began, UTC.';
