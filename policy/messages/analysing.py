"""What is said of conditions compared with one another.

Sentences that begin with `box-` say parts of others, which name them as values.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Grade, Message

_FINDINGS: Mapping[str, Message] = {
    "rule-masked": Message(
        "`{name}` can never decide: whenever it holds, so does {found}, and that one counts; narrow {found}, or let "
        "`{name}` come before it",
        "`{name}` 不会起作用：它成立时 {found} 也成立，而以后者为准；请收窄 {found}，或让 `{name}` 优先",
        Grade.WARNING,
    ),
    "rule-never": Message(
        "`{name}` can never hold: its conditions exclude one another, or every value the fields can have; mend one of "
        "them, or take the rule out",
        "`{name}` 永远不会成立：其条件互相排斥，或排除了字段的所有取值；请修改条件，或删除该规则",
        Grade.WARNING,
    ),
    "rules-overlap": Message(
        "`{name}` and {found} hold at once, for example {example}: that is a conflict and no decision; let only one of "
        "them hold, or choose another hit policy",
        "`{name}` 与 {found} 会同时成立，例如：{example}；此时互相冲突、无法决定，请只让其一成立，或改用其他命中策略",
        Grade.WARNING,
    ),
    "rules-may-overlap": Message(
        "`{name}` and {found} hold at once if this can be: {example}; should they not agree, that is a conflict and no "
        "decision",
        "若可能出现：{example}，则 `{name}` 与 {found} 同时成立；结果不一致时互相冲突、无法决定",
        Grade.NOTE,
    ),
    "rules-gap": Message(
        "no rule holds, for example where {example}, and there is no default; add a rule for it, or a default to the "
        "outputs",
        "例如 {example} 时没有规则成立，也没有默认值；请为此添加规则，或为输出声明默认值",
        Grade.WARNING,
    ),
    "rules-may-gap": Message(
        "no rule holds, for example where {example}, if that can be, and there is no default",
        "例如 {example}（若可能出现）时没有规则成立，也没有默认值",
        Grade.NOTE,
    ),
    "band-jump": Message(
        "from {name} on everything is paid at {rate}, below at {before}: with a base of {base}, {expected} just below "
        "and {found} from there; `method: marginal` raises only what lies above",
        "达到 {name} 起全部按 {rate} 计，之前按 {before}：以基数 {base} 计，差一点为 {expected}，达到即为 {found}；"
        "只提高超出部分请用 `method: marginal`",
        Grade.NOTE,
    ),
    "band-fall": Message(
        "from {name} on everything is paid at {rate}, below at {before}: with a base of {base}, {expected} just below "
        "and only {found} from there; whoever sells more earns less",
        "达到 {name} 起全部按 {rate} 计，之前按 {before}：以基数 {base} 计，差一点为 {expected}，达到反而只有 {found}，"
        "卖得多反而得得少",
        Grade.WARNING,
    ),
    "band-sinks": Message(
        "between {from} and {to} whoever sells more earns less: with a base of {base}, {expected} at first and {found} "
        "in the end; raise the rate, or use `method: marginal`",
        "在 {from} 与 {to} 之间卖得多反而得得少：以基数 {base} 计，由 {expected} 降至 {found}；请提高费率，或改用 "
        "`method: marginal`",
        Grade.WARNING,
    ),
    "grade-fall": Message(
        "from {name} on the grade is `{found}`, worse than `{expected}` below it; change the two rows about",
        "达到 {name} 起等级为 `{found}`，反而不如之前的 `{expected}`；请对调这两行",
        Grade.WARNING,
    ),
    "points-turn": Message(
        "at {at} of {name} the points go from {expected} to {found}, against the direction of the other bands; look "
        "whether a band is missing or a number is wrong",
        "{name} 到 {at} 时得分由 {expected} 变为 {found}，与其他各档方向相反；请检查是否缺档或数字有误",
        Grade.NOTE,
    ),
    "reason-number": Message(
        "the reason of `{name}` says {found}, which stands nowhere in the rule ({expected}); mend the reason or the "
        "rule, or let a placeholder such as `{example}` show the value itself",
        "`{name}` 的理由写着 {found}，规则中却没有这个数（{expected}）；请改正理由或规则，或用占位符（如 `{example}`）"
        "显示实际的值",
        Grade.WARNING,
    ),
    "analysis-bounded": Message(
        "not analysed, too many combinations: {name}",
        "组合过多，未作分析：{name}",
        Grade.NOTE,
    ),
    "analysis-more": Message(
        "`{name}` is found {found} times; the first {expected} are shown",
        "`{name}` 共有 {found} 处，仅列出前 {expected} 处",
        Grade.NOTE,
    ),
}

_PARTS: Mapping[str, tuple[str, str]] = {
    "box-and": ("{left} and {right}", "{left} 且 {right}"),
    "box-or": ("{left} or {right}", "{left} 或 {right}"),
    "box-or-value": ("{left} or {right}", "{left} 或 {right}"),
    "box-or-else": ("{left}; or {right}", "{left}；或 {right}"),
    "box-and-others": ("{values}; and others", "{values}；等等"),
    "box-and-more": ("{values} and {count} more", "{values} 等，另有 {count} 条"),
    "box-too": ("{left}; {right}", "{left}；{right}"),
    "box-bracketed": ("({values})", "（{values}）"),
    "box-anything": ("whatever the facts are", "任何情况"),
    "box-missing": ("{name} is missing", "{name} 缺失"),
    "box-given": ("{name} is given", "{name} 已填写"),
    "box-one-of": ("{name} = {values}", "{name} = {values}"),
    "box-none-of": ("{name} is not {values}", "{name} 不是 {values}"),
    "box-is": ("{name} = {value}", "{name} = {value}"),
    "box-numbers": ("its numbers are {values}", "其中的数为 {values}"),
    "box-no-numbers": ("it has no numbers", "其中没有数字"),
    "box-of-rules": ("the rules, for there are too many of them", "规则数量过多"),
    "box-of-conditions": ("some conditions", "部分条件"),
    "box-of-gaps": ("gaps between the rules", "规则之间的空缺"),
    "box-of-reasons": ("numbers in reasons", "理由中的数"),
    "box-of-masked": ("whether some rules are masked by others", "部分规则是否被其他规则遮蔽"),
    "box-of-overlaps": ("which rules hold at once", "哪些规则会同时成立"),
}

MESSAGES: Mapping[str, Message] = {**_FINDINGS, **{code: Message(en, zh) for code, (en, zh) in _PARTS.items()}}
