{#-
  Lists and maps have several shapes in a VARIANT column. NDJSON brings plain JSON: ["a"] and {"k": "v"}. Parquet may
  bring, depending on the scanner, the three-level forms {"list": [{"element": "a"}]}, {"key_value": [{"key": "k",
  "value": "v"}]} or the bare array of keys and values. These macros read all of them; nothing else looks into a list
  or a map.
-#}

{#- The expression to flatten in order to get one row per item of a list. -#}
{% macro list_to_flatten(column) -%}
    coalesce({{ column }}:list, {{ column }})
{%- endmacro %}


{#- One item of a list; `flattened` is the alias of the flatten over list_to_flatten(). -#}
{% macro list_item(flattened) -%}
    coalesce({{ flattened }}.value:element, {{ flattened }}.value)
{%- endmacro %}


{#-
  The keys and values of a map that came as an array of them, else null. A map that is an object already stays as it is:
  taking it apart would cost its size once per entry.
-#}
{% macro map_entries(column) -%}
    case
        when is_array({{ column }}) then {{ column }}
        when is_array({{ column }}:key_value) then {{ column }}:key_value
    end
{%- endmacro %}


{#- Key and value of one entry; `flattened` is the alias of the flatten over map_entries(). -#}
{% macro map_key(flattened) -%}
    {{ flattened }}.value:key::varchar
{%- endmacro %}


{% macro map_value(flattened) -%}
    {{ flattened }}.value:value
{%- endmacro %}
