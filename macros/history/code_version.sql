{% macro code_version() %}
    {#- dbt does not tell; a test compares it with dbt_project.yml. -#}
    {{ return('0.15.0') }}
{% endmacro %}


{% macro rules_hash() %}
    {#-
        What decides the numbers beside the code and the data: vars, without
        those that say where and when to read, whether to publish and when to
        close, and the seeds of rules, but those that are only tried.
    -#}
    {%- set lines = [] -%}
    {%- for name in cst_var_rules() | sort if name not in [
        'cst_use_sample_data', 'cst_ods_database', 'cst_ods_schema',
        'cst_ods_path', 'cst_source_models', 'cst_as_of_date', 'cst_known_at',
        'cst_restate_from', 'cst_restate_to', 'cst_allow_missing_withdrawals',
        'cst_allow_feed_changes', 'cst_rejected_warn_share',
        'cst_rejected_stop_share', 'cst_change_warn_share',
        'cst_change_stop_share', 'cst_as_of_jump_days', 'cst_close_after_days',
        'cst_freshness_warn_hours', 'cst_freshness_error_hours',
        'cst_freshness_rare_hours',
        'cst_open_snapshots_only', 'cst_fiscal_start_month',
        'ltv_parameters_relation', 'goods_category_level', 'goods_window_days',
        'goods_test_days',
    ] -%}
        {#- The sample's company has a date of its own. -#}
        {%- set value = retention_holdout_since()
            if name == 'retention_holdout_since' else cst_var(name) -%}
        {#- No rule asks for what was in an order. -#}
        {%- if name == 'cst_enabled_sources' -%}
            {%- set value = value | reject('in', ['order_item', 'product'])
                | list -%}
        {%- endif -%}
        {%- do lines.append(name ~ '=' ~ (value | string)) -%}
    {%- endfor -%}
    {%- for node in graph.get('nodes', {}).values() | sort(attribute='name')
        if node.resource_type == 'seed' and 'rules' in node.fqn
        and not node.name.endswith('_challenger') -%}
        {%- do lines.append(node.name ~ '=' ~ node.checksum.checksum) -%}
    {%- endfor -%}
    {{ return(local_md5(lines | join('\n'))) }}
{% endmacro %}
