-- Cards that were sold beyond what had been made, with the whole story in one sentence.
select
    card_id,
    severity,
    is_production_late,
    largest_shortage,
    first_breach_at,
    explanation
from audit.oversold_cards
order by card_id;
