"""How parts of an expression are said; `{a}` and the like stand for what is said of the parts below."""

from __future__ import annotations

import re
from collections.abc import Mapping

from policy.values import Language, Text

COMPARED: Mapping[str, Text] = {
    "=": Text("{a} 为 {b}", "{a} is {b}"),
    "!=": Text("{a} 不为 {b}", "{a} is not {b}"),
    "<": Text("{a} < {b}", "{a} is below {b}"),
    "<=": Text("{a} ≤ {b}", "{a} is at most {b}"),
    ">": Text("{a} > {b}", "{a} is above {b}"),
    ">=": Text("{a} ≥ {b}", "{a} is at least {b}"),
}
"""Comparisons of numbers, texts and the rest."""

MEASURED: Mapping[str, Text] = {
    "<": Text("{a}，须小于 {b}", "{a}, must be below {b}"),
    "<=": Text("{a}，至多 {b}", "{a}, at most {b}"),
    ">": Text("{a}，须大于 {b}", "{a}, must be above {b}"),
    ">=": Text("{a}，至少 {b}", "{a}, at least {b}"),
}
"""What is and what is asked, where a comparison of numbers does not hold."""

NUMBERED: Mapping[str, Text] = {
    "=": Text("{a} = {b}", "{a} is {b}"),
    "!=": Text("{a} ≠ {b}", "{a} is not {b}"),
}
"""Equality of numbers."""

DATED: Mapping[str, Text] = {
    "<": Text("{a} 早于 {b}", "{a} is before {b}"),
    "<=": Text("{a} 不晚于 {b}", "{a} is not after {b}"),
    ">": Text("{a} 晚于 {b}", "{a} is after {b}"),
    ">=": Text("{a} 不早于 {b}", "{a} is not before {b}"),
}
"""Comparisons of days and instants."""

RECKONED: Mapping[str, Text] = {
    "+": Text("{a} + {b}", "{a} + {b}"),
    "-": Text("{a} - {b}", "{a} - {b}"),
    "*": Text("{a} × {b}", "{a} × {b}"),
    "/": Text("{a} ÷ {b}", "{a} ÷ {b}"),
    "**": Text("{a} 的 {b} 次方", "{a} to the power of {b}"),
}
"""Arithmetic."""

