{#-
  The rows of an input that the touched keys are made of, whenever they occurred: by key, and on the event days of these
  keys, so that the wide columns are read of those days only. A full run reads all.
-#}
{% macro of_touched(input, key, columns='*') -%}
    select {{ columns }}
    from {{ input }}
    where
        {% if is_incremental() -%}
            {{ key }} in (select touched.{{ key }} from touched)
            and event_day in (
                select days.event_day
                from {{ input }} as days
                where days.{{ key }} in (select touched.{{ key }} from touched)
            )
        {%- else -%}
            true
        {%- endif %}
{%- endmacro %}


{#-
  The rows of the CTE `final`, and for each touched key that has none any more one row without an event day: the strategy
  replace_keys takes the old rows of that key away.
-#}
{% macro with_touched_keys(row_key, key) -%}
    select
        final.* replace (
            {% if row_key != key %}coalesce(final.{{ row_key }}, touched.{{ key }}) as {{ row_key }},{% endif %}
            touched.{{ key }} as {{ key }}
        )
    from touched
    left join final on touched.{{ key }} = final.{{ key }}
{%- endmacro %}
