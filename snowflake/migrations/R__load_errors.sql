-- Every pipe tells of each file that it could not load. Applied again for a new pipe.
{% from 'lists/pipes.sql' import pipes %}
{% set database = 'MILLRACE_' ~ environment | upper %}
{% for pipe, table, source in pipes %}
alter pipe if exists {{ database }}.RAW.{{ pipe }} set error_integration = {{ database }}_LOAD_ERRORS;
{% endfor %}
