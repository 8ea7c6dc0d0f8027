{#-
  Incremental strategy `replace_keys`: all rows of each touched key give way to the rows that the model made of it, in
  one transaction, so that no reader meets a key without its rows. `meta.replaced_by` names the key; unique_key is the
  key of a row. A touched key that has no rows any more comes as one row without an event day.
-#}
{% macro get_incremental_replace_keys_sql(arg_dict) %}
    {%- set made = arg_dict['temp_relation'] -%}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set key = config.get('meta').replaced_by -%}
    {%- set row_key = arg_dict['unique_key'] -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}

    {%- do refuse_doubled_keys(made, [row_key, key]) -%}
    {%- set days = run_query(
        'select distinct event_day from ' ~ target ~ ' where ' ~ key ~ ' in (select ' ~ key ~ ' from ' ~ made
        ~ ') order by event_day'
    ).rows | map(attribute=0) | list -%}

    {%- set replace -%}
        {% if days %}
            delete from {{ target }}
            where {{ on_days('event_day', days) }} and {{ key }} in (select made.{{ key }} from {{ made }} as made);
        {% endif %}
        insert into {{ target }} ({{ columns }})
        select {{ columns }} from {{ made }}
        where event_day is not null
    {%- endset -%}
    {{ return(snowflake_dml_explicit_transaction(replace)) }}
{% endmacro %}

