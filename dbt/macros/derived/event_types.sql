{#- Derived from the contracts in proto/ by `./millrace contract derive`: do not edit. -#}

{#- Staging view and deduplicated model of every event type. -#}
{% macro event_types() %}
    {{ return([
        ('stg_cards__card_catalog_created', 'int_cards__card_catalog_created_deduplicated'),
        ('stg_manufacturing__manufacturing_batch', 'int_manufacturing__manufacturing_batch_deduplicated'),
        ('stg_orders__order_created', 'int_orders__order_created_deduplicated'),
    ]) }}
{% endmacro %}
