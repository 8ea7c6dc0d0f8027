{#-
  The rows of a relation that a generic test reads; dbt calls this macro for each of them. With `tested_rows: increment`
  tests of models whose rows have a load time read the rows loaded lately, by the clock: asking for the newest load time
  would scan what this is to spare. All that is tested of staging and intermediate has one, and marts whose columns name it.
-#}
{% macro get_where_subquery(relation) -%}
    {%- set conditions = [] -%}
    {%- if config.get('where') -%}
        {%- do conditions.append('(' ~ config.get('where') ~ ')') -%}
    {%- endif -%}
    {%- if var('tested_rows') not in ('everything', 'increment') -%}
        {%- do exceptions.raise_compiler_error(
            'The variable tested_rows is everything or increment, not ' ~ var('tested_rows') ~ '.'
        ) -%}
    {%- endif -%}
    {%- if var('tested_rows') == 'increment' and has_load_time(relation) -%}
        {%- do conditions.append(
            '(loaded_at is null or loaded_at >= dateadd(hour, -' ~ var('look_back_hours') ~ ', sysdate()))'
        ) -%}
    {%- endif -%}
    {%- if conditions -%}
        (select * from {{ relation }} where {{ conditions | join(' and ') }}) as dbt_subquery
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}


{% macro has_load_time(relation) -%}
    {%- set tested = (graph.nodes or {}).get(model.attached_node) or {} -%}
    {{ return(relation.schema | lower in ('staging', 'intermediate') or 'loaded_at' in (tested.columns or {})) }}
{%- endmacro %}
