-- Events that could not become rows, by reason.
select
    source,
    failure_class,
    reason,
    count(*) as failed_events
from marts.fct_failed_events
group by source, failure_class, reason
order by failed_events desc, source, failure_class, reason;