SAID: Mapping[str, Text] = {
    "and": Text(" 且 ", " and "),
    "or": Text(" 或 ", " or "),
    "list": Text("、", ", "),
    "brackets": Text("（{a}）", "({a})"),
    "quoted": Text("“{a}”", "“{a}”"),
    "percent": Text("{a}%", "{a}%"),
    "unit": Text("{a} {b}", "{a} {b}"),
    "place": Text("「{a}」", "[{a}]"),
    "missing": Text("{a} 缺失", "{a} is missing"),
    "given": Text("{a} 已填", "{a} is given"),
    "yes": Text("{a} 为“是”", "{a} is “yes”"),
    "no": Text("{a} 为“否”", "{a} is “no”"),
    "no-value": Text("无值", "no value"),
    "true": Text("是", "yes"),
    "false": Text("否", "no"),
    "not": Text("并非：{a}", "not: {a}"),
    "minus": Text("-{a}", "-{a}"),
    "between": Text("{a} 在 {b} 与 {c} 之间（含两端）", "{a} is between {b} and {c}, both included"),
    "one-of": Text("{a} 为 {b} 之一", "{a} is one of {b}"),
    "none-of": Text("{a} 不为 {b} 中任何一个", "{a} is none of {b}"),
    "within": Text("{a} 属于 {b}", "{a} is among {b}"),
    "in-range": Text("{a} 在 {b}之间", "{a} is between {b}"),
    "any": Text("{a} 为任意值", "{a} is anything"),
    "range": Text("{a}（{p}）与 {b}（{q}）", "{a} ({p}) and {b} ({q})"),
    "included": Text("含", "included"),
    "excluded": Text("不含", "not included"),
    "if": Text("若 {a}，则 {b}，否则 {c}", "{b} if {a}, otherwise {c}"),
    "of": Text("{a} 的 {b}", "{b} of {a}"),
    "at": Text("{a} 的第 {b} 项", "item {b} of {a}"),
    "at-end": Text("{a} 的倒数第 {b} 项", "item {b} from the end of {a}"),
    "where": Text("{a} 中 {b} 的各项", "those of {a} where {b}"),
    "some": Text("{a} 中至少一项：{b}", "for at least one of {a}: {b}"),
    "every": Text("{a} 中每一项：{b}", "for every one of {a}: {b}"),
    "for": Text("对 {a} 中每一项取 {b}", "{b} for each of {a}"),
    "to": Text("{a} 至 {b}", "{a} to {b}"),
    "call": Text("{a}（{b}）", "{a} ({b})"),
    "named": Text("{a}：{b}", "{a}: {b}"),
    "told": Text("{a}（代入 {b}）", "{a} (told {b})"),
    "empty": Text("空列表", "an empty list"),
    "nothing": Text("无", "nothing"),
    "lookup": Text("参照表“{a}”中 {b} 一行", "the row of the table “{a}” for {b}"),
    "earned": Text("本期应得", "what is earned"),
    "credited": Text("计入业绩合计", "the sum of what counts"),
    "measure": Text("达成度", "the attainment"),
    "today": Text("裁定当日", "the day of the decision"),
    "now": Text("裁定时刻", "the moment of the decision"),
    "item": Text("该项", "the item"),
    "lacks": Text("缺：{a}", "missing: {a}"),
    "has": Text("{a} {b}", "{a} {b}"),
    "sum": Text("{a} = {b}", "{a} = {b}"),
}
"""Everything else."""

FUNCTIONS: Mapping[str, Text] = {
    "sum": Text("{0} 之和", "the sum of {0}"),
    "count": Text("{0} 的项数", "the number of {0}"),
    "mean": Text("{0} 的平均值", "the mean of {0}"),
    "median": Text("{0} 的中位数", "the median of {0}"),
    "abs": Text("{0} 的绝对值", "{0} without its sign"),
    "floor": Text("{0} 向下取整", "{0} rounded down to a whole number"),
    "ceiling": Text("{0} 向上取整", "{0} rounded up to a whole number"),
    "round up/2": Text("{0} 向上舍入到 {1} 位小数", "{0} rounded up to {1} decimals"),
    "round down/2": Text("{0} 向下舍入到 {1} 位小数", "{0} rounded down to {1} decimals"),
    "round half up/2": Text("{0} 四舍五入到 {1} 位小数", "{0} rounded to {1} decimals"),
    "round half down/2": Text("{0} 五舍六入到 {1} 位小数", "{0} rounded to {1} decimals, halves down"),
    "decimal/2": Text("{0} 取 {1} 位小数（银行家舍入）", "{0} rounded to {1} decimals, halves to even"),
    "contains/2": Text("{0} 包含 {1}", "{0} contains {1}"),
    "starts with/2": Text("{0} 以 {1} 开头", "{0} starts with {1}"),
    "ends with/2": Text("{0} 以 {1} 结尾", "{0} ends with {1}"),
    "matches/2": Text("{0} 符合格式 {1}", "{0} matches the pattern {1}"),
    "list contains/2": Text("{0} 中有 {1}", "{0} has {1} in it"),
    "string length/1": Text("{0} 的字数", "the length of {0}"),
    "upper case/1": Text("{0} 的大写", "{0} in capitals"),
    "lower case/1": Text("{0} 的小写", "{0} in small letters"),
    "distinct values/1": Text("{0} 去除重复后", "{0}, each once"),
    "years and months duration/2": Text("{0} 至 {1} 的年月数", "the years and months from {0} to {1}"),
    "day of week/1": Text("{0} 是星期几", "the weekday of {0}"),
    "month of year/1": Text("{0} 的月份", "the month of {0}"),
    "abs/1": Text("{0} 的绝对值", "{0} without its sign"),
}
"""Calls by name, or by name and number of arguments."""

