{#-
  Incremental strategy `replace_periods`: the days or hours in the increment are replaced by what it brings, in one
  transaction. For models whose query gives all rows of the periods that it touches. The statement names the periods as
  literals, so that the warehouse prunes.
-#}
{% macro get_incremental_replace_periods_sql(arg_dict) %}
    {%- set target, source = arg_dict['target_relation'], arg_dict['temp_relation'] -%}
    {%- set period = config.get('meta')['replaced_period'] -%}
    {%- set type = model.columns[period].data_type -%}
    {%- set periods = run_query(
        'select distinct to_varchar(' ~ period ~ ") from " ~ source ~ ' order by 1'
    ).columns[0].values() -%}
    {%- if not periods -%}
        {{ return("select 'nothing new' as result") }}
    {%- endif -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    {%- set dml -%}
        delete from {{ target }}
        where
            {% if periods | length <= 400 -%}
                {{ period }} in (
                    {%- for each in periods -%} '{{ each }}'::{{ type }} {{- ', ' if not loop.last -}} {%- endfor -%}
                )
            {%- else -%}
                {{ period }} between '{{ periods | first }}'::{{ type }} and '{{ periods | last }}'::{{ type }}
                and {{ period }} in (select {{ period }} from {{ source }})
            {%- endif %};
        insert into {{ target }} ({{ columns }}) (select {{ columns }} from {{ source }})
    {%- endset -%}
    {{ return(snowflake_dml_explicit_transaction(dml)) }}
{% endmacro %}
