"""What each key of a document is for, in zh and en; shown by editors that complete from the JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from policy.values import Text

_ANYWHERE: Mapping[str, tuple[str, str]] = {
    "id": (
        "编号：小写字母、数字、连字符，不得改作他用",
        "Id: lower case, digits, hyphens; never reused for another meaning",
    ),
    "because": ("理由，可用 {路径} 显示数值", "The reason; {path} shows a value"),
    "label": ("显示名称", "What people call it"),
    "title": ("标题", "Title"),
    "basis": ("所依据的制度条款", "The written regulation it implements"),
    "when": (
        "条件：FEEL 表达式，或“字段: 单元格”的映射，须全部成立",
        "Condition: FEEL, or a mapping field: cell, all of which must hold",
    ),
    "event": ("事件类型", "Type of the event"),
    "where": ("事件须满足的条件（FEEL）", "What must be true of the event (FEEL)"),
    "type": ("类型", "Type"),
    "of": ("列表元素的类型、字段组，或带编号的小节", "Type or field group of a list's items, or a section with ids"),
    "one_of": ("允许的取值，按优先顺序", "Values allowed, in order of priority"),
    "names": (
        "取值的显示名称：值 → 名称；没有 one_of 的文本可只给部分取值命名",
        "What values are called: value → name; a text without one_of may name some of its values",
    ),
    "unit": ("币种、其他单位，或存放币种的字段路径", "A currency, another unit, or the path that holds the currency"),
    "scale": ("小数位数", "Decimals allowed"),
    "share": ("是否为占比，读作百分数", "Whether it is a fraction of a whole, read as per cent"),
    "min": ("最小值（含）", "Least value, inclusive"),
    "max": ("最大值（含）", "Greatest value, inclusive"),
    "class": ("谁可以看：公开、个人、薪酬、身份、禁用", "Who may see it: open, personal, pay, identity, forbidden"),
    "optional": ("可以缺省", "It may be missing"),
    "default": ("缺省时的取值", "Value taken where it is missing"),
    "combine": ("collect 如何合并多条命中的值", "How `collect` makes one value of several"),
    "rows": ("各行，按 `from` 递增", "Rows, rising by `from`"),
    "from": ("起点（含）", "Where it begins, inclusive"),
    "until": ("失效首日", "First day no longer in effect"),
    "within": ("时限（ISO 8601 时长）", "Time limit (ISO 8601 duration)"),
    "value": ("取值", "Value"),
}

_OF_A_PART: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "PolicyDocument": {
        "policy": ("策略标识：<类别>.<名称>", "Id of the policy: <kind>.<name>"),
        "inputs": (
            "输入：词汇表中的字段，可局部细化，或在此声明",
            "Inputs: fields of the vocabulary, refined or declared here",
        ),
        "outputs": ("输出及其类型", "Outputs with their types"),
        "rules": ("规则，至少一条", "Rules, at least one"),
        "subject": ("决定的对象及涉及的人", "What is decided about, and whom it concerns"),
        "owner": (
            "由谁维护：部门或人员的名称，或团队、人员的编号",
            "Who keeps it: what they are called, or the id of a team or person",
        ),
        "language": ("规则语言版本", "Version of the rule language"),
        "time_zone": ("时区，用于换算日期", "Time zone that turns instants into days"),
        "derived": (
            "推导值，自上而下计算，或取自另一策略；可带显示名称",
            "Derived values, top to bottom, or taken from another policy; with a label if they have one",
        ),
        "each": ("对列表逐项执行规则", "Run the rules once per item of a list"),
        "hit_policy": ("多条规则命中时如何处理", "What to do with several hits"),
        "on_unknown": ("条件未知时：停止，或视为不成立", "An unknown condition stops, or counts as false"),
        "tests": ("随策略保存的测试", "Tests that travel with the policy"),
    },
    "InputItem": {"path": ("字段路径", "Path of the field"), "options": ("局部细化", "Refinements")},
    "RuleItem": {"then": ("命中后给出的输出；公式写在 `=` 之后", "What a hit gives; a formula stands after `=`")},
    "Subject": {
        "id": ("对象编号所在的输入", "Input that holds the subject's id"),
        "about": ("涉及的人和客户所在的输入", "Inputs that hold the people and customers concerned"),
    },
    "Ask": {
        "policy": ("被询问的策略", "The policy that is asked"),
        "take": ("取用它的哪一项结果", "What is taken from it"),
        "with": ("改给它的输入：其输入路径 → FEEL", "What it gets instead: its input → FEEL"),
    },
    "Worked": {"is": ("计算方法（FEEL）", "How it is worked out (FEEL)")},
    "Each": {"list": ("列表输入", "The list input"), "as": ("规则中对每一项的称呼", "What rules call an item")},
    "TestItem": {
        "name": ("测试名称", "Name of the test"),
        "as_of": ("决定所属的日期或时刻", "The day or instant the decision is for"),
        "given": ("给定的数据", "The facts"),
        "expect": ("期望的结果", "What is expected"),
        "events": ("给定的事件", "The events"),
    },
    "Expect": {
        "status": ("状态", "Status"),
        "hits": ("命中的规则，按文档顺序", "Rules that hit, in order of the document"),
        "outcome": ("输出，只比较写出的项", "Outputs; only those written are compared"),
        "missing": ("缺少的字段", "Paths that are missing"),
        "result": ("小节的结果，只比较写出的项", "The section's result; only what is written is compared"),
    },
    "VocabularyDocument": {
        "vocabulary": ("词汇表格式版本", "Version of the vocabulary's form"),
        "fields": ("共用字段：路径 → 选项", "Shared fields: path → options"),
        "events": ("事件类型：名称 → 声明", "Types of events: name → declaration"),
    },
    "EventOptions": {
        "data": (
            "事件数据的字段：词汇表中的字段，可局部细化，或在此声明",
            "Fields of the event's data: fields of the vocabulary, refined or declared here",
        ),
    },
    "ReferenceDocument": {
        "reference": ("参照表名称", "Name of the table"),
        "key": ("用来查找的列", "Columns a row is known by"),
        "columns": ("各列及其类型", "Columns with their types"),
        "rows": ("按日期生效的行", "Dated rows"),
    },
    "ReferenceRow": {"from": ("生效首日", "First day in effect")},
    "ApprovalSection": {
        "stages": ("审批环节，按审批顺序", "Stages, in order of approval"),
        "separation": ("职责分离：谁不得审批", "Separation of duties: who may not act"),
    },
    "Stage": {
        "who": ("谁可以审批（FEEL，用 approver）", "Who may act (FEEL over `approver`)"),
        "need": ("须有几人同意", "How many different persons must approve"),
        "unless": ("成立时跳过本环节（FEEL）", "Where true, the stage is skipped (FEEL)"),
        "late": ("超时后转到的环节", "Stage it goes to when time is over"),
    },
    "Separation": {"never": ("成立时此人不得审批（FEEL）", "Where true, that person may not act (FEEL)")},
    "AssignmentSection": {"allocate": ("如何选择客户经理", "How a manager is found")},
    "Allocate": {
        "candidates": ("候选人列表输入", "Input that lists the candidates"),
        "eligible": ("资格条件，须全部成立", "What must be true of a candidate"),
        "score": ("评分项", "Terms of the score"),
        "limits": ("名额与容量限制", "Limits on what one manager holds"),
        "keep": ("更换现任客户经理的代价", "Cost of taking a customer from today's owner"),
        "tie_break": ("同分时依次比较的字段", "Fields that break ties, in order"),
        "otherwise": ("无人符合条件时的去向", "What becomes of a customer nobody is eligible for"),
    },
    "Score": {
        "weight": ("权重，相对值", "Weight, relative to the others"),
        "value": ("0 到 1 之间的值（FEEL）", "A value in 0..1 (FEEL)"),
    },
    "Limit": {
        "sum": ("求和的量（FEEL）", "What is added up (FEEL)"),
        "count": ("计数：新分配的，或全部持有的", "Count the new ones, or all held"),
        "at_most": ("上限（FEEL）", "Upper bound (FEEL)"),
        "at_least": ("下限（FEEL）", "Lower bound (FEEL)"),
        "over": ("统计时段", "Time over which it counts"),
    },
    "Keep": {"value": ("0 到 1 之间的代价（FEEL）", "The cost, in 0..1 (FEEL)")},
    "IncentiveSection": {
        "period": ("结算周期", "Time one statement is for"),
        "credit": ("每笔计入的业绩（FEEL）", "What one item is credited with (FEEL)"),
        "measure": ("查费率表用的量（FEEL）", "What the rate table is applied to (FEEL)"),
        "bands": ("费率表", "Rate table"),
        "adjustments": ("调整项，依次计算", "Adjustments, in this order"),
        "awards": ("非现金激励", "What is not money"),
    },
    "Bands": {
        "base": ("量为 1 时对应的金额（FEEL）", "What one unit of the measure is worth (FEEL)"),
        "method": ("分段、整体或插值", "Each slice at its rate, all at the rate reached, or between rows"),
        "basis": ("按合计，或逐笔", "Over the total, or each credit alone"),
    },
    "Band": {"rate": ("费率，0.05 即 5%", "Rate; 0.05 is 5%")},
    "Adjustment": {
        "at_most": ("累计不超过（FEEL）", "The running total goes down to this (FEEL)"),
        "add": ("加上（可为负，FEEL）", "Added, may be negative (FEEL)"),
        "hold": ("暂扣比例", "Fraction held back"),
        "release": ("暂扣多久后发放", "When what is held back is paid"),
    },
    "Award": {"give": ("给予什么", "What is given")},
    "PenaltySection": {
        "measures": ("措施，由轻到重", "The ladder of measures"),
        "patterns": ("事件模式", "Patterns of events"),
        "consultation": ("征求意见与公示记录", "Record of consultation and publication"),
    },
    "Measure": {
        "evidence": ("所需证据", "Evidence it needs"),
        "acts": ("须经的程序", "Acts that must have happened"),
        "points": ("记分", "Points it brings"),
        "expires": ("记分有效期", "How long the points count"),
        "amount": ("赔偿金额（FEEL），不超过已查实损失", "Compensation (FEEL), never above the proven loss"),
    },
    "Evidence": {
        "kind": ("证据种类，any 为任意", "Kind of evidence; `any` for whatever kind"),
        "count": ("件数", "How many pieces"),
        "independent": ("来自不同来源的件数", "How many of them from other sources"),
    },
    "Pattern": {
        "severity": ("严重程度", "How grave it is"),
        "key": ("同一对象的字段", "What the events share"),
        "sequence": ("依次发生的事件", "Events one after the other"),
        "without": ("其间不得发生的事件", "An event that must not lie between"),
        "count": ("时间窗内的次数", "So many events in a window"),
    },
    "Step": {"as": ("条件中对该事件的称呼", "What conditions call the event")},
    "Count": {"at_least": ("至少几次", "At least so many")},
    "Consultation": {
        "held": ("征求意见日期", "Day it was held"),
        "published": ("公示日期", "Day it was published"),
        "record": ("记录编号或链接", "Where the record is"),
    },
    "ScorecardSection": {"grades": ("由得分得出等级", "Makes a grade of points")},
    "Grades": {"of": ("依据的输出", "The output it grades"), "give": ("得出的输出", "The output it gives")},
}


def description(part: str, key: str) -> Text:
    """Return what a key is for.

    Args:
        part: Name of the dataclass that holds it, `Stage` for instance.
        key: The key.

    Raises:
        KeyError: nothing is written about it.
    """
    zh, en = _OF_A_PART.get(part, {}).get(key) or _ANYWHERE[key]
    return Text(zh, en)
