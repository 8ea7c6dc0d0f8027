{#- A missing card id joins to the member `(unknown)` of dim_card instead of dropping its row. -#}
{% macro known_card_id(column) -%}
    coalesce(nullif({{ column }}, ''), '(unknown)')
{%- endmacro %}
