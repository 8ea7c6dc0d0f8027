{#-
  Incremental strategy `replace_histories`: the rows of every key in the increment are replaced by those that it brings, in one
  transaction. For models whose query gives all rows of the keys that it touches. An event that has moved to another key
  leaves no row of its old key behind: rows of the events that the increment brings (`event_identity`) are replaced too.
-#}
{% macro get_incremental_replace_histories_sql(arg_dict) %}
    {%- set target, source = arg_dict['target_relation'], arg_dict['temp_relation'] -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    {%- set dml -%}
        {{ delete_what_is_replaced(target, source, config.get('meta')['replaced_key']) }}
        {% if config.get('meta')['event_identity'] %}
            {{ delete_what_is_replaced(target, source, config.get('meta')['event_identity']) }}
        {% endif %}
        insert into {{ target }} ({{ columns }}) (select {{ columns }} from {{ source }})
    {%- endset -%}
    {{ return(snowflake_dml_explicit_transaction(dml)) }}
{% endmacro %}


{% macro delete_what_is_replaced(target, source, key) %}
    delete from {{ target }} as DBT_INTERNAL_DEST
    using (select distinct {{ key | join(', ') }} from {{ source }}) as DBT_INTERNAL_SOURCE
    where
        {%- for column in key %}
            {{ 'and ' if not loop.first }}DBT_INTERNAL_DEST.{{ column }} = DBT_INTERNAL_SOURCE.{{ column }}
        {%- endfor %};
{% endmacro %}
