"""The first minute with a warehouse: where it is, three answers, what next."""

from cst.ask import rows_of, seen_file
from cst.paths import Paths

QUESTIONS = {
    "最近几个月经营如何？ How were the last months?": """
        select period_code, buyer_count, new_buyer_count, order_count,
               net_amount
        from cst_ads.ads_cst_overview
        where period_type = 'month' and cut_code = 'total' and is_complete
        order by period_code desc
        limit 3
    """,
    "与对照组相比，运营让每位客户多花了多少？ "
    "How much more does each customer spend than those held out?": """
        select subject_name_zh, uplift, uplift_low, uplift_high,
               holdout_entries
        from cst_ads.ads_cst_effect
        where is_headline and measure_code = 'net_amount'
        order by scope_code, subject_code
        limit 4
    """,
    "现在先联系谁，为什么？ Whom to contact first, and why?": """
        select customer_id, strategy_code, contact_channel,
               assignment_reason_zh
        from cst_ads.ads_cst_audience
        where is_current and is_contactable and not is_holdout
        order by strategy_priority, priority
        limit 3
    """,
}
NEXT = """\
– 空值: not known yet, or too few customers to say.

Next:
  make ask                 the questions that it answers, {count} of them
  make ask Q=复购率        one of them, by a word or by its number
  make docs                every table and column, and the lineage, on one page
  README.md                "Your own data" 接入自己的数据: yours instead"""


def first_look(paths: Paths, count: int) -> str:
    """Where the file is, three questions with their rows, and what to do next.
    Refuses where there is no file."""
    lines = [f"The warehouse 数据仓库: {seen_file(paths)}", ""]
    for question, sql in QUESTIONS.items():
        lines += [question, "", *rows_of(paths, sql), ""]
    return "\n".join([*lines, NEXT.format(count=count)])
