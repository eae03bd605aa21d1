"""Sentences of decisions and their explanations: what was decided, by which rule, and what was missing."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Grade, Message

_REFUSED: Mapping[str, Message] = {
    "event-without-id": Message(
        "an event is an object with a text `id`; give it one", "事件是带有文本 `id` 的对象，请补上"
    ),
    "event-twice": Message("the event `{found}` is given twice", "事件 `{found}` 重复给出"),
    "output-not-allowed": Message(
        "rule `{rule}` computed {found} for `{name}`; expected one of {expected}; mend the formula",
        "规则 `{rule}` 为 `{name}` 算出 {found}，应为以下之一：{expected}，请修正公式",
    ),
    "history-not-carried-out": Message(
        "`{name}` does not fold a history of events yet; ask without events for a case that has none",
        "`{name}` 尚不能处理历史事件，没有历史的事项请不带事件提交",
    ),
}

_NOTES: Mapping[str, Message] = {
    "lookup-no-row": Message(
        "the table `{name}` has no row for {found} in effect on {day}",
        "参照表 `{name}` 中没有 {found} 在 {day} 生效的行",
        Grade.NOTE,
    ),
}

_WORDS: Mapping[str, Message] = {
    code: Message(en, zh, Grade.NOTE)
    for code, (en, zh) in {
        "says-nobody": ("nobody", "无人"),
        "detail-stage": ("{stage}: {need} × whoever meets `{who}`", "{stage}：须 {need} 人，条件 `{who}`"),
        "detail-stage-actors": ("{stage}: {need} of {who}", "{stage}：须 {need} 人，可审批：{who}"),
        "detail-stage-skipped": ("{stage}: skipped", "{stage}：已跳过"),
        "detail-stage-unsure": (
            "{stage}: whether it may be skipped is unknown, so it stays",
            "{stage}：能否跳过未知，因此保留",
        ),
        "detail-barred": ("{stage}: {person} may not act, by {by}", "{stage}：{person} 不得审批，依据 {by}"),
        "detail-unsure": (
            "{stage}: {person} may not act, {by} cannot be told without {missing}",
            "{stage}：{person} 不得审批，缺少 {missing}，无法判断 {by}",
        ),
        "detail-ranked": ("{place}. {manager}: {score} of {terms}", "{place}. {manager}：{score}，由 {terms} 得出"),
        "detail-ranked-unscored": ("{place}. {manager}", "{place}. {manager}"),
        "detail-term": ("{term} {value} × {weight}", "{term} {value} × {weight}"),
        "detail-excluded": ("{manager} is excluded by {by}", "{manager} 被排除，依据 {by}"),
        "detail-excluded-also": (
            "{manager} is excluded by {by}; unknown: {unknown}",
            "{manager} 被排除，依据 {by}；未知：{unknown}",
        ),
        "detail-excluded-unknown": (
            "{manager} is excluded: {unknown} is unknown without {missing}",
            "{manager} 被排除：缺少 {missing}，{unknown} 未知",
        ),
        "detail-band": (
            "{line}: {base} × ({to} - {from}) × {rate} = {amount}; running {running}",
            "{line}：{base} × ({to} - {from}) × {rate} = {amount}，累计 {running}",
        ),
        "detail-line": ("{line}: {amount}; running {running}", "{line}：{amount}，累计 {running}"),
        "detail-award": ("{award}: {give}", "{award}：{give}"),
        "detail-line-because": (
            "{line}: {amount}; running {running}; {because}",
            "{line}：{amount}，累计 {running}；{because}",
        ),
        "detail-award-because": ("{award}: {give}; {because}", "{award}：{give}；{because}"),
        "detail-measure": ("{measure}: still needs {needs}", "{measure}：尚需 {needs}"),
        "detail-measure-points": (
            "{measure}: {points} {points:point|points}; still needs {needs}",
            "{measure}：记 {points} 分；尚需 {needs}",
        ),
        "detail-measure-expires": (
            "{measure}: {points} {points:point|points} for {expires}; still needs {needs}",
            "{measure}：记 {points} 分，有效期 {expires}；尚需 {needs}",
        ),
        "told-requester": ("being who asks", "本人即申请人"),
        "told-inactive": ("not being active", "不在岗"),
        "told-absent": ("being absent", "缺勤"),
        "told-row": ("{row}: {part}, with {seen}", "{row}：{part}，实际 {seen}"),
        "told-row-bare": ("{row}: {part}", "{row}：{part}"),
        "why-item": ("item {number}", "第 {number} 项"),
        "why-of-items": ("{reason} ({items})", "{reason}（{items}）"),
        "why-of-items-more": ("{reason} ({items} and {more} more)", "{reason}（{items} 等，另有 {more} 项）"),
        "why-no-answer-no-hit": ("an answer of {policy}, where no rule hits", "{policy} 的结论（没有规则命中）"),
        "why-no-answer-conflict": ("an answer of {policy}, where rules conflict", "{policy} 的结论（规则冲突）"),
        "sums-grade": ("{give} {value}", "{give} {value}"),
        "sums-assigned": ("assigned", "已分配"),
        "sums-unassigned": ("unassigned: nobody is eligible", "未分配：无人符合条件"),
        "sums-pool": ("goes to the pool: nobody is eligible", "转入公海：无人符合条件"),
        "sums-paid": ("comes to an amount", "应付金额"),
        "sums-carried": ("comes to nothing, a balance is carried", "不付，余额结转"),
        "sums-nothing": ("comes to nothing", "不付"),
        "sums-proposes": ("proposes {measures}", "建议 {measures}"),
        "why-because": ("{answer}, because:", "{answer}，理由："),
        "why-hidden": ("decided; the amounts are hidden from you", "已决定，金额对您不可见"),
        "why-details": ("in detail", "明细"),
        "says-missing": ("missing", "缺失"),
        "says-hidden": ("(hidden)", "（不可见）"),
        "says-nothing": ("nothing", "无"),
        "says-percent": ("{value}%", "{value}%"),
        "says-true": ("yes", "是"),
        "says-false": ("no", "否"),
        "why-gives-one": ("{name} is {value}", "{name}为{value}"),
        "why-no-hit": (
            "no rule hits, and there is no default: this case needs a person's decision",
            "没有规则命中，也没有默认值：此事须由人决定",
        ),
        "why-conflict": (
            "no answer: the rules {rules} hit at once and do not agree; the policy needs mending",
            "无法得出结论：规则 {rules} 同时命中且互相矛盾，须修正策略",
        ),
        "why-undetermined": (
            "cannot be decided without {missing}: it could change the outcome",
            "暂不能决定：缺少 {missing}，可能影响结果",
        ),
        "why-undetermined-otherwise": (
            "cannot be decided: a value that matters cannot be computed; see the rules below",
            "不能决定：有影响结果的值无法计算，详见下列规则",
        ),
        "why-rules": ("rules", "规则"),
        "why-rules-item": ("rules for {list}[{index}]", "{list}[{index}] 的规则"),
        "why-hit": ("{rule} hits: {seen}", "{rule} 命中：{seen}"),
        "why-hit-always": ("{rule} hits: it has no condition", "{rule} 命中：无条件"),
        "why-after-hit": (
            "{rule} would hit too ({seen}), but a rule above it decides",
            "{rule} 也符合（{seen}），但已由其上方的规则决定",
        ),
        "why-after-hit-always": (
            "{rule} has no condition, but a rule above it decides",
            "{rule} 无条件，但已由其上方的规则决定",
        ),
        "why-outranked": (
            "{rule} fits too ({seen}), but the outcome is the same without it",
            "{rule} 也符合（{seen}），但不影响结果",
        ),
        "why-outranked-always": (
            "{rule} has no condition, and the outcome is the same without it",
            "{rule} 无条件，且不影响结果",
        ),
        "why-not": ("{rule} does not hit: {part} is false, {seen}", "{rule} 未命中：{part} 不成立，{seen}"),
        "why-not-always": ("{rule} does not hit: {part} is false", "{rule} 未命中：{part} 不成立"),
        "why-unknown-missing": (
            "{rule} is unknown: {part} cannot be told without {missing}",
            "{rule} 未知：缺少 {missing}，无法判断 {part}",
        ),
        "why-unknown-note": ("{rule} is unknown: {part}: {notes}", "{rule} 未知：{part}：{notes}"),
        "why-unknown": ("{rule} is unknown: {part}, {seen}", "{rule} 未知：{part}，{seen}"),
        "why-asked": ("{name} is {value}, by {policy}", "{name} 为 {value}，由 {policy} 得出"),
        "why-asked-no-hit": (
            "{name} is unknown: no rule of {policy} hits",
            "{name} 未知：{policy} 没有规则命中",
        ),
        "why-asked-conflict": (
            "{name} is unknown: rules of {policy} conflict",
            "{name} 未知：{policy} 的规则互相冲突",
        ),
        "why-asked-unknown": (
            "{name} is unknown: {policy} did not decide, it missed {missing}",
            "{name} 未知：{policy} 未能决定，缺少 {missing}",
        ),
    }.items()
}

MESSAGES: Mapping[str, Message] = {**_REFUSED, **_NOTES, **_WORDS}
