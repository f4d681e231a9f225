{% macro check_engine() %}
    {#-
        Refuses an engine whose functions give other results than the models
        rely on. Judged by result: the version tells less, and a build on such
        an engine would be green and wrong.
    -#}
    {%- if execute -%}
        {%- set folded = run_query(
            'select '
            ~ fold_down('number_of_terms', 1, '1 + total * n / (n + 1)')
            ~ ' from (select 3 as number_of_terms union all select 5) as terms'
            ~ ' order by 1'
        ).columns[0].values() -%}
        {%- for expected in [2.0833333333333335, 2.45] -%}
            {%- if (folded[loop.index0] | float - expected) | abs > 1e-12 -%}
                {{ exceptions.raise_compiler_error(
                    'This ' ~ target.type ~ ' folds a list to '
                    ~ folded[loop.index0] ~ ' where ' ~ expected
                    ~ ' is right: lifetime values would be wrong. Use the '
                    ~ 'versions in requirements/build.txt.'
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
