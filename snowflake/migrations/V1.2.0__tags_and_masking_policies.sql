-- What the contracts decide of personal data, as tags; and who sees restricted values, as policies by data type.
-- Treated values (HASH, ENCRYPT) stay treated for every role: only what is stored clear is masked.
{% set database = 'MILLRACE_' ~ environment | upper %}
create tag if not exists {{ database }}.RAW.PII
    comment = 'Treatments of the personal data in a column: DROP, ENCRYPT, HASH, or several of them';

create tag if not exists {{ database }}.RAW.ACCESS
    allowed_values 'RESTRICTED'
    comment = 'RESTRICTED: clear for those who build models, masked for everybody else';

-- Whoever holds this role sees restricted values.
create role if not exists {{ database }}_RESTRICTED_READ;
grant role {{ database }}_RESTRICTED_READ to role {{ database }}_TRANSFORMER;
grant role {{ database }}_RESTRICTED_READ to role {{ database }}_LOADER;

{% for type, masked in [
    ('VARCHAR', "'(masked)'"),
    ('NUMBER', 'null'),
    ('FLOAT', 'null'),
    ('BOOLEAN', 'null'),
    ('BINARY', 'null'),
    ('TIMESTAMP_NTZ', 'null'),
    ('VARIANT', 'null')
] %}
create masking policy if not exists {{ database }}.RAW.MASK_{{ type }}
    as (value {{ type }}) returns {{ type }} ->
    case when is_role_in_session('{{ database }}_RESTRICTED_READ') then value else {{ masked }} end
    comment = 'Restricted values of type {{ type }}';
{% endfor %}
