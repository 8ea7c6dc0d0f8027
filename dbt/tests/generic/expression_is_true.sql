{#- The expression holds in every row; where it is unknown (null) it does not hold. -#}
{% test expression_is_true(model, expression) %}
    select *
    from {{ model }}
    where not coalesce({{ expression }}, false)
{% endtest %}
