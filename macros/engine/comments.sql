{#
    What persist_docs writes to the database: a description as one sees it in a
    BI tool, where the line ends of a YAML file would break sentences.
#}
{% macro comment_text(description) %}
    {#- Lines of a list, a table or a query stay; an empty line parts paragraphs. -#}
    {%- set re = modules.re -%}
    {%- set line_end = '(?<!\n)\n(?! |\n|[-#|] |[|]-|[0-9]+[.] )' -%}
    {%- set chinese = '[\u2e80-\u9fff\uff00-\uffef]' -%}
    {#- No blank within Chinese. -#}
    {%- set text = re.sub(
        '(?<=[、，；：（])' ~ line_end ~ '|(?<=' ~ chinese ~ ')' ~ line_end
        ~ '(?=' ~ chinese ~ ')', '', description | trim
    ) -%}
    {{ return(re.sub(line_end, ' ', text)) }}
{% endmacro %}


{#
    What a metastore can hold: in Hive's, a column has 256 characters. By the end
    of the first Chinese sentence both languages have said what it is.
#}
{% macro short_comment_text(description) %}
    {%- set text = comment_text(description) -%}
    {%- set end = text.find('。') -%}
    {{ return(text[:end + 1] if end > -1 else text.split('\n')[0]) }}
{% endmacro %}


{% macro comment_literal(text) %}
    {{ return(adapter.dispatch('comment_literal', 'cst')(text)) }}
{% endmacro %}


{% macro default__comment_literal(text) %}
    {{ return("'" ~ text | replace("'", "''") ~ "'") }}
{% endmacro %}


{# Two quotes are none, and ${…} is looked up. #}
{% macro spark__comment_literal(text) %}
    {{ return(
        "'" ~ text | replace('\\', '\\\\') | replace("'", "\\'")
        | replace('${', '$\\{') ~ "'"
    ) }}
{% endmacro %}


{# The rest is called by dbt. #}
{% macro duckdb__alter_relation_comment(relation, relation_comment) %}
    comment on {{ relation.type }} {{ relation }} is
        {{ comment_literal(comment_text(relation_comment)) }}
{% endmacro %}


{% macro duckdb__alter_column_comment(relation, column_dict) %}
    {%- for name, column in column_dict.items() %}
    comment on column {{ relation }}.{{ name }} is
        {{ comment_literal(comment_text(column.description)) }};
    {%- endfor %}
{% endmacro %}


{% macro spark__comment_clause() %}
    {%- if config.persist_relation_docs() %}
        comment {{ comment_literal(short_comment_text(model.description)) }}
    {%- endif %}
{% endmacro %}
