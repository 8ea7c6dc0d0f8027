-- Hours with rows that no report should be closed on, and hours that lack some.
select
    source,
    received_hour,
    completeness,
    reason,
    row_count
from marts.fct_completeness
where
    completeness = 'MISSING'
    or (completeness = 'OPEN' and row_count > 0)
order by source, received_hour;
