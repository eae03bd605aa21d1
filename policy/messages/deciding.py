"""Sentences about decisions and explanations.

The sentences of explanations begin with `says-`; other sentences name them as values, so that each language keeps
its own order of words.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Grade, Message

_SECTIONS: Mapping[str, Message] = {
    "section-not-a-number": Message(
        "`{slot}` gives something that is not a number; write a formula that gives one",
        "`{slot}` 得出的不是数字，请改成得出数字的公式",
    ),
    "section-too-large": Message(
        "`{slot}` gives a number beyond every bound; check the formula and its facts",
        "`{slot}` 得出的数字超出一切界限，请检查公式和数据",
    ),
    "section-amount-too-large": Message(
        "`{slot}` gives an amount of 10^17 or more; check the units of the numbers in it",
        "`{slot}` 得出的金额达到 10^17 以上，请检查所用数字的单位",
    ),
    "section-not-orderable": Message(
        "`{slot}` breaks ties by values that have no order; name a number, a text, a date or a duration",
        "`{slot}` 的值没有先后次序，不能用来区分同分者；请改用数字、文本、日期或时长",
    ),
    "section-not-records": Message(
        "`{list}` is not a list whose items have fields of their own; declare it as `{list}[].id` and so on",
        "`{list}` 不是由带字段的各项组成的列表，请按 `{list}[].id` 等形式声明",
    ),
    "outcome-id-unknown": Message(
        "the outcome names `{found}`, which is not in the section `{section}`; expected one of {expected}",
        "结果中的 `{found}` 不在 `{section}` 一节之内，应为以下之一：{expected}",
    ),
    "person-twice": Message(
        "`{list}` holds the id `{id}` twice; every person stands in it once",
        "`{list}` 中编号 `{id}` 出现两次，每人只应出现一次",
    ),
    "person-without-id": Message(
        "item {index} of `{list}` has no id; without one nobody can be chosen by name",
        "`{list}` 的第 {index} 项没有编号，无法指明是谁",
    ),
    "score-out-of-range": Message(
        "the score `{term}` of `{manager}` is {value}; expected a value in 0..1, scale the formula to that",
        "`{manager}` 的评分项 `{term}` 为 {value}，应在 0 到 1 之间，请换算公式",
    ),
    "score-without-weight": Message(
        "the weights of the score add up to nothing; give one of them a weight above 0",
        "评分各项的权重之和为零，请至少给一项大于 0 的权重",
    ),
    "currencies-mixed": Message(
        "credits are in several currencies ({found}) and have no sum; convert them in `credit`, "
        "and let `bands.base` say the currency",
        "各笔业绩币种不同（{found}），不能相加；请在 `credit` 中折算，并由 `bands.base` 指明币种",
    ),
    "compensation-negative": Message(
        "the amount of `{measure}` is {value}; a compensation cannot be below 0",
        "`{measure}` 的金额为 {value}，赔偿不能小于 0",
    ),
}

_NOTES: Mapping[str, tuple[str, str]] = {
    "says-money": ("{amount} {currency}", "{amount} {currency}"),
    "says-grade": ("{give} {value} with {points} {of}", "{give} {value}，{of} {points}"),
    "says-approval-none": ("needs no approval", "无须审批"),
    "says-approval-skipped": ("needs no approval: skipped are {skipped}", "无须审批：已跳过 {skipped}"),
    "says-approval": ("needs {count}: {stages}", "须经{count}：{stages}"),
    "says-approval-short": (
        "needs {count}: {stages}; of the persons given, too few may act in {short}",
        "须经{count}：{stages}；所列人员中，有权处理 {short} 的人数不足",
    ),
    "says-approvals-one": ("one approval", "一项审批"),
    "says-approvals": ("{number} {number:approval|approvals}", "{number}项审批"),
    "says-times": ("{what} × {count}", "{what} × {count}"),
    "says-assigned": (
        "assigned to {manager} with score {score} over {second} {second_score}",
        "分配给 {manager}，得分 {score}，其次是 {second}，得分 {second_score}",
    ),
    "says-assigned-tie": (
        "assigned to {manager} with score {score}, equal with {second} and first by the tie break",
        "分配给 {manager}，得分 {score}，与 {second} 同分，按同分规则居前",
    ),
    "says-assigned-only": (
        "assigned to {manager} with score {score}, the only eligible candidate",
        "分配给 {manager}，得分 {score}，是唯一符合条件的人选",
    ),
    "says-assigned-unscored": (
        "assigned to {manager}, first by the tie break among {count} eligible",
        "分配给 {manager}，在 {count} 名符合条件者中按同分规则居首",
    ),
    "says-unassigned": (
        "unassigned: {count:the only candidate is not|none of the {count} candidates is} eligible",
        "未分配：{count} 名候选人均不符合条件",
    ),
    "says-unassigned-empty": ("unassigned: there are no candidates", "未分配：没有候选人"),
    "says-pool": (
        "goes to the pool: {count:the only candidate is not|none of the {count} candidates is} eligible",
        "转入公海：{count} 名候选人均不符合条件",
    ),
    "says-pool-empty": ("goes to the pool: there are no candidates", "转入公海：没有候选人"),
    "says-paid": ("comes to {paid}: {parts}", "应付 {paid}：{parts}"),
    "says-carried": (
        "comes to nothing, {carried} is carried to the next statement: {parts}",
        "本期不付，{carried} 结转下期：{parts}",
    ),
    "says-earned": ("earned {amount}", "计得 {amount}"),
    "says-line": ("{what} {amount}", "{what} {amount}"),
    "says-proposes-nothing": ("proposes nothing", "不建议采取措施"),
    "says-proposes": ("proposes {measures}; a person decides", "建议 {measures}，须由人作出决定"),
    "says-compensation": ("{measure} of {amount}", "{measure} {amount}"),
    "says-compensation-unknown": ("{measure} of an amount not known yet", "{measure}（金额尚未确定）"),
    "says-evidence-any": ("{count} × evidence", "证据 {count} 份"),
    "says-evidence": ("{count} × {kind}", "{kind} {count} 份"),
    "says-act-notice": ("notice", "告知本人"),
    "says-act-answer-window": ("time to answer", "申辩期"),
    "says-act-decision-by-a-person": ("a decision by a person", "由人作出决定"),
    "says-act-appeal-window": ("time to appeal", "申诉期"),
}

MESSAGES: Mapping[str, Message] = {
    **_SECTIONS,
    **{code: Message(en, zh, Grade.NOTE) for code, (en, zh) in _NOTES.items()},
}
