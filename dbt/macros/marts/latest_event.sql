{#-
  The rule for several events of one business key (the same order under two event ids, a corrected card): the event
  with the latest event time describes it; among equals the one received last, then the greatest event id.
-#}
{% macro latest_event() -%}
    occurred_at desc nulls last,
    received_at desc nulls last,
    batch_id desc nulls last,
    batch_row desc nulls last,
    event_id desc,
    event_day desc
{%- endmacro %}
