{#-
  Incremental strategy `merge_event_days`: a merge in one transaction whose target is bounded by the event days of its
  source, as literals, so that the warehouse prunes before it joins. On days that are rebuilt, rows go that raw does not
  have any more.
-#}
{% macro get_incremental_merge_event_days_sql(arg_dict) %}
    {%- set days = refuse_doubled_keys(arg_dict['temp_relation'], arg_dict['unique_key']) -%}
    {%- set vanished -%}
        {% if is_rebuild() %}
            delete from {{ arg_dict['target_relation'] }} as kept
            where
                {{ rebuilt_days() }}
                and not exists (
                    select 1
                    from {{ arg_dict['temp_relation'] }} as made
                    where
                        {% for key in arg_dict['unique_key'] %}
                            {{ 'and ' if not loop.first }}made.{{ key }} = kept.{{ key }}
                        {% endfor %}
                );
        {% endif %}
    {%- endset -%}
    {%- if not days -%}
        {{ return(vanished ~ "select 'nothing new' as result") }}
    {%- endif -%}

    {%- set bound = on_periods('DBT_INTERNAL_DEST.event_day', days) -%}
    {%- do arg_dict.update({'incremental_predicates': (arg_dict['incremental_predicates'] or []) + [bound]}) -%}
    {{ return(vanished ~ get_incremental_merge_sql(arg_dict)) }}
{% endmacro %}


{#-
  The event days of a merge source, in order. Two rows of one key stop the run: Snowflake would fail the merge on them,
  other engines would keep an arbitrary one without a word.
-#}
{% macro refuse_doubled_keys(relation, unique_key, period='event_day') %}
    {%- set keys = unique_key | join(', ') -%}
    {%- set days = run_query(
        'select ' ~ period ~ ', max(copies) as copies from (select max(' ~ period ~ ') as ' ~ period
        ~ ', count(*) as copies from ' ~ relation ~ ' group by ' ~ keys ~ ') as counted group by ' ~ period
        ~ ' order by ' ~ period
    ).rows -%}
    {%- for day in days if day[1] > 1 -%}
        {%- do exceptions.raise_compiler_error(
            'The increment in ' ~ relation ~ ' has more than one row for one key of (' ~ keys
            ~ ') on ' ~ period | replace('_', ' ') ~ ' ' ~ day[0] ~ '; a merge would pick one at random.'
        ) -%}
    {%- endfor -%}
    {{ return(days | map(attribute=0) | list) }}
{% endmacro %}
