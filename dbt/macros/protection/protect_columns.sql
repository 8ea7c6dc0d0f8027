{#-
  Tags of a model's columns in the warehouse, from the column's meta in the YAML: `pii` names how personal data in it is
  treated, `access: RESTRICTED` says that only those who build models read it clear. The masking policies hang on the tag
  ACCESS (snowflake/migrations), so a tagged column is masked whatever its type. `access: PUBLIC` decides that a column
  which takes restricted ones tells nothing of them, such as a count; it gets no tag.
-#}
{% macro column_tags(column) %}
    {%- set meta = column.config.meta or column.meta or {} -%}
    {%- set tags = [] -%}
    {%- if meta.get('access') == 'RESTRICTED' -%}
        {%- do tags.append(this.database ~ ".RAW.ACCESS = 'RESTRICTED'") -%}
    {%- elif meta.get('access', 'PUBLIC') != 'PUBLIC' -%}
        {%- do exceptions.raise_compiler_error(
            'column ' ~ column.name ~ ' of ' ~ this ~ ': access is RESTRICTED or PUBLIC, not ' ~ meta.get('access')
        ) -%}
    {%- endif -%}
    {%- if meta.get('pii') -%}
        {%- do tags.append(this.database ~ ".RAW.PII = '" ~ meta.get('pii') ~ "'") -%}
    {%- endif -%}
    {{ return(tags | join(', ')) }}
{% endmacro %}


{#- Post-hook of every model: CREATE OR REPLACE VIEW forgets the tags of columns, and a new table has none yet. -#}
{% macro tag_columns() %}
    {%- set tagged = [] -%}
    {%- for column in model.columns.values() -%}
        {%- set tags = column_tags(column) -%}
        {%- if tags -%}
            {%- do tagged.append('column ' ~ column.name ~ ' set tag ' ~ tags) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if tagged -%}
        alter {{ 'view' if config.get('materialized') == 'view' else 'table' }} {{ this }} modify {{ tagged | join(', ') }}
    {%- endif -%}
{% endmacro %}


{#-
  Pre-hook of every model with an enforced contract: its first table is made empty and tagged, and then replaced by the
  filled one with COPY TAGS. Tags that are set after a table was filled would leave it clear for that moment.
-#}
{% macro create_tagged() %}
    {%- if execute and config.get('contract').enforced and config.get('materialized') != 'view' -%}
        {%- set definitions = [] -%}
        {%- set protected = [] -%}
        {%- for column in model.columns.values() -%}
            {%- set tags = column_tags(column) -%}
            {%- if tags -%}
                {%- do protected.append(column.name) -%}
            {%- endif -%}
            {%- do definitions.append(
                column.name ~ ' ' ~ column.data_type ~ (' with tag (' ~ tags ~ ')' if tags else '')
            ) -%}
        {%- endfor -%}
        {%- if protected and load_cached_relation(this) is none -%}
            create transient table if not exists {{ this }} ({{ definitions | join(', ') }})
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
