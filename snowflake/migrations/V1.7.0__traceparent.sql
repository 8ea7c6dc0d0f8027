-- The W3C trace context of the producer, so that a row can be joined with its traces. The column comes before the writer that
-- fills it: MATCH_BY_COLUMN_NAME would leave it out without a word.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% for table in [
    'CARDS_V1__CARD_CATALOG_CREATED',
    'CARDS_V1__CARD_CATALOG_DELETED',
    'CARDS_V1__CARD_CATALOG_UPDATED',
    'COMMERCE_V1__INVENTORY_CHANGED',
    'COMMERCE_V1__ORDER_PLACED',
    'COMMERCE_V1__USER_ACTIVITY',
    'JSON_V1__JSON_EVENT',
    'MANUFACTURING_V1__MANUFACTURING_BATCH',
    'ORDERS_V1__ORDER_CREATED',
    'ORDERS_V1__ORDER_STATUS_CHANGED'
] %}
alter table {{ database }}.RAW.{{ table }} add column if not exists _traceparent varchar comment 'The producer''s W3C trace context, `00-<trace id>-<span id>-<flags>`, where it sent one.';
{% endfor %}
