{#- The moment at which a business test judges: now, or what the variable `judged_at` says, UTC. -#}
{% macro judged_at() -%}
    {%- if var('judged_at', none) is none -%} sysdate() {%- else -%} '{{ var('judged_at') }}'::timestamp_ntz {%- endif -%}
{%- endmacro %}
