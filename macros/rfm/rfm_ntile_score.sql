{% macro rfm_ntile_score(standing, partition_by, tie_breaker, bins) %}
    {#-
        Bins of equal size. Ties are cut through, by the key, so the result is
        repeatable but two equal customers can differ by one.
    -#}
    {{ return(adapter.dispatch('rfm_ntile_score', 'cst')(
        standing, partition_by, tie_breaker, bins
    )) }}
{% endmacro %}


{% macro default__rfm_ntile_score(standing, partition_by, tie_breaker, bins) -%}
    cast(ntile({{ bins }}) over (
        partition by {{ partition_by }}
        order by {{ standing }}, {{ tie_breaker }}
    ) as integer)
{%- endmacro %}
