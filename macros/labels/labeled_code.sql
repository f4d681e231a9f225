{% macro labeled_code(column, kind, name=none) %}
{#-
    Three columns: a code, and its words in Chinese and English. A code without
    words would show people a null, so tests require the words of every code.
-#}
{%- set labels = code_labels() -%}
{%- if kind not in labels -%}
    {{ exceptions.raise_compiler_error(
        "labeled_code: 'kind' must be one of "
        ~ (labels | join(', ')) ~ ", got " ~ kind
    ) }}
{%- endif -%}
{%- set name = kind if name is none else name -%}
{{ column }} as {{ name }}
{%- for language in ['zh', 'en'] %}
    {%- set position = loop.index0 %},
        case {{ column }}
            {%- for code, words in labels[kind].items() %}
            when '{{ code }}' then '{{ words[position] }}'
            {%- endfor %}
        end as {{ name }}_{{ language }}
{%- endfor -%}
{%- endmacro %}


{% macro code_labels() %}
    {#-
        Words for the codes that have no dimension of their own: by kind, the
        code with its words in Chinese and English. dim_cst_code shows them.
    -#}
    {%- set withheld_reasons = {
        'holdout_not_in_use': (
            '当时尚未使用对照组', 'Hold-out not in use yet'
        ),
        'immature': ('观察期未结束', 'Window still open'),
        'contacts_unknown': ('触达数据未接入', 'Contacts unknown'),
        'not_carried_out': ('未触达任何人', 'Nobody contacted'),
        'no_holdout': ('没有对照组', 'No hold-out group'),
        'sample_ratio_mismatch': (
            '样本比例异常', 'Sample ratio mismatch'
        ),
        'too_few_buyers': (
            '对照组预期购买人数不足', 'Too few buyers to be expected'
        ),
    } -%}
    {{ return({
        'movement': {
            'new': ('首次', 'New'),
            'up': ('上升', 'Up'),
            'down': ('下降', 'Down'),
            'same': ('不变', 'Same'),
            'reactivated': ('回流', 'Reactivated'),
            'churned': ('流失', 'Churned'),
        },
        'movement_cause': {
            'customer_acted': ('客户行为', 'Customer acted'),
            'time_passed': ('时间推移', 'Time passed'),
            'cut_points_moved': ('分箱阈值变化', 'Cut points moved'),
            'data_corrected': ('数据修正', 'Data corrected'),
        },
        'lifecycle_stage': {
            'prospect': ('潜在', 'Prospect'),
            'new': ('新客', 'New'),
            'active': ('活跃', 'Active'),
            'dormant': ('沉睡', 'Dormant'),
            'lapsed': ('流失', 'Lapsed'),
        },
        'value_tier': {
            'high': ('高价值', 'High value'),
            'mid': ('中价值', 'Mid value'),
            'low': ('低价值', 'Low value'),
            'none': ('未购买', 'No purchase'),
        },
        'engagement_level': {
            'high': ('高互动', 'Highly engaged'),
            'mid': ('中互动', 'Engaged'),
            'low': ('低互动', 'Hardly engaged'),
            'unknown': ('互动未知', 'Engagement unknown'),
        },
        'service_state': {
            'open': ('有未结工单', 'Open ticket'),
            'none': ('无未结工单', 'No open ticket'),
            'unknown': ('工单未知', 'Tickets unknown'),
        },
        'ltv_tier': {
            'high': ('高LTV', 'High LTV'),
            'mid': ('中LTV', 'Mid LTV'),
            'low': ('低LTV', 'Low LTV'),
            'unknown': ('LTV未知', 'LTV unknown'),
        },
        'satisfaction_level': {
            'satisfied': ('满意', 'Satisfied'),
            'neutral': ('一般', 'Neutral'),
            'dissatisfied': ('不满意', 'Dissatisfied'),
            'unknown': ('未评价', 'Not rated'),
        },
        'service_level': {
            'low': ('低满意度', 'Low rating'),
            'mid': ('中满意度', 'Medium rating'),
            'high': ('高满意度', 'High rating'),
            'unrated': ('未评价', 'Closed without a rating'),
            'no_ticket': ('无工单', 'No ticket'),
        },
        'campaign_response': {
            'held_out': ('对照组，未触达', 'Held out, not contacted'),
            'redeemed': ('已核销', 'Redeemed'),
            'clicked': ('已点击', 'Clicked'),
            'opened': ('已打开', 'Opened'),
            'no_response': ('未响应', 'No response'),
        },
        'episode_status': {
            'matched': ('执行当前策略', 'Carries out the strategy in force'),
            'unknown_campaign': ('活动不存在', 'Campaign does not exist'),
            'other_campaign': (
                '活动不属于任何策略', 'Campaign carries out no strategy'
            ),
            'after_as_of_date': ('晚于数据截至日期', 'After the as-of date'),
            'before_first_snapshot': (
                '早于首个快照', 'Before the first snapshot'
            ),
            'not_assigned': ('客户当时没有策略', 'Customer had no strategy'),
            'other_strategy': (
                '客户当时属于其他策略', 'Customer had another strategy'
            ),
        },
        'no_contact_reason': {
            'erased': ('已申请删除', 'Erased'),
            'no_consent': ('未同意联系', 'No consent to contact'),
            'consent_unknown': ('未征求联系同意', 'Consent to contact unknown'),
            'no_address': (
                '获准渠道无联系方式', 'No address for a channel with consent'
            ),
            'same_address_opted_out': (
                '同一联系方式的其他客户已拒绝联系',
                'Another customer at the same address refused contact'
            ),
            'open_ticket': ('有未关闭的工单', 'Open service ticket'),
            'refund_running': ('退款处理中', 'Refund not settled yet'),
            'bad_experience': (
                '近期服务体验不佳', 'Bad service experience recently'
            ),
            'just_bought': ('近期刚购买', 'Bought recently'),
            'frequency_cap': ('近期触达过多', 'Contacted too often recently'),
            'channel_cap': (
                '可用渠道近期均已触达过多',
                'Contacted too often recently by every channel'
            ),
            'quiet_period': ('刚刚触达过', 'Contacted only just now'),
            'cadence': (
                '未到该策略的触达间隔', 'Too soon after a contact of the strategy'
            ),
            'not_delivered': (
                '不在本次快照的客户之中', 'Not among the customers of the snapshot'
            ),
            'over_budget': (
                '超出预算，或预期无增益',
                'Beyond the budget, or nothing is expected'
            ),
            'channel_withdrawn': (
                '所选渠道已撤回同意',
                'Consent to the chosen channel withdrawn'
            ),
        },
        'contact_channel': {
            'sms': ('短信', 'Text message'),
            'email': ('邮件', 'E-mail'),
            'wecom': ('企业微信', 'WeCom'),
            'push': ('推送', 'Push message'),
            'phone': ('电话', 'Phone call'),
        },
        'contact_consent': {
            'granted': ('已同意', 'Granted'),
            'refused': ('已拒绝', 'Refused'),
            'unknown': ('未表态', 'Unknown'),
        },
        'gender': {
            'female': ('女', 'Female'),
            'male': ('男', 'Male'),
            'unknown': ('未知', 'Unknown'),
        },
        'r_score_method': {
            'rhythm': ('按回购间隔', 'By the gaps between purchases'),
            'fixed': ('按固定阈值', 'By fixed cut points'),
            'quantile': ('按分位数', 'By quantiles'),
            'ntile': ('等分', 'By equal parts'),
        },
        'tag_measure': {
            'discounted_order_share': (
                '优惠订单占比', 'Share of the orders with a discount'
            ),
            'discount_share': ('优惠占比', 'Share of the list price'),
            'night_order_share': (
                '夜间订单占比', 'Share of the orders placed at night'
            ),
            'main_category_share': (
                '偏好品类浏览占比', 'Share of the favourite category in views'
            ),
            'months_to_birthday': ('距生日月数', 'Months to the birthday'),
            'p_alive': ('存活概率', 'Probability alive'),
        },
        'priority_basis': {
            'expected_gain': (
                '按预期增益', 'By what the strategy is expected to bring'
            ),
            'no_gain': (
                '策略预期无增益，按LTV与购买节奏',
                'No gain expected: by lifetime value and rhythm'
            ),
            'effect_unknown': (
                '策略效果未知，按LTV与购买节奏',
                'Effect not known: by lifetime value and rhythm'
            ),
        },
        'ltv_method_reason': {
            'no_purchase': ('尚无有效购买', 'No purchase that counts'),
            'no_parameters': ('该快照没有模型参数', 'No model parameters for the snapshot'),
            'history_too_short': ('历史太短', 'History too short'),
            'too_few_repeat_buyers': (
                '复购客户太少', 'Too few repeat buyers'
            ),
            'purchase_fit_did_not_converge': (
                '购买模型未收敛', 'Purchase model did not converge'
            ),
            'purchase_fit_is_degenerate': (
                '购买模型退化', 'Purchase model is degenerate'
            ),
            'not_validated_yet': (
                '购买模型尚未经过检验', 'Purchase model not validated yet'
            ),
            'cohort_predicts_better': (
                '同期群法预测更准', 'The cohort method predicted better'
            ),
            'past_rate_predicts_better': (
                '历史频率预测更准', 'The past rate predicted better'
            ),
        },
        'ltv_method': {
            'bgnbd': ('BG/NBD 模型', 'BG/NBD model'),
            'nbd': ('NBD 模型（假定无人离开）', 'NBD model, nobody leaves'),
            'cohort': ('同期群法', 'Cohort method'),
            'past_rate': ('历史频率', 'Past rate'),
        },
        'ltv_family': {
            'purchase_model': ('购买模型', 'Purchase model'),
            'cohort': ('同期群法', 'Cohort method'),
            'past_rate': ('历史频率', 'Past rate'),
        },
        'p_alive_reason': {
            'no_prediction': ('没有预测', 'No prediction'),
            'method_without_p_alive': (
                '所用方法不估计存活概率', 'The method used does not estimate it'
            ),
            'no_drop_out': (
                '数据中看不出客户是否已离开',
                'The data do not tell whether customers leave'
            ),
            'one_purchase': (
                '只有一个购买日，无从判断', 'One purchase day tells nothing of it'
            ),
        },
        'no_probability_reason': {
            'no_purchase': ('尚无有效购买', 'No purchase that counts'),
            'no_prediction': ('没有预测', 'No prediction'),
            'method_without_probability': (
                '所用方法不估计购买概率', 'The method used does not estimate it'
            ),
            'not_delivered': (
                '本次数据中没有该客户', 'Customer not delivered this time'
            ),
        },
        'ltv_forecast': {
            'bgnbd': ('BG/NBD 模型', 'BG/NBD model'),
            'nbd': ('NBD 模型（假定无人离开）', 'NBD model, nobody leaves'),
            'cohort': ('同期群法', 'Cohort method'),
            'past_rate': (
                '朴素预测：购买频率如前', 'Naive: same purchase rate as before'
            ),
            'past_spend': (
                '朴素预测：消费金额如前', 'Naive: same spend as before'
            ),
        },
        'ltv_group': {
            'total': ('全部', 'Total'),
            'decile': ('LTV 十分位', 'Tenth by the forecast'),
            'cohort': ('同期群', 'Cohort'),
            'segment': ('分群', 'Segment'),
            'value_tier': ('价值层级', 'Value tier'),
            'acquisition_channel': ('获客渠道', 'Channel of acquisition'),
            'p_alive_decile': ('存活概率十分位', 'Tenth by the probability alive'),
        },
        'calibration_group': {
            'total': ('全部', 'Total'),
            'band': ('概率区间', 'Band of the probability'),
            'overdue': ('逾期未购', 'Overdue'),
        },
        'withheld_reason': withheld_reasons,
        'expectation_reason': dict(withheld_reasons, not_compared=(
            '近四个季度没有可比较的入组客户',
            'No entry to compare in the last four quarters'
        )),
        'policy_code': {
            'chosen': ('按实际选择', 'As it was chosen'),
            'default': ('始终用规则自身的策略', 'Always the own strategy of the rule'),
            'alternative': (
                '凡可选之处均用该策略', 'This strategy wherever it was an option'
            ),
        },
        'policy_withheld_reason': {
            'immature': withheld_reasons['immature'],
            'contacts_unknown': withheld_reasons['contacts_unknown'],
            'not_carried_out': withheld_reasons['not_carried_out'],
            'too_few_buyers': (
                '预期购买人数不足', 'Too few buyers to be expected'
            ),
            'sample_ratio_mismatch': (
                '选择与概率不符', 'Choices do not fit their probabilities'
            ),
        },
        'return_reason': {
            'effect_withheld': ('效果未给出', 'Effect withheld'),
            'margin_unknown': ('毛利未知', 'Gross profit unknown'),
            'no_incremental_cost': (
                '没有增量成本', 'No cost beyond the hold-out'
            ),
        },
        'scope_code': {
            'program': ('整体', 'Program'),
            'strategy': ('策略', 'Strategy'),
            'campaign': ('活动', 'Campaign'),
        },
        'not_counted_reason': {
            'not_a_purchase': ('未成交', 'Not a purchase'),
            'after_as_of_date': ('晚于数据截至日期', 'After the as-of date'),
            'guest': ('游客订单', 'Nobody known bought it'),
            'fully_refunded': ('已全额退款', 'Refunded in full'),
        },
        'gross_profit_basis': {
            'cost': ('按商品成本', 'By the cost of its lines'),
            'rate': ('按统一毛利率', 'By one rate for all'),
        },
        'overview_period': {
            'day': ('日', 'Day'),
            'week': ('周', 'Week'),
            'month': ('月', 'Month'),
            'quarter': ('季度', 'Quarter'),
            'year': ('年', 'Year'),
        },
        'overview_cut': {
            'total': ('全部', 'Total'),
            'order_channel': ('下单渠道', 'Channel of the order'),
            'shop': ('店铺', 'Shop'),
            'category': ('商品类目', 'Category'),
            'acquisition_channel': ('获客渠道', 'Channel of acquisition'),
            'member_level': ('会员等级', 'Member level'),
            'value_tier': ('价值层级', 'Value tier'),
            'program': ('项目对照组', 'Hold-out of the program'),
        },
        'category_method': {
            'popular': ('全体最热门', 'Most popular of all'),
            'habit': ('本人买得最多', 'What the customer bought most'),
            'sequence': ('上次购买之后常买', 'What mostly follows the last one'),
        },
        'first_purchase_cut': {
            'total': ('全部', 'Total'),
            'first_channel': ('首购渠道', 'Channel of the first purchase'),
            'first_shop': ('首购店铺', 'Shop of the first purchase'),
            'first_category': ('首购类目', 'Category of the first purchase'),
            'first_member_level': (
                '首购时会员等级', 'Member level at the first purchase'
            ),
            'acquisition_channel': ('获客渠道', 'Channel of acquisition'),
        },
        'repurchase_cut': {
            'total': ('全部', 'Total'),
            'cohort': ('首购月', 'Month of the first purchase'),
            'segment': ('分群', 'Segment'),
            'strategy': ('策略', 'Strategy'),
            'holdout': ('对照组与触达组', 'Hold-out and treated'),
        },
        'period_type': {
            'snapshot': ('单期', 'Entry snapshot'),
            'quarter': ('季度', 'Quarter'),
            'year': ('年度', 'Year'),
            'last_four_quarters': ('近四个季度', 'Last four quarters'),
            'all': ('全部', 'All'),
        },
        'measure_code': {
            'repurchase_rate': ('复购率', 'Repurchase rate'),
            'visit_rate': ('到访率', 'Visit rate'),
            'order_count': ('人均订单数', 'Orders per customer'),
            'net_amount': ('人均净额', 'Net amount per customer'),
            'net_amount_capped': (
                '人均净额（封顶）', 'Net amount per customer, capped'
            ),
            'gross_profit': ('人均毛利', 'Gross profit per customer'),
            'realized_value': ('人均已实现价值', 'Realized value per customer'),
        },
        'method_code': {
            'newcombe': ('Newcombe 区间', 'Newcombe interval'),
            'pooled_t': ('合并方差 t 检验', 'Pooled t test'),
        },
        'source_name': {
            'customer': ('客户', 'Customers'),
            'order': ('订单', 'Orders'),
            'order_item': ('订单行', 'Lines of orders'),
            'refund': ('退款', 'Refunds'),
            'product': ('商品', 'Products'),
            'exchange_rate': ('汇率', 'Exchange rates'),
            'event': ('行为', 'Events'),
            'ticket': ('工单', 'Tickets'),
            'campaign': ('活动', 'Campaigns'),
            'touch': ('触达', 'Contacts'),
        },
        'row_status': {
            'accepted': ('已接收', 'Accepted'),
            'superseded': ('被新版本取代', 'Superseded'),
            'rejected': ('未通过校验', 'Rejected'),
            'flagged': ('已接收但有疑点', 'Accepted, but flagged'),
        },
        'column_group': {
            'segment': ('分群', 'Segment'),
            'purchases': ('购买', 'Purchases'),
            'cut_points': ('分箱阈值', 'Cut points'),
            'behavior': ('行为', 'Behavior'),
            'service': ('服务', 'Service'),
            'contacts': ('触达', 'Contacts'),
            'outcome': ('结果', 'Outcome'),
            'ltv': ('生命周期价值', 'Lifetime value'),
        },
        'metric_kind': {
            'atomic': ('原子指标', 'Atomic'),
            'derived': ('派生指标', 'Derived'),
            'composite': ('复合指标', 'Composite'),
        },
        'metric_period': {
            'any': ('任意周期', 'Any period'),
            'month': ('自然月', 'Calendar month'),
            'snapshot': ('快照日期', 'Snapshot date'),
            'days_90': ('90天', '90 days'),
            'rfm_window': ('RFM 窗口', 'RFM window'),
            'window': ('观察期', 'Window of the effect'),
        },
        'metric_additivity': {
            'full': ('可加', 'Adds up'),
            'cuts': ('半可加', 'Adds up over cuts, not over time'),
            'none': ('不可加', 'Does not add up'),
        },
        'restatement_cause': {
            'merge': ('客户合并', 'Customers merged'),
            'erasure': ('客户删除', 'Customer erased'),
            'late_customer': ('客户晚到', 'Customer delivered late'),
            'vanished_customer': (
                '客户不再提供', 'Customer no longer delivered'
            ),
            'late_order': ('订单晚到', 'Order delivered late'),
            'late_refund': ('退款晚到', 'Refund delivered late'),
            'corrected_order': (
                '订单更正或取消', 'Order corrected, cancelled or withdrawn'
            ),
            'late_activity': (
                '行为、工单或触达晚到或更正',
                'Event, ticket or contact late or corrected'
            ),
            'code_version': ('代码版本变化', 'Code changed'),
            'rule_change': ('规则变化', 'Rules changed'),
            'others_corrected': (
                '其他客户的数据更正', 'Other customers corrected'
            ),
            'corrected_before_close': (
                '首次发布后、关账前的更正',
                'Corrected between first publication and closing'
            ),
        },
    }) }}
{% endmacro %}
