-- Masking hangs on the tag: whatever column says ACCESS = 'RESTRICTED' is masked by the policy of its type, in marts that
-- dbt makes as in raw tables. A type without a policy would stay clear, so there is one for every type a column may have.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set first = ['VARCHAR', 'NUMBER', 'FLOAT', 'BOOLEAN', 'BINARY', 'TIMESTAMP_NTZ', 'VARIANT'] %}
{% set further = ['TIMESTAMP_LTZ', 'TIMESTAMP_TZ', 'DATE', 'TIME', 'ARRAY', 'OBJECT'] %}
{% for type in further %}
create masking policy if not exists {{ database }}.RAW.MASK_{{ type }}
    as (value {{ type }}) returns {{ type }} ->
    case when is_role_in_session('{{ database }}_RESTRICTED_READ') then value else null end
    comment = 'Restricted values of type {{ type }}';
{% endfor %}

alter tag {{ database }}.RAW.ACCESS set
{%- for type in first + further %}
    masking policy {{ database }}.RAW.MASK_{{ type }}{{ ',' if not loop.last }}
{%- endfor %}
    force;

-- dbt sets the tags of the columns that it makes.
grant usage on schema {{ database }}.RAW to role {{ database }}_MODELS_WRITE;
grant apply on tag {{ database }}.RAW.ACCESS to role {{ database }}_MODELS_WRITE;
grant apply on tag {{ database }}.RAW.PII to role {{ database }}_MODELS_WRITE;

-- Events of before the pipeline come as they were: no writer has treated them.
alter table {{ database }}.RAW.EVENTS_BACKFILL modify column payload set tag {{ database }}.RAW.ACCESS = 'RESTRICTED';
