{{ config(severity='warn', tags=['quality'], store_failures=true) }}

-- A contract may be newer than the models: its table is released first. What raw has and the models do not read is named
-- here, and what they read and raw lacks, with the rows that it concerns. Counted only where something is amiss.
{%- set differences = raw_differences() %}

{%- for each in differences %}
    select
        '{{ each.table }}' as table_name,
        '{{ each.column }}' as column_name,
        {% if each.kind == 'unknown table' -%}
            'raw.{{ each.table }} is a table of events that no model reads: it has ' || count(*) || ' rows. '
            || 'Derive the models of its contract.' as finding
        {%- elif each.kind == 'unknown column' -%}
            'raw.{{ each.table }} has the column {{ each.column }}, which no model reads: ' || count({{ each.column }})
            || ' of its ' || count(*) || ' rows have a value in it. Derive the models of its contract.' as finding
        {%- else -%}
            'raw.{{ each.table }} lacks the column {{ each.column }}, which the models read: it has ' || count(*)
            || ' rows. Release the contract that the models were derived from.' as finding
        {%- endif %}
    from {{ target.database }}.raw.{{ each.table }}
    {{ 'union all' if not loop.last }}
{%- else %}
    select
        cast(null as varchar) as table_name,
        cast(null as varchar) as column_name,
        cast(null as varchar) as finding
    where 1 = 0
{%- endfor %}
