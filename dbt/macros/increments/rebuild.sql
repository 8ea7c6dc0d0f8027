{#- The keyhole: `--vars '{rebuild_from: 2026-11-01, rebuild_to: 2026-11-03}'` builds these event days anew, the last one included. -#}

{% macro is_rebuild() %}
    {%- if (var('rebuild_from', none) is none) != (var('rebuild_to', none) is none) -%}
        {%- do exceptions.raise_compiler_error('A rebuild needs both rebuild_from and rebuild_to, as dates.') -%}
    {%- endif -%}
    {{ return(var('rebuild_from', none) is not none) }}
{% endmacro %}


{% macro rebuilt_days(column='event_day') -%}
    {{ column }} between '{{ var("rebuild_from") }}'::date and '{{ var("rebuild_to") }}'::date
{%- endmacro %}