DENIED: Mapping[str, Text] = {
    "contains/2": Text("{0} 不包含 {1}", "{0} does not contain {1}"),
    "starts with/2": Text("{0} 不以 {1} 开头", "{0} does not start with {1}"),
    "ends with/2": Text("{0} 不以 {1} 结尾", "{0} does not end with {1}"),
    "matches/2": Text("{0} 不符合格式 {1}", "{0} does not match the pattern {1}"),
    "list contains/2": Text("{0} 中没有 {1}", "{0} does not have {1} in it"),
}
"""Calls that ask something, where the answer is no."""

MEMBERS: Mapping[str, Text] = {
    "year": Text("年份", "the year"),
    "month": Text("月份", "the month"),
    "day": Text("日", "the day"),
    "weekday": Text("星期几（1 至 7）", "the weekday, 1 to 7,"),
    "hour": Text("时", "the hour"),
    "minute": Text("分", "the minute"),
    "second": Text("秒", "the second"),
    "time offset": Text("与 UTC 的时差", "the offset from UTC"),
    "timezone": Text("时区", "the time zone"),
    "years": Text("年数", "the years"),
    "months": Text("月数", "the months"),
    "days": Text("天数", "the days"),
    "hours": Text("小时数", "the hours"),
    "minutes": Text("分钟数", "the minutes"),
    "seconds": Text("秒数", "the seconds"),
    "start": Text("起点", "the beginning"),
    "end": Text("终点", "the end"),
    "start included": Text("是否含起点", "whether the beginning is included"),
    "end included": Text("是否含终点", "whether the end is included"),
}
"""What a path reads of days, instants, durations and ranges."""

GREATEST: Mapping[str, Text] = {
    "min": Text("{a} 中最小者", "the least of {a}"),
    "max": Text("{a} 中最大者", "the greatest of {a}"),
}
"""Functions over however many arguments."""

