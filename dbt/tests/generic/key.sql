{#-
  The columns are the key: no row lacks one of them, no two rows share them all. One scan instead of one per property. Each
  row of the result says it in a sentence.
-#}
{% test key(model, columns) %}
    {#- A relation, or one restricted by get_where_subquery(). -#}
    {%- set relation = (model | string).split(' from ')[-1].split(' ')[0].split('.')[1:] | join('.') %}
    select
        {{ columns | join(', ') }},
        count(*) as copies,
        '{{ relation }} has ' || count(*) || ' rows with
        {%- for column in columns %} {{ 'and ' if not loop.first }}{{ column }} = ' || coalesce(to_varchar({{ column }}), 'null') || '
        {%- endfor %}' as finding
    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {%- for column in columns %}
            or {{ column }} is null
        {%- endfor %}
{% endtest %}
