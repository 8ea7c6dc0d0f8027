{#- A missing key is `(unknown)`: its rows join to the member of that name, and meet each other, instead of dropping out. -#}
{% macro known(column) -%}
    coalesce(nullif({{ column }}, ''), '(unknown)')
{%- endmacro %}
