{#-
  Where the raw tables of the warehouse differ from those that the models were derived from: a list of {kind, table, column},
  kind being `unknown table`, `unknown column` or `missing column`. A table that is not there at all is left to the model
  that reads it: that one fails by its name.
-#}
{% macro raw_differences() %}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set present = {} -%}
    {%- for row in run_query(
        'select lower(table_name) as table_name, lower(column_name) as column_name from ' ~ target.database
        ~ ".information_schema.columns where table_schema = 'RAW' order by table_name, ordinal_position"
    ).rows -%}
        {%- do present.setdefault(row[0], []).append(row[1]) -%}
    {%- endfor -%}

    {%- set differences = [] -%}
    {%- for table, columns in present.items() -%}
        {%- set known = raw_columns().get(table) -%}
        {%- if known is not none -%}
            {%- for column in columns if column not in known -%}
                {%- do differences.append({'kind': 'unknown column', 'table': table, 'column': column}) -%}
            {%- endfor -%}
            {%- for column in known if column not in columns -%}
                {%- do differences.append({'kind': 'missing column', 'table': table, 'column': column}) -%}
            {%- endfor -%}
        {#- Every table of events has the hash of the payload; failed events and the backfill have none. -#}
        {%- elif '_payload_hash' in columns -%}
            {%- do differences.append({'kind': 'unknown table', 'table': table, 'column': ''}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(differences) }}
{% endmacro %}
