{#-
  Incremental strategy `replace_periods`: the days in the increment are replaced by what it brings, in one transaction. For
  models whose query gives all rows of the days that it touches; `meta.replaced_period` names their column. A day that is
  rebuilt gives way even if nothing of it is left.
-#}
{% macro get_incremental_replace_periods_sql(arg_dict) %}
    {%- set target, made = arg_dict['target_relation'], arg_dict['temp_relation'] -%}
    {%- set period = config.get('meta').replaced_period -%}
    {%- set periods = run_query(
        'select distinct ' ~ period ~ ' from ' ~ made ~ ' order by ' ~ period
    ).rows | map(attribute=0) | list -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    {%- set replace -%}
        {% if is_rebuild() %}
            delete from {{ target }}
            where {{ rebuilt_days(period) }};
        {% endif %}
        {% if periods %}
            delete from {{ target }}
            where
                {{ on_periods(period, periods) }}
                and {{ period }} in (select made.{{ period }} from {{ made }} as made);
            insert into {{ target }} ({{ columns }}) (select {{ columns }} from {{ made }})
        {% else %}
            select 'nothing new' as result
        {% endif %}
    {%- endset -%}
    {{ return(snowflake_dml_explicit_transaction(replace)) }}
{% endmacro %}


{#- In one of the periods (days, or hours), which are in order: as literals, while the list is one that a person would read. -#}
{% macro on_periods(column, periods) -%}
    {%- set type = 'timestamp_ntz' if periods[0].hour is defined else 'date' -%}
    {%- if periods | length <= 400 -%}
        {{ column }} in ({% for each in periods %}'{{ each }}'::{{ type }}{{ ', ' if not loop.last }}{% endfor %})
    {%- else -%}
        {{ column }} between '{{ periods | first }}'::{{ type }} and '{{ periods | last }}'::{{ type }}
    {%- endif -%}
{%- endmacro %}
