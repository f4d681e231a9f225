{% macro comparable_mobile(mobile) -%}
    {#-
        The last ten digits: some write the country and others do not, and what
        stands between them is any space, dash or slash there is. Chinese input
        methods write wide digits.
    -#}
    nullif(right({{ _without_matches(
        'translate(' ~ mobile ~ ", '０１２３４５６７８９', '0123456789')",
        '[^0-9]', keeps_group=false
    ) }}, 10), '')
{%- endmacro %}
