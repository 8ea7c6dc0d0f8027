-- Hours that no report should be closed on.
select
    source,
    received_hour,
    completeness,
    reason
from marts.fct_completeness
where completeness <> 'CLOSED'
order by source, received_hour;
