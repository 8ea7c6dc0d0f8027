{#- Surrogate key of one version of a card: the card and the event that began it. Rebuilding gives the same key again. -#}
{% macro card_version_id(card_id, type, event_id, event_day) -%}
    md5({{ card_id }} || chr(31) || {{ type }} || chr(31) || {{ event_id }} || chr(31) || to_varchar({{ event_day }}, 'YYYY-MM-DD'))
{%- endmacro %}


{#- Key of the member that stands for a card without events, and of `(unknown)`. -#}
{% macro inferred_card_version_id(card_id) -%}
    md5({{ card_id }} || chr(31) || 'inferred')
{%- endmacro %}


{#-
  The join of a fact to the version that held at its moment: valid_from <= moment < valid_to, and the first version for
  all that was before it, so that each fact of a known card joins exactly one version.
-#}
{% macro version_held(versions, card_id, moment) -%}
    {{ versions }}.card_id = {{ card_id }}
    and ({{ versions }}.version_number = 1 or {{ versions }}.valid_from <= {{ moment }})
    and ({{ versions }}.valid_to is null or {{ moment }} < {{ versions }}.valid_to)
{%- endmacro %}
