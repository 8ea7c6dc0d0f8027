{#- The columns by which a conflict is found and by which its rows are found again. -#}
{% macro version_columns() -%}
    source, type, event_id, event_day, payload_hash, occurred_at, received_at, batch_id, batch_row, unknown_fields,
    file_name, file_row, loaded_at, is_backfill, backfill_fingerprint
{%- endmacro %}


{#-
  All rows to compare for one type: every row of staging, or the rows loaded lately beside the kept rows of the same
  identities, on whatever day. A row that differs differs from the kept one.
-#}
{% macro rows_to_compare(staged, deduplicated) %}
    {% if var('conflicts') == 'everything' or not is_incremental() %}
        select {{ version_columns() }} from {{ staged }}
    {% else %}
        {%- set lately -%}
            select {{ version_columns() }}
            from {{ staged }}
            where
                loaded_at is null
                or loaded_at >= (
                    select
                        dateadd(
                            hour,
                            -{{ var('conflict_look_back_hours') }},
                            coalesce(max(kept.loaded_at), '1971-01-01'::timestamp_ntz)
                        )
                    from {{ deduplicated }} as kept
                    where not kept.is_backfill and kept.loaded_at <= sysdate()
                )
        {%- endset %}
        select {{ version_columns() }} from ({{ lately }})
        union all
        select {{ version_columns() }}
        from {{ deduplicated }}
        where event_id in (select event_id from ({{ lately }}))
    {% endif %}
{% endmacro %}
