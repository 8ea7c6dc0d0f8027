{{ config(
    severity=var('business_severity'),
    tags=['business'],
    store_failures=true,
    fail_calc="coalesce(max(iff(severity = 'ERROR', 2, 1)), 0)",
    warn_if='>= 1',
    error_if='>= 2',
) }}

-- Each row is a card that was sold beyond the good units made by that time, with its explanation. A card without a
-- catalogue event is named by the test on the catalogue instead: its units may be known under no id at all.
-- The result of the test is a grade, not a count: 1 when all cards are within the grace period or production data are
-- late, 2 when one is beyond. Grade 2 fails the test where the variable business_severity says error.
select
    card_id,
    severity,
    card_name,
    sold_quantity,
    good_quantity,
    largest_shortage,
    first_breach_at,
    first_breach_order_id,
    grace_until,
    is_production_late,
    production_known_until,
    production_loaded_until,
    orders_loaded_until,
    explanation,
    short_order_lines,
    manufacturing_batches
from {{ ref('oversold_cards') }}
where is_catalogued
