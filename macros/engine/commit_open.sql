{% macro commit_open() %}
    {#-
        dbt looks for relations in a transaction that it leaves open, and one
        transaction of DuckDB writes to one database. The query opens one where
        none is, as there is nothing to commit else.
    -#}
    {%- call statement('begun', auto_begin=true) -%}
        select 1 as one
    {%- endcall -%}
    {%- do adapter.commit() -%}
{% endmacro %}
