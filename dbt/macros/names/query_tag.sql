{#-
  Every statement of a model or test names its run, node and source in the query tag of its session, so that its cost can
  be told. dbt calls these two around each node. The source is the folder of staging and intermediate models; a mart's
  group; of a test that of the model it reads.
-#}
{% macro set_query_tag() %}
    {%- set tested = graph.nodes.get(model.attached_node) if model.resource_type == 'test' else none -%}
    {%- set of = tested or model -%}
    {%- set tag = {
        'app': 'millrace',
        'run': invocation_id,
        'node': model.name,
        'kind': model.resource_type,
        'model': of.name,
        'source': of.fqn[2] if of.fqn | length > 3 else of.fqn[1],
    } -%}
    {%- do run_query("alter session set query_tag = '" ~ tojson(tag) ~ "'") -%}
    {{ return('') }}
{% endmacro %}


{#- Nothing: the next node sets its own tag, and each statement more is paid for by every node. -#}
{% macro unset_query_tag(original_query_tag) %}
{% endmacro %}
