-- Who reads restricted values: to be run once in an account, behind the first `dbt build`, with <ENV> replaced. Only an
-- account can answer: the warehouse of the laptop run knows no policies. The user must hold both roles.
use secondary roles none;

-- Those who build models read clear: masked is 0, stated is not.
use role MILLRACE_<ENV>_TRANSFORMER;
use warehouse MILLRACE_<ENV>_TRANSFORM;
select
    count_if(customer_id = '(masked)') as masked,
    count(customer_id) as stated
from MILLRACE_<ENV>.MARTS.FCT_ORDERS;
select
    count_if(customer_id = '(masked)') as masked,
    count(customer_id) as stated
from MILLRACE_<ENV>.MARTS.SHOP_ORDER_HISTORY;
select
    count_if(customer_id = '(masked)') as masked,
    count(customer_id) as stated
from MILLRACE_<ENV>.MARTS.SHOP_ORDER_CHANGES;
select
    count_if(customer_id = '(masked)') as masked,
    count(customer_id) as stated
from MILLRACE_<ENV>.MARTS.SHOP_ORDER_SNAPSHOT;
select
    count_if(user_id = '(masked)') as masked,
    count(user_id) as stated
from MILLRACE_<ENV>.MARTS.USER_ACTIVITY_HISTORY;
select
    count_if(user_id = '(masked)') as masked,
    count(user_id) as stated
from MILLRACE_<ENV>.MARTS.USER_ACTIVITY_CHANGES;
select
    count_if(user_id = '(masked)') as masked,
    count(user_id) as stated
from MILLRACE_<ENV>.MARTS.USER_ACTIVITY_SNAPSHOT;

select
    count_if(customer_id = '(masked)') as masked,
    count(customer_id) as stated
from MILLRACE_<ENV>.MARTS.DIM_CUSTOMER
where not is_inferred;

select
    count_if(source_key = '(masked)') as masked,
    count(source_key) as stated
from MILLRACE_<ENV>.MARTS.LINK_SOURCE_KEYS
where entity = 'order' and source = 'orders';

-- Everybody else reads masks: masked equals stated.
use role MILLRACE_<ENV>_REPORTER;
use warehouse MILLRACE_<ENV>_REPORT;
select
    count_if(customer_id = '(masked)') as masked,
    count(customer_id) as stated
from MILLRACE_<ENV>.MARTS.FCT_ORDERS;
select
    count_if(customer_id = '(masked)') as masked,
    count(customer_id) as stated
from MILLRACE_<ENV>.MARTS.SHOP_ORDER_HISTORY;
select
    count_if(customer_id = '(masked)') as masked,
    count(customer_id) as stated
from MILLRACE_<ENV>.MARTS.SHOP_ORDER_CHANGES;
select
    count_if(customer_id = '(masked)') as masked,
    count(customer_id) as stated
from MILLRACE_<ENV>.MARTS.SHOP_ORDER_SNAPSHOT;
select
    count_if(user_id = '(masked)') as masked,
    count(user_id) as stated
from MILLRACE_<ENV>.MARTS.USER_ACTIVITY_HISTORY;
select
    count_if(user_id = '(masked)') as masked,
    count(user_id) as stated
from MILLRACE_<ENV>.MARTS.USER_ACTIVITY_CHANGES;
select
    count_if(user_id = '(masked)') as masked,
    count(user_id) as stated
from MILLRACE_<ENV>.MARTS.USER_ACTIVITY_SNAPSHOT;

select
    count_if(customer_id = '(masked)') as masked,
    count(customer_id) as stated
from MILLRACE_<ENV>.MARTS.DIM_CUSTOMER
where not is_inferred;

select
    count_if(source_key = '(masked)') as masked,
    count(source_key) as stated
from MILLRACE_<ENV>.MARTS.LINK_SOURCE_KEYS
where entity = 'order' and source = 'orders';

-- The mask comes by the tag: one row, CUSTOMER_ID, ACCESS, RESTRICTED. The same again behind
-- `dbt build --full-refresh`, and while one runs the query above never shows a value.
use role MILLRACE_<ENV>_TRANSFORMER;
use warehouse MILLRACE_<ENV>_TRANSFORM;
select
    tags.column_name,
    tags.tag_name,
    tags.tag_value
from table(MILLRACE_<ENV>.INFORMATION_SCHEMA.TAG_REFERENCES_ALL_COLUMNS('MILLRACE_<ENV>.MARTS.FCT_ORDERS', 'table')) as tags;
