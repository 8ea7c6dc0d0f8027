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


{#- The expression to flatten in order to get one row per entry of a map. -#}
{% macro map_to_flatten(column) -%}
    iff(is_array({{ column }}:key_value), {{ column }}:key_value, {{ column }})
{%- endmacro %}


{#- Key of one entry; only an array has an index. -#}
{% macro map_key(flattened) -%}
    iff({{ flattened }}.index is null, {{ flattened }}.key, {{ flattened }}.value:key::varchar)
{%- endmacro %}


{% macro map_value(flattened) -%}
    iff({{ flattened }}.index is null, {{ flattened }}.value, {{ flattened }}.value:value)
{%- endmacro %}
