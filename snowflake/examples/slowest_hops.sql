-- Where events spend their time, in seconds.
select
    source,
    type,
    max(publish_p95_seconds) as publish,
    max(receive_p95_seconds) as receive,
    max(load_p95_seconds) as load,
    max(total_max_seconds) as slowest_event
from marts.fct_delivery_latency
group by source, type
order by slowest_event desc, source, type;
