-- Who reads restricted values: to be run in an account, behind the first `dbt build`, with <ENV> replaced, once with
-- TRANSFORMER for <ROLE> and TRANSFORM for <WAREHOUSE>, once with REPORTER and REPORT. Only an account can answer: the
-- warehouse of the laptop run knows no policies. The user must hold both roles.
use secondary roles none;
use role MILLRACE_<ENV>_<ROLE>;
use warehouse MILLRACE_<ENV>_<WAREHOUSE>;

-- Every row must say is_right: those who build models read clear, everybody else reads masks, and there is something to read.
select
    checked.mart_column,
    checked.masked,
    checked.stated,
    checked.stated > 0
    and checked.masked = case when current_role() = 'MILLRACE_<ENV>_TRANSFORMER' then 0 else checked.stated end as is_right
from (
    select
        'fct_orders.customer_id' as mart_column,
        count_if(customer_id = '(masked)') as masked,
        count(customer_id) as stated
    from MILLRACE_<ENV>.MARTS.FCT_ORDERS
    union all
    select
        'shop_order_history.customer_id' as mart_column,
        count_if(customer_id = '(masked)') as masked,
        count(customer_id) as stated
    from MILLRACE_<ENV>.MARTS.SHOP_ORDER_HISTORY
    union all
    select
        'shop_order_changes.customer_id' as mart_column,
        count_if(customer_id = '(masked)') as masked,
        count(customer_id) as stated
    from MILLRACE_<ENV>.MARTS.SHOP_ORDER_CHANGES
    union all
    select
        'shop_order_snapshot.customer_id' as mart_column,
        count_if(customer_id = '(masked)') as masked,
        count(customer_id) as stated
    from MILLRACE_<ENV>.MARTS.SHOP_ORDER_SNAPSHOT
    union all
    select
        'user_activity_history.user_id' as mart_column,
        count_if(user_id = '(masked)') as masked,
        count(user_id) as stated
    from MILLRACE_<ENV>.MARTS.USER_ACTIVITY_HISTORY
    union all
    select
        'user_activity_changes.user_id' as mart_column,
        count_if(user_id = '(masked)') as masked,
        count(user_id) as stated
    from MILLRACE_<ENV>.MARTS.USER_ACTIVITY_CHANGES
    union all
    select
        'user_activity_snapshot.user_id' as mart_column,
        count_if(user_id = '(masked)') as masked,
        count(user_id) as stated
    from MILLRACE_<ENV>.MARTS.USER_ACTIVITY_SNAPSHOT
    union all
    select
        'dim_customer.customer_id' as mart_column,
        count_if(customer_id = '(masked)') as masked,
        count(customer_id) as stated
    from MILLRACE_<ENV>.MARTS.DIM_CUSTOMER
    where not is_inferred
    union all
    select
        'link_source_keys.source_key' as mart_column,
        count_if(source_key = '(masked)') as masked,
        count(source_key) as stated
    from MILLRACE_<ENV>.MARTS.LINK_SOURCE_KEYS
    where entity = 'order' and source = 'orders'
) as checked
order by checked.mart_column;

-- The mask comes by the tag: one row, CUSTOMER_ID, ACCESS, RESTRICTED. The same again behind
-- `dbt build --full-refresh`, and while one runs the query above never shows the reporter a value.
select
    tags.column_name,
    tags.tag_name,
    tags.tag_value
from table(MILLRACE_<ENV>.INFORMATION_SCHEMA.TAG_REFERENCES_ALL_COLUMNS('MILLRACE_<ENV>.MARTS.FCT_ORDERS', 'table')) as tags;
