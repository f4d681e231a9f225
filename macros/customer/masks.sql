{% macro masked_email(email) -%}
    case
        when {{ email }} like '___%@%' then concat(left({{ email }}, 1), '***@***')
        when {{ email }} is not null then '***'
    end
{%- endmacro %}


{% macro masked_mobile(mobile) -%}
    case
        when length({{ mobile }}) >= 7 then concat('***', right({{ mobile }}, 2))
        when {{ mobile }} is not null then '***'
    end
{%- endmacro %}
