{% macro ods_contract() %}
    {#-
        models/staging/_ods__sources.yml states the same for people; `graph`,
        through which a macro could read it, is empty in unit tests.
        test_sources() compares the two.
    -#}
    {{ return({
        'ods_cst_customer': {
            'customer_id': ('string', 'required'),
            'registered_at': ('timestamp', 'required'),
            'updated_at': ('timestamp', 'optional'),
            'gender': ('string', 'optional'),
            'birth_date': ('date', 'optional'),
            'city': ('string', 'optional'),
            'province': ('string', 'optional'),
            'member_level': ('string', 'optional'),
            'acquisition_channel': ('string', 'optional'),
            'acquisition_cost': ('decimal(18, 2)', 'optional'),
            'email': ('string', 'optional'),
            'mobile': ('string', 'optional'),
            'contact_consent': ('boolean', 'optional'),
            'consent_sms': ('boolean', 'optional'),
            'consent_email': ('boolean', 'optional'),
            'consent_phone': ('boolean', 'optional'),
            'consent_wecom': ('boolean', 'optional'),
            'consent_push': ('boolean', 'optional'),
            'is_deleted': ('boolean', 'optional'),
            'merged_into_customer_id': ('string', 'optional'),
            'ingested_at': ('timestamp', 'optional'),
        },
        'ods_trd_order': {
            'order_id': ('string', 'required'),
            'customer_id': ('string', 'may be null'),
            'ordered_at': ('timestamp', 'required'),
            'order_status': ('string', 'required'),
            'order_amount': ('decimal(18, 2)', 'required'),
            'updated_at': ('timestamp', 'optional'),
            'paid_at': ('timestamp', 'optional'),
            'discount_amount': ('decimal(18, 2)', 'optional'),
            'freight_amount': ('decimal(18, 2)', 'optional'),
            'order_channel': ('string', 'optional'),
            'campaign_id': ('string', 'optional'),
            'currency_code': ('string', 'optional'),
            'shop_id': ('string', 'optional'),
            'shop_name': ('string', 'optional'),
            'coupon_code': ('string', 'optional'),
            'coupon_amount': ('decimal(18, 2)', 'optional'),
            'ingested_at': ('timestamp', 'optional'),
        },
        'ods_trd_order_item': {
            'item_id': ('string', 'required'),
            'order_id': ('string', 'required'),
            'product_id': ('string', 'required'),
            'quantity': ('decimal(18, 3)', 'required'),
            'item_amount': ('decimal(18, 2)', 'required'),
            'updated_at': ('timestamp', 'optional'),
            'category': ('string', 'optional'),
            'product_name': ('string', 'optional'),
            'discount_amount': ('decimal(18, 2)', 'optional'),
            'cost_amount': ('decimal(18, 2)', 'optional'),
            'ingested_at': ('timestamp', 'optional'),
        },
        'ods_trd_refund': {
            'refund_id': ('string', 'required'),
            'order_id': ('string', 'may be null'),
            'refunded_at': ('timestamp', 'required'),
            'refund_amount': ('decimal(18, 2)', 'required'),
            'updated_at': ('timestamp', 'optional'),
            'refund_reason': ('string', 'optional'),
            'refund_status': ('string', 'optional'),
            'item_id': ('string', 'optional'),
            'customer_id': ('string', 'optional'),
            'ingested_at': ('timestamp', 'optional'),
        },
        'ods_prd_product': {
            'product_id': ('string', 'required'),
            'product_name': ('string', 'optional'),
            'category': ('string', 'optional'),
            'brand': ('string', 'optional'),
            'updated_at': ('timestamp', 'optional'),
            'ingested_at': ('timestamp', 'optional'),
        },
        'ods_fin_exchange_rate': {
            'currency_code': ('string', 'required'),
            'rate_date': ('date', 'required'),
            'exchange_rate': ('decimal(18, 10)', 'required'),
            'updated_at': ('timestamp', 'optional'),
            'ingested_at': ('timestamp', 'optional'),
        },
        'ods_log_event': {
            'event_id': ('string', 'required'),
            'event_type': ('string', 'required'),
            'occurred_at': ('timestamp', 'required'),
            'customer_id': ('string', 'may be null'),
            'anonymous_id': ('string', 'optional'),
            'session_id': ('string', 'optional'),
            'device_type': ('string', 'optional'),
            'channel': ('string', 'optional'),
            'product_id': ('string', 'optional'),
            'category': ('string', 'optional'),
            'page': ('string', 'optional'),
            'duration_seconds': ('integer', 'optional'),
            'ingested_at': ('timestamp', 'optional'),
        },
        'ods_svc_ticket': {
            'ticket_id': ('string', 'required'),
            'customer_id': ('string', 'required'),
            'created_at': ('timestamp', 'required'),
            'ticket_status': ('string', 'required'),
            'updated_at': ('timestamp', 'optional'),
            'order_id': ('string', 'optional'),
            'channel': ('string', 'optional'),
            'category': ('string', 'optional'),
            'first_responded_at': ('timestamp', 'optional'),
            'resolved_at': ('timestamp', 'optional'),
            'csat_score': ('integer', 'optional'),
            'nps_score': ('integer', 'optional'),
            'ingested_at': ('timestamp', 'optional'),
        },
        'ods_prm_campaign': {
            'campaign_id': ('string', 'required'),
            'campaign_name': ('string', 'required'),
            'strategy_code': ('string', 'optional'),
            'started_at': ('timestamp', 'required'),
            'ended_at': ('timestamp', 'required'),
            'budget_amount': ('decimal(18, 2)', 'optional'),
            'channel': ('string', 'optional'),
            'control_share': ('decimal(18, 6)', 'optional'),
            'updated_at': ('timestamp', 'optional'),
            'ingested_at': ('timestamp', 'optional'),
        },
        'ods_prm_touch': {
            'touch_id': ('string', 'required'),
            'campaign_id': ('string', 'required'),
            'customer_id': ('string', 'required'),
            'touched_at': ('timestamp', 'required'),
            'touch_channel': ('string', 'optional'),
            'arm_code': ('string', 'optional'),
            'is_control': ('boolean', 'optional'),
            'opened_at': ('timestamp', 'optional'),
            'clicked_at': ('timestamp', 'optional'),
            'redeemed_at': ('timestamp', 'optional'),
            'touch_cost': ('decimal(18, 2)', 'optional'),
            'updated_at': ('timestamp', 'optional'),
            'ingested_at': ('timestamp', 'optional'),
        },
    }) }}
{% endmacro %}


{% macro _columns_read_alone(table) %}
    {#-
        A birth date decides nothing. Who withdraws must not depend on the rest
        of the row, nor the row on how the withdrawal is spelled.
    -#}
    {{ return({
        'ods_cst_customer': [
            'birth_date', 'contact_consent', 'consent_sms', 'consent_email',
            'consent_phone', 'consent_wecom', 'consent_push', 'is_deleted',
        ],
    }.get(table, [])) }}
{% endmacro %}


{% macro _person_ids() %}
    {{ return(['customer_id', 'anonymous_id', 'merged_into_customer_id']) }}
{% endmacro %}