PARTS: Mapping[str, Text] = {
    "who": Text("审批人：{a}", "who may approve: {a}"),
    "need": Text("须 {a} 人同意", "{a} people must agree"),
    "unless": Text("以下情形跳过：{a}", "left out where {a}"),
    "stage-within": Text("限时 {a}", "within {a}"),
    "late": Text("逾期转交 {a}", "after that it goes to {a}"),
    "unacted": Text("{a}（已检查，目前还不会执行）", "{a} (checked, not carried out yet)"),
    "never": Text("以下情形不得审批：{a}", "may not approve where {a}"),
    "requester": Text("申请人不得审批自己的申请。", "Nobody approves what they asked for."),
    "candidates": Text("候选人：{a}", "candidates: {a}"),
    "eligible": Text("须满足：{a}", "must hold: {a}"),
    "score": Text("权重 {w}：{a}", "weight {w}: {a}"),
    "limit-sum": Text("{a} 的合计", "the sum of {a}"),
    "limit-new": Text("新分配的客户数", "the customers newly given"),
    "limit-all": Text("名下客户数", "the customers held"),
    "limit-over": Text("（{b} 内）{a}", "{a} within {b}"),
    "at-most": Text("{a} 不超过 {b}", "{a} is at most {b}"),
    "at-least": Text("{a} 不低于 {b}", "{a} is at least {b}"),
    "when": Text("当 {b} 时，{a}", "where {b}: {a}"),
    "keep": Text("更换负责人的代价：{a}", "the cost of a change of owner: {a}"),
    "tie": Text("得分相同时依次比较：{a}", "where scores are equal, the lower comes first of: {a}"),
    "pool": Text("无人符合时，客户进入公海。", "Where nobody is eligible, the customer goes to the pool."),
    "unassigned": Text("无人符合时，客户暂不分配。", "Where nobody is eligible, the customer stays unassigned."),
    "period-month": Text("每月结算一次。", "Settled every month."),
    "period-quarter": Text("每季度结算一次。", "Settled every quarter."),
    "period-half-year": Text("每半年结算一次。", "Settled every half-year."),
    "period-year": Text("每年结算一次。", "Settled every year."),
    "credit": Text("每一项计入：{a}", "every item counts with {a}"),
    "reached": Text("达成度 = {a}", "the attainment is {a}"),
    "band": Text("达成度自 {a} 起：费率 {b}", "from an attainment of {a} on: {b}"),
    "base": Text("达成度 100% 对应的金额：{a}", "an attainment of 100% is worth {a}"),
    "marginal": Text("只有超出部分按更高费率计。", "Only the slice above a threshold earns its higher rate."),
    "whole": Text("达到哪一档，全部按该档费率计。", "All of it earns the rate that is reached."),
    "interpolated": Text("两档之间按比例取费率。", "Between two rows the rate lies in proportion."),
    "basis-total": Text("费率适用于合计。", "The rates apply to the sum."),
    "basis-each": Text("费率逐项适用。", "The rates apply to each item by itself."),
    "adjust-most": Text("最高为 {a}", "is at most {a}"),
    "adjust-add": Text("加：{a}", "add {a}"),
    "adjust-take": Text("减：{a}", "take away {a}"),
    "adjust-hold": Text("暂留 {a}", "hold back {a}"),
    "release": Text("{a} 后释放", "paid after {a}"),
    "award": Text("当 {a} 时给予 {b}", "{b} where {a}"),
    "award-always": Text("一律给予 {b}", "{b} in every case"),
    "grade": Text("{a} 自 {b} 起：{c} 为 {d}", "from {b} of {a} on: {c} is {d}"),
    "grade-first": Text("低于下一档：{c} 为 {d}", "below the next row: {c} is {d}"),
    "evidence": Text("证据 {a}：{b} 件", "evidence of the kind {a}: {b}"),
    "evidence-any": Text("任何证据 {b} 件", "evidence of any kind: {b}"),
    "independent": Text("，其中至少 {a} 件来自独立来源", ", of which {a} from an independent source"),
    "act": Text("先须完成：{a}", "before that: {a}"),
    "points": Text("计 {a} 分", "{a} points"),
    "expires": Text("，{a} 后失效", ", which expire after {a}"),
    "amount": Text("赔偿额：{a}", "compensation: {a}"),
    "plain-measure": Text("无需证据。", "needs no evidence."),
    "same": Text("同一 {a} 的事件", "events of the same {a}"),
    "first-event": Text("先发生“{a}”", "first “{a}”"),
    "next-event": Text("随后发生“{a}”", "then “{a}”"),
    "event-within": Text("（{a} 内）", " within {a}"),
    "event-where": Text("，且 {a}", ", where {a}"),
    "without": Text("其间没有“{a}”", "with no “{a}” between"),
    "counted": Text("{b} 内至少 {c} 次“{a}”", "“{a}” at least {c} times within {b}"),
    "consulted": Text("已于 {a} 征求意见，{b} 公布：{c}", "consulted on {a}, made known on {b}: {c}"),
    "not-consulted": Text("尚无征求意见的记录，不能生效。", "No record of a consultation: it cannot take effect."),
}
"""What a kind's own section says."""

_BESIDE = re.compile(r" (?=[「“{])|(?<=[」”}]) ")


def phrase_of(name: str, count: int) -> Text | None:
    """Return how a function of so many arguments is said; None where it has no words of its own."""
    return FUNCTIONS.get(f"{name}/{count}") or (FUNCTIONS.get(name) if count == 1 else None)


def closed_up(text: str, language: Language) -> str:
    """Return a text as Chinese sets it: no space beside quotation marks, nor beside a name that will stand in them."""
    return _BESIDE.sub("", text) if language is Language.ZH else text
