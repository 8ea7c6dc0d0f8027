{#-
  Incremental strategy `replace_keys`: all rows of each touched key give way to the rows that the model made of it, in
  one transaction, so that no reader meets a key without its rows. `meta.replaced_by` names the column or columns of the key,
  and unique_key those of a row. A touched key that has no rows any more comes as one row without a period: `meta.period` is
  the column that bounds what is written, event_day where nothing is said.
-#}
{% macro get_incremental_replace_keys_sql(arg_dict) %}
    {%- set made = arg_dict['temp_relation'] -%}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set meta = config.get('meta') -%}
    {%- set keys = listed(meta.replaced_by) -%}
    {%- set period = meta.period or 'event_day' -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    {%- set is_replaced -%}
        {{ as_tuple(keys) }} in (select {{ prefixed(keys, 'made') }} from {{ made }} as made)
    {%- endset -%}

    {%- do refuse_doubled_keys(made, (listed(arg_dict['unique_key']) + keys) | unique, period) -%}
    {%- set periods = run_query(
        'select distinct ' ~ period ~ ' from ' ~ target ~ ' where ' ~ is_replaced ~ ' order by ' ~ period
    ).rows | map(attribute=0) | list -%}

    {%- set replace -%}
        {% if periods %}
            delete from {{ target }}
            where
                {{ on_periods(period, periods) }}
                and {{ is_replaced }};
        {% endif %}
        insert into {{ target }} ({{ columns }})
        select {{ columns }} from {{ made }}
        where {{ period }} is not null
    {%- endset -%}
    {{ return(snowflake_dml_explicit_transaction(replace)) }}
{% endmacro %}
