{% macro rfm_quantile_edge(standing, cumulative_count, total_count, score, bins)
%}
    {#-
        The best standing that still gets a score: the smallest one that at
        least score / bins of the customers do not surpass. Whole numbers, so
        that no rounding moves a customer. An aggregate over distinct standings.
    -#}
    {%- if score < 1 or score >= bins -%}
        {{ exceptions.raise_compiler_error(
            "rfm_quantile_edge: 'score' must be from 1 to " ~ (bins - 1)
            ~ ", got " ~ score
        ) }}
    {%- endif -%}
    {{ return(adapter.dispatch('rfm_quantile_edge', 'cst')(
        standing, cumulative_count, total_count, score, bins
    )) }}
{% endmacro %}


{% macro default__rfm_quantile_edge(
    standing, cumulative_count, total_count, score, bins
) -%}
    min(
        case
            when
                {{ cumulative_count }} * {{ bins }}
                >= {{ total_count }} * {{ score }}
                then {{ standing }}
        end
    )
{%- endmacro %}
