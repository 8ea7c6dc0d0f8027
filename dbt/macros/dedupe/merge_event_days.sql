{#-
  Incremental strategy `merge_event_days`: a merge in one transaction whose target is bounded by the event days of its
  source, as literals, so that the warehouse prunes before it joins.

  The same look at the source refuses duplicate keys. Snowflake would fail the merge on them; other engines would keep
  an arbitrary row without a word.
-#}
{% macro get_incremental_merge_event_days_sql(arg_dict) %}
    {%- set keys = arg_dict['unique_key'] | join(', ') -%}
    {%- set days = run_query(
        'select event_day, max(copies) as copies from (select ' ~ keys ~ ', count(*) as copies from '
        ~ arg_dict['temp_relation'] ~ ' group by ' ~ keys ~ ') group by event_day order by event_day'
    ).rows -%}
    {%- for day in days if day[1] > 1 -%}
        {%- do exceptions.raise_compiler_error(
            'The increment for ' ~ arg_dict['target_relation'] ~ ' has more than one row for one key of (' ~ keys
            ~ ') on event day ' ~ day[0] ~ '; a merge would pick one at random.'
        ) -%}
    {%- endfor -%}
    {%- if not days -%}
        {{ return("select 'nothing new' as result") }}
    {%- endif -%}

    {%- set bound -%}
        {%- if days | length <= 400 -%}
            DBT_INTERNAL_DEST.event_day in ({% for day in days %}'{{ day[0] }}'::date{{ ', ' if not loop.last }}{% endfor %})
        {%- else -%}
            DBT_INTERNAL_DEST.event_day between '{{ (days | first)[0] }}'::date and '{{ (days | last)[0] }}'::date
        {%- endif -%}
    {%- endset -%}
    {%- do arg_dict.update({'incremental_predicates': (arg_dict['incremental_predicates'] or []) + [bound]}) -%}
    {{ return(get_incremental_merge_sql(arg_dict)) }}
{% endmacro %}
