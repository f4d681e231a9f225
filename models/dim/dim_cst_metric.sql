with

metrics as (

    select * from {{ ref('cst_metrics') }}

),

metrics_labeled as (

    select
        metric_code,
        base_metric_code,
        metric_name_zh,
        metric_name_en,
        {{ labeled_code('metric_kind', 'metric_kind') }},
        {{ labeled_code('metric_period', 'metric_period') }},
        formula_zh,
        formula_en,
        unit_zh,
        unit_en,
        {{ labeled_code('metric_additivity', 'metric_additivity') }},
        owner,

        source_table,
        date_column,
        aggregation,
        expression,
        filter_expression,
        cuts,
        public_columns,

        metric_rank

    from metrics

)

select * from metrics_labeled
