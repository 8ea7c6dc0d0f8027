{{ config(
    severity=var('business_severity'),
    tags=['business'],
    store_failures=true,
) }}

-- Each row is a card that was sold beyond the good units made by that time, with its explanation. A card without a
-- catalogue event is named by the test on the catalogue instead: its units may be known under no id at all.
select
    card_id,
    card_name,
    sold_quantity,
    good_quantity,
    largest_shortage,
    first_breach_at,
    first_breach_order_id,
    explanation,
    short_order_lines,
    manufacturing_batches
from {{ ref('oversold_cards') }}
where is_catalogued
