-- What an account chooses by variables: limits, service users, who may log in from where. Applied again when a value changes.
-- A variable that is not given makes nothing; the quota has a default, because a warehouse without limit is nobody's wish.
{% set database = 'MILLRACE_' ~ environment | upper %}
{% set warehouses = ['TRANSFORM', 'REPORT', 'OPERATE'] %}
{% set services = [
    ('LOADER', 'OPERATE', loader_public_key | default(''), loader_public_key_2 | default('')),
    ('TRANSFORMER', 'TRANSFORM', transformer_public_key | default(''), transformer_public_key_2 | default('')),
    ('REPORTER', 'REPORT', reporter_public_key | default(''), reporter_public_key_2 | default(''))
] %}
create resource monitor if not exists {{ database }}_CREDITS with
    credit_quota = {{ credit_quota | default(50) }}
    frequency = MONTHLY
    start_timestamp = IMMEDIATELY
    triggers on 75 percent do notify
        on 100 percent do suspend
        on 110 percent do suspend_immediate;

alter resource monitor if exists {{ database }}_CREDITS set credit_quota = {{ credit_quota | default(50) }};

{% for warehouse in warehouses %}
alter warehouse if exists {{ database }}_{{ warehouse }} set resource_monitor = {{ database }}_CREDITS;
{% endfor %}

{% if budget_credits is defined %}
-- Pipes, serverless tasks and alerts run on no warehouse: the monitor does not see them, the budget does.
create snowflake.core.budget if not exists {{ database }}.AUDIT.BUDGET();

call {{ database }}.AUDIT.BUDGET!set_spending_limit({{ budget_credits }});

call {{ database }}.AUDIT.BUDGET!add_resource(system$reference('database', '{{ database }}', 'session', 'applybudget'));

{% for warehouse in warehouses %}
call {{ database }}.AUDIT.BUDGET!add_resource(system$reference('warehouse', '{{ database }}_{{ warehouse }}', 'session', 'applybudget'));
{% endfor %}

{% if alert_email is defined %}
call {{ database }}.AUDIT.BUDGET!set_email_notifications('{{ alert_email }}');
{% endif %}
{% endif %}

{% for service, warehouse, key, second in services if key %}
-- A service has no password to lose. The second key serves while the first is exchanged.
create user if not exists {{ database }}_{{ service }}
    type = SERVICE
    rsa_public_key = '{{ key }}'
    default_role = {{ database }}_{{ service }}
    default_warehouse = {{ database }}_{{ warehouse }}
    comment = '{{ service | lower }} of the {{ environment }} environment';

alter user if exists {{ database }}_{{ service }} set rsa_public_key = '{{ key }}';

{% if second %}
alter user if exists {{ database }}_{{ service }} set rsa_public_key_2 = '{{ second }}';
{% else %}
alter user if exists {{ database }}_{{ service }} unset rsa_public_key_2;
{% endif %}

grant role {{ database }}_{{ service }} to user {{ database }}_{{ service }};
{% endfor %}

{% if allowed_addresses is defined %}
-- On the services, not on the account: a wrong list must not lock people out.
create network policy if not exists {{ database }}_SERVICES
    allowed_ip_list = ({% for address in allowed_addresses.split(',') %}'{{ address | trim }}'{{ ', ' if not loop.last }}{% endfor %})
    comment = 'From where services of the {{ environment }} environment may log in';

alter network policy if exists {{ database }}_SERVICES
    set allowed_ip_list = ({% for address in allowed_addresses.split(',') %}'{{ address | trim }}'{{ ', ' if not loop.last }}{% endfor %});

{% for service, warehouse, key, second in services if key %}
alter user if exists {{ database }}_{{ service }} set network_policy = {{ database }}_SERVICES;
{% endfor %}
{% endif %}
