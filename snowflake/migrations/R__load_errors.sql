-- Every pipe tells a topic of ours of each file that it could not load. Applied again for a new pipe, or when a value changes.
-- Without the two variables no pipe tells anybody; the alerts still find what failed, within the hour.
{% from 'lists/pipes.sql' import pipes %}
{% set database = 'MILLRACE_' ~ environment | upper %}
{% if error_topic_arn is defined and error_role_arn is defined %}
create notification integration if not exists {{ database }}_LOAD_ERRORS
    enabled = TRUE
    type = QUEUE
    direction = OUTBOUND
    notification_provider = AWS_SNS
    aws_sns_topic_arn = '{{ error_topic_arn }}'
    aws_sns_role_arn = '{{ error_role_arn }}'
    comment = 'Files that a pipe of the {{ environment }} environment could not load';
{% endif %}

{% for pipe, table, source in pipes %}
{% if error_topic_arn is defined and error_role_arn is defined %}
alter pipe if exists {{ database }}.RAW.{{ pipe }} set error_integration = {{ database }}_LOAD_ERRORS;
{% else %}
alter pipe if exists {{ database }}.RAW.{{ pipe }} unset error_integration;
{% endif %}
{% endfor %}
