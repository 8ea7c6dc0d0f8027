-- Through it pipes tell a topic of ours of each file that they could not load. Its user and external id are Snowflake's choice, and
-- the role trusts them, so it is made before the stacks and the pipes: ./millrace deploy applies this one with the first migrations.
{% set database = 'MILLRACE_' ~ environment | upper %}
create notification integration if not exists {{ database }}_LOAD_ERRORS
    enabled = TRUE
    type = QUEUE
    direction = OUTBOUND
    notification_provider = AWS_SNS
    aws_sns_topic_arn = '{{ error_topic_arn }}'
    aws_sns_role_arn = '{{ error_role_arn }}'
    comment = 'Files that a pipe of the {{ environment }} environment could not load';
