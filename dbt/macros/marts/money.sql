{#-
  Minor units as an amount in numeric(18, 2). The exponent is the currency's own (ISO 4217): 0 for yen, 3 for dinars.
  It multiplies by an exact decimal, because a division may be done in floating point. An amount that does not fit
  becomes null and is named by its not_null test; the minor units beside it stay exact.
-#}
{% macro minor_to_amount(minor, currency) -%}
    case
        when abs({{ minor }}) >= 1000000000000000 then null
        when {{ currency }} in (
            'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'
        ) then cast({{ minor }} as numeric(18, 2))
        when {{ currency }} in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND')
            then cast(cast({{ minor }} as numeric(18, 0)) * cast(0.001 as numeric(4, 3)) as numeric(18, 2))
        else cast(cast({{ minor }} as numeric(18, 0)) * cast(0.01 as numeric(3, 2)) as numeric(18, 2))
    end
{%- endmacro %}


{#- part / whole as numeric(18, 6); null where there is no whole. -#}
{% macro ratio(part, whole) -%}
    cast({{ part }} / nullif({{ whole }}, 0) as numeric(18, 6))
{%- endmacro %}
