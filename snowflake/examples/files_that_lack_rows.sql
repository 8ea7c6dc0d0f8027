-- Files of which the warehouse has fewer rows than their name promises.
select
    file_name,
    source,
    promised_row_count,
    different_row_count,
    missing_row_count
from marts.fct_file_delivery
where delivery_state in ('PARTIAL', 'REFUSED')
order by file_name;
