{#- Schemas are named staging, intermediate, marts and audit in every environment: the database tells the environments apart. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
