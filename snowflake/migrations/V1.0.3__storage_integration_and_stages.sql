-- Never OR REPLACE: a replaced integration gets another hidden id, and every stage on it is orphaned.
-- The external id is ours and set at creation, so the role's trust policy can be written before the integration is there.
-- Only rows can be read from here: archive, quarantine and batches lie outside the allowed locations.
{% set database = 'MILLRACE_' ~ environment | upper %}
create storage integration if not exists {{ database }}_FILES
    type = EXTERNAL_STAGE
    storage_provider = 'S3'
    enabled = TRUE
    storage_aws_role_arn = '{{ storage_role_arn }}'
    storage_aws_external_id = '{{ external_id }}'
    storage_allowed_locations = ('s3://{{ bucket }}/events/', 's3://{{ bucket }}/failed/')
    comment = 'Files of the {{ environment }} environment';

create stage if not exists {{ database }}.RAW.EVENTS
    url = 's3://{{ bucket }}/events/'
    storage_integration = {{ database }}_FILES
    directory = (enable = FALSE)
    comment = 'Event files, by format, source, type and day';

create stage if not exists {{ database }}.RAW.FAILED
    url = 's3://{{ bucket }}/failed/'
    storage_integration = {{ database }}_FILES
    directory = (enable = FALSE)
    comment = 'Rows of failed events, by day';
