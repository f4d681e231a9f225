{% macro remind_of_holdout() %}
    {#-
        One line of the build. Whoever delivers contacts expects effects, and an
        effect that is withheld in every row is else found by nobody.
    -#}
    {%- if execute
        and retention_holdout_since() is none
        and contacts_are_known() -%}
        {{ log(
            "Var 'retention_holdout_since' is not set, so nobody counts as "
            ~ 'held out and ads_cst_effect compares nothing but campaigns with '
            ~ 'a control group of their own. Set it to the date of the first '
            ~ 'list whose held-out customers were left alone '
            ~ '(docs/audience.md).',
            info=true
        ) }}
    {%- endif -%}
    {{ return('') }}
{% endmacro %}
