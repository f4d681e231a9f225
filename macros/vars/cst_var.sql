{% macro cst_var(name) %}
    {%- do _check_var_names() -%}
    {%- set rules = cst_var_rules() -%}
    {%- if name not in rules -%}
        {{ exceptions.raise_compiler_error(
            "cst_var: '" ~ name ~ "' is not a var of this project. "
            ~ "Vars are listed in dbt_project.yml."
        ) }}
    {%- endif -%}
    {%- set value = var(name) -%}
    {%- do _check_var_value(name, value, rules[name]) -%}
    {%- do _check_var_order(name) -%}
    {%- if name == 'rfm_rhythm_shares' -%}
        {%- do _check_rhythm_shares(value) -%}
    {%- endif -%}
    {{ return(value) }}
{% endmacro %}


{% macro cst_var_rules() %}
    {%- set sources = [
        'customer', 'order', 'order_item', 'refund', 'product',
        'exchange_rate', 'event', 'ticket', 'campaign', 'touch',
    ] -%}
    {%- set identifier = (
        '[A-Za-z_][A-Za-z0-9_]*', 'a name of letters, digits and underscores'
    ) -%}
    {#- A backslash ends a literal on Spark, and braces name a variable. -#}
    {%- set code = (
        '[^\\\\{}\x00-\x1f\x7f]+', 'without backslashes, braces and line ends'
    ) -%}
    {%- set one_line = ('[^\x00-\x1f\x7f]+', 'without line ends') -%}
    {{ return({
        'cst_use_sample_data': {'kind': 'boolean'},
        'cst_ods_database': {'kind': 'text', 'null': true, 'pattern': identifier},
        'cst_ods_schema': {'kind': 'text', 'pattern': identifier},
        'cst_ods_path': {
            'kind': 'text', 'null': true,
            'pattern': (one_line[0], 'a path ' ~ one_line[1])
        },
        'cst_enabled_sources': {'kind': 'list', 'values': sources},
        'cst_source_models': {'kind': 'models', 'keys': sources},
        'cst_allow_missing_withdrawals': {'kind': 'boolean'},
        'cst_unknown_consent_is_granted': {'kind': 'boolean'},
        'cst_timezone': {'kind': 'timezone'},
        'cst_source_timezone': {'kind': 'timezone'},
        'cst_as_of_date': {'kind': 'date', 'null': true},
        'cst_known_at': {'kind': 'instant', 'null': true},
        'cst_start_date': {'kind': 'date', 'null': true},
        'cst_snapshot_grain': {
            'kind': 'text', 'values': ['month', 'week', 'day']
        },
        'cst_fiscal_start_month': {'kind': 'integer', 'min': 1, 'max': 12},
        'cst_close_after_days': {'kind': 'integer', 'min': 1},
        'cst_open_snapshots_only': {'kind': 'boolean'},
        'cst_restate_from': {'kind': 'date', 'null': true},
        'cst_restate_to': {'kind': 'date', 'null': true},
        'cst_rejected_warn_share': {'kind': 'number', 'min': 0, 'max': 1},
        'cst_rejected_stop_share': {'kind': 'number', 'min': 0, 'max': 1},
        'cst_change_warn_share': {'kind': 'number', 'min': 0, 'max': 1},
        'cst_change_stop_share': {'kind': 'number', 'min': 0, 'max': 1},
        'cst_as_of_jump_days': {'kind': 'integer', 'min': 1},
        'cst_allow_feed_changes': {'kind': 'boolean'},
        'cst_freshness_warn_hours': {'kind': 'integer', 'min': 1},
        'cst_freshness_error_hours': {'kind': 'integer', 'min': 1},
        'cst_freshness_rare_hours': {'kind': 'integer', 'min': 1},
        'cst_currency_code': {'kind': 'text', 'pattern': (
            '[A-Za-z]{3}', 'a currency code of three letters, such as CNY'
        )},
        'cst_earliest_date': {'kind': 'date'},
        'cst_active_days': {'kind': 'integer', 'min': 1},
        'cst_longest_silence_days': {'kind': 'integer', 'min': 1},
        'cst_valid_order_statuses': {
            'kind': 'list', 'type': 'code', 'pattern': code
        },
        'cst_final_order_statuses': {
            'kind': 'list', 'type': 'code', 'pattern': code
        },
        'cst_running_refund_statuses': {
            'kind': 'list', 'type': 'code', 'pattern': code
        },
        'cst_void_refund_statuses': {
            'kind': 'list', 'type': 'code', 'pattern': code
        },
        'cst_largest_amount': {
            'kind': 'number', 'above': 0, 'max': 1000000000000
        },
        'cst_null_texts': {
            'kind': 'list', 'type': 'text', 'pattern': one_line
        },
        'cst_nobody_ids': {
            'kind': 'list', 'type': 'text', 'pattern': code
        },
        'cst_clock_tolerance_minutes': {'kind': 'integer', 'min': 0},
        'rfm_window_days': {'kind': 'integer', 'null': true, 'min': 1},
        'rfm_bins': {'kind': 'integer', 'min': 2, 'max': 9},
        'rfm_method': {
            'kind': 'method',
            'keys': ['recency', 'frequency', 'monetary'],
            'values': ['quantile', 'ntile', 'fixed'],
            'only': {'recency': ['rhythm']},
        },
        'rfm_rhythm_shares': {'kind': 'list', 'type': 'share'},
        'rfm_rhythm_min_customers': {'kind': 'integer', 'min': 1},
        'value_tier_high_score': {'kind': 'integer', 'min': 1, 'max': 100},
        'value_tier_mid_score': {'kind': 'integer', 'min': 1, 'max': 100},
        'lifecycle_new_days': {'kind': 'integer', 'min': 1},
        'lifecycle_lapsed_score': {'kind': 'integer', 'min': 1, 'max': 9},
        'lifecycle_active_score': {'kind': 'integer', 'min': 2, 'max': 9},
        'behavior_session_minutes': {'kind': 'integer', 'min': 1},
        'behavior_session_longest_minutes': {'kind': 'integer', 'min': 1},
        'engagement_high_score': {'kind': 'integer', 'min': 1, 'max': 100},
        'engagement_mid_score': {'kind': 'integer', 'min': 1, 'max': 100},
        'service_closed_ticket_statuses': {
            'kind': 'list', 'type': 'code', 'pattern': code
        },
        'service_low_csat_score': {'kind': 'integer', 'min': 1, 'max': 5},
        'service_satisfied_csat_score': {
            'kind': 'integer', 'min': 1, 'max': 5
        },
        'goods_category_level': {'kind': 'integer', 'min': 1, 'max': 3},
        'goods_window_days': {'kind': 'integer', 'min': 1},
        'goods_test_days': {'kind': 'integer', 'min': 1},
        'tag_window_days': {'kind': 'integer', 'min': 1},
        'tag_night_from_hour': {'kind': 'integer', 'min': 0, 'max': 23},
        'tag_night_to_hour': {'kind': 'integer', 'min': 0, 'max': 23},
        'retention_holdout_share': {'kind': 'number', 'min': 0, 'below': 1},
        'retention_program_holdout_share': {
            'kind': 'number', 'min': 0, 'below': 1
        },
        'retention_holdout_since': {'kind': 'date', 'null': true},
        'retention_salt': {
            'kind': 'text', 'pattern': (code[0], 'text ' ~ code[1])
        },
        'retention_window_days': {
            'kind': 'list', 'type': 'integer', 'values': [30, 60, 90]
        },
        'retention_min_buyers': {'kind': 'integer', 'min': 1},
        'retention_sample_ratio_limit': {
            'kind': 'number', 'min': 0, 'below': 1
        },
        'retention_cooling_off_days': {'kind': 'integer', 'min': 0},
        'retention_contact_cap': {'kind': 'integer', 'min': 1},
        'retention_contact_cap_days': {'kind': 'integer', 'min': 1},
        'retention_channel_caps': {
            'kind': 'caps', 'keys': contact_channels().keys() | list
        },
        'retention_quiet_days': {'kind': 'integer', 'min': 0},
        'retention_just_bought_days': {'kind': 'integer', 'min': 0},
        'retention_bad_experience_days': {'kind': 'integer', 'min': 0},
        'retention_exploration_share': {'kind': 'number', 'min': 0, 'max': 1},
        'ltv_method': {
            'kind': 'text', 'values': ['best', 'bgnbd', 'cohort', 'past_rate']
        },
        'ltv_parameters_relation': {'kind': 'text', 'null': true, 'pattern': (
            '[A-Za-z0-9_]+([.][A-Za-z0-9_]+){0,2}|[a-z]+[.]`[^`]+`',
            'a table as table, schema.table or database.schema.table, or on '
            ~ 'Spark a file as parquet.`path`'
        )},
        'ltv_horizon_days': {'kind': 'integer', 'min': 1, 'max': 1460},
        'ltv_margin_rate': {
            'kind': 'number', 'above': 0, 'max': 1, 'null': true
        },
        'ltv_annual_discount_rate': {'kind': 'number', 'min': 0},
        'ltv_tail_ratio': {'kind': 'number', 'min': 0, 'max': 1},
        'ltv_seasonal_index': {'kind': 'boolean'},
        'ltv_drift_share': {'kind': 'number', 'above': 0},
        'ltv_tier_high_decile': {'kind': 'integer', 'min': 2, 'max': 10},
        'ltv_tier_mid_decile': {'kind': 'integer', 'min': 2, 'max': 10},
        'purchase_horizon_days': {
            'kind': 'list', 'type': 'integer', 'values': [7, 30, 90]
        },
        'purchase_window_share': {'kind': 'number', 'above': 0, 'below': 1},
        'purchase_expected_share': {'kind': 'number', 'min': 0, 'max': 1},
        'purchase_overdue_silence_share': {
            'kind': 'number', 'above': 0, 'max': 1
        },
        'purchase_overdue_min_p_alive': {'kind': 'number', 'min': 0, 'max': 1},
        'purchase_probability_cuts': {'kind': 'list', 'type': 'share'},
    }) }}
{% endmacro %}


{% macro _check_var_names() %}
    {#-
        A misspelled var on the command line would silently change nothing. A
        project that builds on this one has vars of its own, but hardly any that
        begin like these.
    -#}
    {%- set prefixes = ['cst_', 'rfm_', 'ltv_', 'retention_'] -%}
    {%- for name, value in (
        invocation_args_dict.get('vars') or {}
    ).items() -%}
        {%- if project_name == 'cst'
            or (name.split('_')[0] ~ '_') in prefixes -%}
            {%- if name not in cst_var_rules() -%}
                {{ exceptions.raise_compiler_error(
                    "Unknown var '" ~ name ~ "'. Known vars: "
                    ~ (cst_var_rules().keys() | sort | join(', ')) ~ "."
                ) }}
            {%- endif -%}
            {#- dbt has run it by now, whatever it was. -#}
            {%- if modules.re.search('[{][{%]', value | string) -%}
                {{ exceptions.raise_compiler_error(
                    "Var '" ~ name ~ "' is " ~ _var_text(value) ~ ', expected '
                    ~ 'text without two braces in a row, as dbt takes what '
                    ~ 'stands between them for code.'
                ) }}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{% macro _check_var_value(name, value, rule) %}
    {%- set expected = _var_problem(value, rule) -%}
    {%- if expected is not none -%}
        {{ exceptions.raise_compiler_error(
            "Var '" ~ name ~ "' is " ~ _var_text(value) ~ ", expected "
            ~ expected ~ ". Set it in dbt_project.yml or with --vars."
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro _var_text(value) %}
    {#- A date has no JSON, a text would get double quotes. -#}
    {%- if value is string -%}
        {{ return("'" ~ value ~ "'") }}
    {%- elif value is none or value is boolean or value is number -%}
        {{ return(tojson(value)) }}
    {%- endif -%}
    {{ return(value | string) }}
{% endmacro %}


{% macro _check_var_order(name) %}
    {#- Scores are few in many a model that has no life cycle, so not there. -#}
    {%- for names, may_be_equal in [
        (['value_tier_mid_score', 'value_tier_high_score'], false),
        (['engagement_mid_score', 'engagement_high_score'], false),
        (['lifecycle_lapsed_score', 'lifecycle_active_score'], false),
        (['lifecycle_active_score', 'rfm_bins'], true),
        (['service_low_csat_score', 'service_satisfied_csat_score'], false),
        (['ltv_tier_mid_decile', 'ltv_tier_high_decile'], false),
        (['cst_start_date', 'cst_as_of_date', 'cst_known_at'], true),
        (['cst_restate_from', 'cst_restate_to'], true),
        (['cst_rejected_warn_share', 'cst_rejected_stop_share'], true),
        (['cst_change_warn_share', 'cst_change_stop_share'], true),
        (['cst_freshness_warn_hours', 'cst_freshness_error_hours'], true),
    ] if name in names and name != 'rfm_bins' -%}
        {%- for lower_name in names[:-1] -%}
            {%- set upper_name = names[loop.index] -%}
            {%- set problem = _order_problem(
                var(lower_name), var(upper_name), may_be_equal
            ) -%}
            {%- if problem is not none -%}
                {{ exceptions.raise_compiler_error(
                    "Var '" ~ lower_name ~ "' is "
                    ~ _var_text(var(lower_name)) ~ ', expected ' ~ problem
                    ~ " '" ~ upper_name ~ "', which is "
                    ~ _var_text(var(upper_name)) ~ '.'
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}


{% macro _check_rhythm_shares(shares) %}
    {#- Where another method scores recency, they are not used. -#}
    {%- set bins = var('rfm_bins') -%}
    {%- set is_used = rfm_method_of('recency') == 'rhythm' -%}
    {%- if is_used and shares | length != bins - 1 -%}
        {{ exceptions.raise_compiler_error(
            "Var 'rfm_rhythm_shares' is " ~ _var_text(shares) ~ ", expected "
            ~ (bins - 1) ~ " shares, one less than 'rfm_bins', which is "
            ~ bins ~ '.'
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro _order_problem(lower, upper, may_be_equal) %}
    {%- if lower is none or upper is none -%}
        {{ return(none) }}
    {%- endif -%}
    {#- ISO dates compare as text. -#}
    {%- set are_numbers = lower is number and upper is number -%}
    {%- set low = lower if are_numbers else lower | string -%}
    {%- set high = upper if are_numbers else upper | string -%}
    {%- if low > high or (low == high and not may_be_equal) -%}
        {{ return('no more than' if may_be_equal else 'less than') }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{% macro _var_problem(value, rule) %}
    {%- set kind = rule.kind -%}
    {%- set is_integer = value is integer and value is not boolean -%}
    {%- if value is none -%}
        {{ return(none if rule.get('null') else 'a value, not null') }}
    {%- elif kind == 'boolean' and value is not boolean -%}
        {{ return('true or false') }}
    {%- elif kind == 'integer' and not is_integer -%}
        {{ return('a whole number') }}
    {%- elif kind == 'number' and (
        value is not number or value is boolean or value - value != 0
    ) -%}
        {{ return('a number') }}
    {%- elif kind in ('text', 'timezone') and value is not string -%}
        {{ return('text') }}
    {%- elif kind == 'text' and value | trim == '' -%}
        {{ return('text that is not empty') }}
    {%- elif kind == 'text' and 'pattern' in rule
        and not modules.re.fullmatch(rule.pattern[0], value) -%}
        {{ return(rule.pattern[1]) }}
    {%- elif kind == 'timezone' and not _is_time_zone(value) -%}
        {{ return("a time zone name such as 'Asia/Shanghai'") }}
    {%- elif kind == 'date' and not _is_iso_date(value) -%}
        {{ return("a date as 'YYYY-MM-DD'") }}
    {%- elif kind == 'instant' and not _is_date_or_instant(value) -%}
        {{ return(
            "a date as 'YYYY-MM-DD', or an instant with its offset as "
            ~ "'YYYY-MM-DDTHH:MM:SS+08:00'"
        ) }}
    {%- elif kind == 'list' and (value is string or value is not sequence
        or value is mapping or value | length == 0) -%}
        {{ return('a list with at least one item') }}
    {%- elif kind == 'list' and rule.get('type') == 'integer' -%}
        {%- for item in value -%}
            {%- if item is not integer or item is boolean or item < 1 -%}
                {{ return('a list of whole numbers from 1') }}
            {%- endif -%}
        {%- endfor -%}
    {%- elif kind == 'list' and rule.get('type') == 'share' -%}
        {%- set shares = [0] + (value | list) + [1] -%}
        {%- for item in value -%}
            {%- if item is not number or item is boolean
                or not (shares[loop.index0] < item < shares[loop.index0 + 2])
            -%}
                {{ return('a list of ascending shares between 0 and 1') }}
            {%- endif -%}
        {%- endfor -%}
    {%- elif kind == 'list' and rule.get('type') in ['text', 'code'] -%}
        {%- for item in value -%}
            {%- set is_code = item is integer and item is not boolean
                and rule['type'] == 'code' -%}
            {%- if item is not string and not is_code
                or item | string | trim == '' -%}
                {{ return('a list of texts that are not empty') }}
            {%- elif not modules.re.fullmatch(
                rule.pattern[0], item | string
            ) -%}
                {{ return('a list of texts ' ~ rule.pattern[1]) }}
            {%- endif -%}
        {%- endfor -%}
    {%- elif kind == 'method' -%}
        {{ return(_method_problem(value, rule)) }}
    {%- elif kind == 'caps' -%}
        {{ return(_caps_problem(value, rule)) }}
    {%- elif kind == 'models' -%}
        {{ return(_models_problem(value, rule)) }}
    {%- endif -%}

    {%- if 'min' in rule and value < rule.min -%}
        {{ return('at least ' ~ rule.min) }}
    {%- elif 'max' in rule and value > rule.max -%}
        {{ return('at most ' ~ rule.max) }}
    {%- elif 'above' in rule and value <= rule.above -%}
        {{ return('above ' ~ rule.above) }}
    {%- elif 'below' in rule and value >= rule.below -%}
        {{ return('below ' ~ rule.below) }}
    {%- endif -%}
    {%- if 'values' in rule and kind != 'method' -%}
        {%- for item in (value if kind == 'list' else [value]) -%}
            {%- if item not in rule['values'] -%}
                {{ return(
                    ('items' if kind == 'list' else 'one') ~ ' of '
                    ~ (rule['values'] | join(', '))
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}


{% macro _method_problem(value, rule) %}
    {%- set only = rule.get('only', {}) -%}
    {%- set exceptions_text = [] -%}
    {%- for key, methods in only.items() -%}
        {%- do exceptions_text.append(
            ', and ' ~ key ~ ' also to ' ~ methods | join(', ')
        ) -%}
    {%- endfor -%}
    {%- set expected = 'one of ' ~ rule['values'] | join(', ')
        ~ ', or a mapping of ' ~ rule['keys'] | join(', ')
        ~ ' to one of them' ~ exceptions_text | join -%}
    {%- if value is not mapping -%}
        {{ return(none if value in rule['values'] else expected) }}
    {%- endif -%}
    {%- for key, method in value.items() -%}
        {%- if key not in rule['keys']
            or method not in rule['values'] + only.get(key, []) -%}
            {{ return(expected) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}


{% macro _caps_problem(value, rule) %}
    {%- set expected = 'a mapping of ' ~ rule['keys'] | join(', ')
        ~ ' to whole numbers from 0' -%}
    {%- if value is not mapping -%}
        {{ return(expected) }}
    {%- endif -%}
    {%- for key, cap in value.items() -%}
        {%- if key not in rule['keys'] or cap is not integer
            or cap is boolean or cap < 0 -%}
            {{ return(expected) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}


{% macro _models_problem(value, rule) %}
    {%- set expected = 'a mapping of ' ~ rule['keys'] | join(', ')
        ~ ' to names of models' -%}
    {%- if value is not mapping -%}
        {{ return(expected) }}
    {%- endif -%}
    {%- for key, model in value.items() -%}
        {%- if key not in rule['keys'] or model is not string
            or not modules.re.fullmatch('[A-Za-z_][A-Za-z0-9_]*', model) -%}
            {{ return(expected) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}


{% macro _is_iso_date(value) %}
    {#- YAML reads an unquoted date as a date, not as text. -#}
    {%- set text = value | string -%}
    {%- if not modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', text) -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set year, month, day = text.split('-') | map('int') -%}
    {%- set month_days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] -%}
    {%- if month < 1 or month > 12 or day < 1 -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set is_leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 -%}
    {{ return(
        day <= month_days[month - 1]
        or (month == 2 and day == 29 and is_leap)
    ) }}
{% endmacro %}


{% macro _is_date_or_instant(value) %}
    {#- YAML reads an unquoted instant as one, and its text has a space. -#}
    {%- set text = value | string -%}
    {{ return(
        _is_iso_date(text[:10]) and modules.re.fullmatch(
            '([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?'
            ~ '(Z|[-+](0[0-9]|1[0-4]):[0-5][0-9]))?', text[10:]
        ) is not none
    ) }}
{% endmacro %}


{% macro _is_time_zone(value) %}
    {#- dbt v2's parser has no list of them; there the engine decides. -#}
    {%- set zones = modules.pytz.all_timezones -%}
    {{ return(zones is not defined or value in zones) }}
{% endmacro %}
