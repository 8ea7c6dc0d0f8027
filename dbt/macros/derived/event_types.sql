{#- Derived from the contracts in proto/ by `./millrace contract derive`: do not edit. -#}

{#- Staging view and deduplicated model of every event type. -#}
{% macro event_types() %}
    {{ return([
        ('stg_cards__card_catalog_created', 'int_cards__card_catalog_created_deduplicated'),
        ('stg_cards__card_catalog_deleted', 'int_cards__card_catalog_deleted_deduplicated'),
        ('stg_cards__card_catalog_updated', 'int_cards__card_catalog_updated_deduplicated'),
        ('stg_commerce__inventory_changed', 'int_commerce__inventory_changed_deduplicated'),
        ('stg_commerce__order_placed', 'int_commerce__order_placed_deduplicated'),
        ('stg_commerce__user_activity', 'int_commerce__user_activity_deduplicated'),
        ('stg_json__json_event', 'int_json__json_event_deduplicated'),
        ('stg_manufacturing__manufacturing_batch', 'int_manufacturing__manufacturing_batch_deduplicated'),
        ('stg_orders__order_created', 'int_orders__order_created_deduplicated'),
        ('stg_orders__order_status_changed', 'int_orders__order_status_changed_deduplicated'),
    ]) }}
{% endmacro %}
