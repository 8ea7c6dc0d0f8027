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


{#- The same order, oldest first. -#}
{% macro event_order(prefix='') -%}
    {{ prefix }}occurred_at asc nulls first,
    {{ prefix }}received_at asc nulls first,
    {{ prefix }}batch_id asc nulls first,
    {{ prefix }}batch_row asc nulls first,
    {{ prefix }}event_id asc,
    {{ prefix }}event_day asc
{%- endmacro %}


{#- The moment of an event for comparisons: events without a time lie before all others, on the day that their rows have. -#}
{% macro moment(occurred_at) -%}
    coalesce({{ occurred_at }}, '1970-01-01'::timestamp_ntz)
{%- endmacro %}
