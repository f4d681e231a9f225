"""Figures with words, for the Chinese pages: `<name>_zh` is the figure `<name>`
with Chinese names and headers, from the same query."""

import re

from scripts.figures import PLANTED, QUERIES

HEADERS = {
    "AUC by snapshot": "各快照的 AUC",
    "Brier score": "Brier 分数",
    "LTV tier": "LTV 层级",
    "amount": "金额",
    "assigned": "策略内客户",
    "belongs to": "归属",
    "bought": "实际购买",
    "bought after days": "几天后购买",
    "campaign": "活动",
    "change": "变化",
    "channel": "渠道",
    "contact": "触达日期",
    "customers × snapshots": "客户 × 快照",
    "date": "日期",
    "days": "天数",
    "engagement": "互动",
    "entry": "类型",
    "entry date": "入组日",
    "held out": "对照组",
    "list": "名单日期",
    "net amount": "累计净额",
    "net amount in 90 days": "90 天净额",
    "orders": "累计订单",
    "orders in 90 days": "90 天订单",
    "points": "价值分",
    "rate": "触达组复购率",
    "rate of the held out": "对照组复购率",
    "reason": "原因",
    "said to buy": "预测购买",
    "satisfaction": "满意度",
    "segment": "分群",
    "sessions in 30 days": "近 30 天会话",
    "snapshot": "快照",
    "strategy": "策略",
    "suppressed": "不触达",
    "tickets in 90 days": "近 90 天工单",
    "to contact": "待触达",
    "treated": "触达组",
    "uplift, 95 %, points": "增量的 95% 置信区间（百分点）",
    "value tier": "价值层级",
}
HOLDOUT_WORDS = {
    "amounts, adjusted": "金额（校正后）",
    "amounts": "金额",
    "buy in the window": "观察期内购买",
    "customers": "客户数",
    "entries a year into a strategy": "一年进入某策略的人次",
    "entries": "入组人次",
    "finds in 90 days": "90 天可检出",
    "finds in a year": "一年可检出",
    "half held out: buyers": "留出一半：买家",
    "held out of them": "其中留出",
    "hold-out of the program": "项目对照组",
    "not even half": "留出一半也不够",
}


def query_in_chinese(query: str) -> str:
    """The query of the same table with Chinese names under Chinese headers."""
    query = re.sub(r'as "([^"]+)"', lambda it: f'as "{HEADERS[it[1]]}"', query)
    query = re.sub(r"_en\b", "_zh", query)
    return query.replace("f %%'", "f%%'").replace("f to %", "f 至 %")


def text_in_chinese(text: str) -> str:
    """The table of how large a hold-out has to be, in Chinese."""
    text = re.sub(r"(\d) %", r"\1%", text)
    text = re.sub(r"held out to find (\S+)", r"检出 \1 所需留出", text)
    text = re.sub(r"(\d+%) held out: buyers", r"留出 \1：买家", text)
    text = re.sub(r"(\d+%) held out", r"留出 \1", text)
    for english, chinese in HOLDOUT_WORDS.items():
        text = text.replace(english, chinese)
    return text


PLANTED_ZH = {
    f"{name}_zh": text_in_chinese(PLANTED[name])
    for name in ("holdout_found", "holdout_needed", "holdout_companies")
}
QUERIES_ZH = {
    f"{name}_zh": query_in_chinese(QUERIES[name])
    for name in (
        "example_movement",
        "example_orders",
        "example_previous_segment",
        "example_recommended_strategy",
        "example_segment",
        "example_strategy_in_force",
        "example_value_tier",
        "loop_behavior",
        "loop_contacts",
        "loop_effects",
        "loop_list",
        "loop_outcomes",
        "loop_segments",
        "loop_strategies",
        "loop_value",
        "purchase_calibration",
    )
}
