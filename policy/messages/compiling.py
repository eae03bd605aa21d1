"""Sentences about the rule set as a whole: names, types, other documents."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Grade, Message

_DOCUMENTS: Mapping[str, Message] = {
    "vocabulary-twice": Message(
        "a second vocabulary; the first is at {found}; keep one of them",
        "出现第二份词汇表，第一份在 {found}，请只保留一份",
    ),
    "document-twice": Message(
        "`{name}` is declared twice; first at {found}; rename or remove one of them",
        "`{name}` 重复声明，首次出现在 {found}，请改名或删除其中之一",
    ),
    "not-a-policy": Message(
        "this document is not a policy; expected the top key `policy`", "该文档不是策略，应以 `policy` 键开头"
    ),
    "folder-empty": Message(
        "no documents here; expected files named `*.yaml`", "此处没有文档，应有名为 `*.yaml` 的文件"
    ),
    "folder-unreadable": Message(
        "the folder cannot be read ({why}); expected one with files named `*.yaml`",
        "无法读取该文件夹（{why}），应为含有 `*.yaml` 文件的文件夹",
    ),
    "file-unreadable": Message(
        "the file cannot be read ({why}); expected a text that this program may read",
        "无法读取该文件（{why}），应为本程序有权读取的文本文件",
    ),
    "not-alone": Message(
        "it was left out, because something it may need has errors: {names}",
        "未采用：它可能用到的文档有错误：{names}",
    ),
    "not-fitting": Message(
        "it was left out, because `{name}`, which is in effect, would not load with it",
        "未采用：与它一起时，生效中的 `{name}` 将无法加载",
    ),
    "unknown-policy": Message(
        "asks a policy that does not exist: `{found}`; load it together with this one",
        "询问的策略不存在：`{found}`，请与本策略一并加载",
    ),
    "asked-policy-broken": Message(
        "asks `{name}`, which has errors of its own; mend that one first",
        "询问的策略 `{name}` 自身有错误，请先修正该策略",
    ),
    "ask-cycle": Message(
        "policies ask one another in a circle: {found}; take one question out",
        "策略之间循环询问：{found}，请去掉其中一次询问",
    ),
    "unknown-take": Message(
        "`{name}` takes `{found}`, which `{policy}` does not give",
        "`{name}` 要取用 `{found}`，但 `{policy}` 没有这一项结果",
    ),
    "unknown-with": Message(
        "`with` names `{found}`, which is no input of `{policy}`", "`with` 中的 `{found}` 不是 `{policy}` 的输入"
    ),
    "input-clash": Message(
        "`{name}` is a {found} here and a {expected} in `{policy}`; give it with `with`",
        "`{name}` 在此处的类型是 `{found}`，在 `{policy}` 中是 `{expected}`，请用 `with` 另行给出",
    ),
    "unit-clash": Message(
        "`{name}` has the unit `{found}` here and `{expected}` in `{policy}`; give it with `with`, converted",
        "`{name}` 在此处的单位是 `{found}`，在 `{policy}` 中是 `{expected}`，请换算后用 `with` 给出",
    ),
    "unknown-key-column": Message("the key names `{found}`, which is no column", "`key` 中的 `{found}` 不是已声明的列"),
    "lookup-key-count": Message(
        "`{name}` is looked up by {expected}; found {found} {found:key|keys}",
        "`{name}` 须按 {expected} 查找，此处给出了 {found} 个键",
    ),
    "lookup-key-type": Message(
        "the column `{column}` of `{name}` is {expected}; looked up with {found}",
        "`{name}` 的 `{column}` 列类型是 {expected}，此处用 {found} 查找",
    ),
    "missing-cell": Message(
        "this row has no `{name}`; give it, or declare the column `optional: true`",
        "本行缺少 `{name}`，请补上，或将该列声明为 `optional: true`",
    ),
    "row-twice": Message(
        "a second row with the same key from {found}; the first is on line {line}",
        "同一键值自 {found} 起已有一行（第 {line} 行），不能重复",
    ),
    "period-empty": Message(
        "the row ends on {found}, not after its beginning {expected}", "本行截止于 {found}，不晚于开始日期 {expected}"
    ),
}

_FIELDS: Mapping[str, Message] = {
    "field-without-type": Message(
        "`{name}` has no type; expected one of {expected}", "`{name}` 没有类型，应为以下之一：{expected}"
    ),
    "type-clash": Message(
        "`{name}` is a {expected} in the vocabulary and cannot be a {found} here",
        "`{name}` 在词汇表中的类型是 `{expected}`，此处不能改为 `{found}`",
    ),
    "refinement-widens": Message(
        "`{key}` of `{name}` is wider than in the vocabulary; a refinement may only narrow",
        "`{name}` 的 `{key}` 比词汇表宽，局部细化只能收窄",
    ),
    "option-unfit": Message(
        "`{key}` means nothing for `{name}`, which is a {found}", "`{key}` 对 `{name}`（类型为 `{found}`）没有意义"
    ),
    "share-with-unit": Message(
        "`{name}` is counted in {found}, so it is no share; take `share` or `unit` away",
        "`{name}` 以 {found} 计量，不能又是占比；请去掉 `share` 或 `unit`",
    ),
    "one-of-empty": Message(
        "`one_of` of `{name}` allows nothing; list the values", "`{name}` 的 `one_of` 为空，请列出取值"
    ),
    "name-of-no-value": Message(
        "`names` of `{name}` names `{found}`, which is none of its values",
        "`{name}` 的 `names` 给 `{found}` 起了名称，但它不是取值之一",
    ),
    "min-above-max": Message(
        "`min` of `{name}` is {found}, above its `max` {expected}", "`{name}` 的最小值 {found} 大于最大值 {expected}"
    ),
    "scale-negative": Message(
        "the scale of `{name}` is {found}; expected 0 or more decimals", "`{name}` 的小数位数为 {found}，应为 0 或以上"
    ),
    "optional-with-default": Message(
        "`{name}` is optional and has a default; keep one of the two", "`{name}` 既可缺省又有默认值，只能保留其一"
    ),
    "input-forbidden": Message(
        "`{name}` may not be an input of any policy: health, psychology, family, pregnancy, union role and private "
        "finances are out of bounds; take it out",
        "`{name}` 不得作为任何策略的输入：健康、心理、家庭、孕育、工会职务和私人财务均在禁用之列，请删除",
    ),
    "unknown-input": Message(
        "`{found}` is not in the vocabulary and has no type of its own; declare it there, or give a `type` here",
        "`{found}` 不在词汇表中，也没有声明类型；请在词汇表中声明，或在此处给出 `type`",
    ),
    "no-vocabulary": Message(
        "there is no vocabulary with this policy, which could give {count} of its inputs their type, `{name}` first; "
        "put the policy into the folder of a `vocabulary.yaml`, check it together with that folder, or give each "
        "input a `type`",
        "与此策略一起的没有词汇表，{count} 个输入（首先是 `{name}`）因此没有类型；请把策略放入 `vocabulary.yaml` "
        "所在的文件夹，或与该文件夹一起检查，或为每个输入给出 `type`",
    ),
    "unknown-group": Message(
        "`of: {found}` is neither a type nor a group of the vocabulary",
        "`of: {found}` 既不是类型，也不是词汇表中的字段组",
    ),
    "path-clash": Message(
        "`{name}` cannot be a value and a group of values at once; rename one of them",
        "`{name}` 不能既是一个值又是一组值，请改名其中之一",
    ),
    "derived-clash": Message(
        "`{name}` is an input already; give the derived value another name", "`{name}` 已是输入，请为推导值另取名称"
    ),
    "derived-share": Message(
        "`{name}` is said to be a share, but its expression gives {found}; take `share` away, or give a number",
        "`{name}` 标为占比，但表达式的结果是 {found}；请去掉 `share`，或改为给出数字",
    ),
    "name-clash": Message(
        "`{name}` already names something a rule can see; choose another name", "`{name}` 已有其他含义，请另取名称"
    ),
    "unknown-path": Message("`{found}` is no input of this policy", "`{found}` 不是本策略的输入"),
    "unknown-unit-path": Message(
        "the unit of `{name}` is the path `{found}`, which is no input",
        "`{name}` 的单位指向 `{found}`，但该路径不是输入",
    ),
    "unknown-time-zone": Message(
        "unknown time zone `{found}`; expected a name such as `Asia/Shanghai`",
        "未知时区 `{found}`，应为 `Asia/Shanghai` 之类的名称",
    ),
    "each-no-list": Message(
        "`each` runs over `{found}`, which is no list of items with fields", "`each` 所指的 `{found}` 不是含字段的列表"
    ),
    "candidates-no-list": Message(
        "`candidates` names `{found}`, which is no list of items with fields",
        "`candidates` 所指的 `{found}` 不是含字段的列表",
    ),
}

_RULES: Mapping[str, Message] = {
    "unknown-output": Message("`{found}` is no output of this policy", "`{found}` 不是本策略的输出"),
    "output-of-section": Message(
        "`{name}` is given by the section, a rule may not give it", "`{name}` 由专属小节得出，规则不能给出"
    ),
    "unknown-of": Message(
        "`of: {found}` of `{name}` is neither a type nor a section with ids",
        "`{name}` 的 `of: {found}` 既不是类型，也不是带编号的小节",
    ),
    "combine-without-collect": Message(
        "`combine` of `{name}` needs the hit policy `collect`, found `{found}`",
        "`{name}` 的 `combine` 只用于命中策略 `collect`，此处为 `{found}`",
    ),
    "combine-unfit": Message(
        "`combine: {key}` cannot work on `{name}`, which is a {found}",
        "`combine: {key}` 不适用于 `{name}`（类型为 `{found}`）",
    ),
    "order-without-values": Message(
        "`{found}` compares outputs by the order of their `one_of`, and none has one; declare it",
        "`{found}` 按输出的 `one_of` 次序比较，但没有输出声明 `one_of`，请补上",
        Grade.WARNING,
    ),
    "output-not-given": Message(
        "the rule gives no `{name}`, which has no default and is not optional; give it, or declare a default",
        "该规则没有给出 `{name}`，而它没有默认值、也不可缺省；请给出该值，或声明默认值",
    ),
    "wrong-output-type": Message(
        "the formula gives {found}, but `{name}` is {expected}", "公式得出 {found}，但 `{name}` 的类型是 {expected}"
    ),
    "formula-in-list": Message(
        "a formula cannot stand inside a list of `{name}`; write the whole value as one formula, quoted",
        "`{name}` 的列表内不能写公式，请把整个值写成一个带引号的公式",
    ),
    "wrong-type": Message("this gives {found}; expected {expected}", "此处得出 {found}，应为 {expected}"),
    "unknown-column": Message("`{found}` is no field that a condition can see here", "`{found}` 不是此处可用的字段"),
    "cell-mapping": Message(
        'a cell cannot be a mapping; write a value, a list of values, or tests such as `">= 100"`',
        '单元格不能是映射，请写一个值、一组值，或 `">= 100"` 之类的判断',
    ),
    "cell-nested": Message(
        "a list in a cell holds plain values; write tests as one quoted text",
        "单元格的列表内只能写值，判断请写成一个带引号的文本",
    ),
    "cell-empty": Message(
        "an empty cell; write `-` for any value, or leave the key out", "单元格为空；任意值请写 `-`，或去掉该键"
    ),
    "cell-empty-list": Message(
        "an empty list allows nothing; write `-` for any value, or leave the key out",
        "空列表不允许任何值；任意值请写 `-`，或去掉该键",
    ),
    "cell-reckoned": Message(
        "`{found}` is a calculation: only the value {value} fits; write that number, or a range as in `{example}`",
        "`{found}` 是算式，只有取值 {value} 才符合；请直接写该数，区间请写成如 `{example}`",
        Grade.WARNING,
    ),
    "cell-out-of-bounds": Message(
        "`{name}` lies between `{least}` and `{most}`, so this can never hold; check the value, or the field's bounds",
        "`{name}` 的取值介于 `{least}` 与 `{most}` 之间，此处永远不会成立；请检查该值或字段的上下限",
        Grade.WARNING,
    ),
    "cell-boolean": Message(
        "`{found}` is neither `true` nor `false`; write `{expected}`",
        "`{found}` 既不是 `true` 也不是 `false`，请写 `{expected}`",
    ),
    "cell-not-a-day": Message(
        "`{found}` is no day; write one that the calendar has, as in `{example}`",
        "`{found}` 不是有效的日期；请写日历上有的日期，例如 `{example}`",
    ),
    "bare-word": Message(
        '`{found}` can be read two ways; write \'"{found}"\' for the text, or "= {found}" for the field of that name',
        '`{found}` 有两种读法：若是文本请写 \'"{found}"\'，若是字段请写 "= {found}"',
    ),
    "unknown-placeholder": Message(
        "the reason shows `{{{found}}}`, which nothing declares", "理由中的 `{{{found}}}` 没有声明"
    ),
}

_SECTIONS: Mapping[str, Message] = {
    "no-output-of": Message(
        "no output holds ids of `{name}`; declare one with `type: list, of: {name}`",
        "没有输出取值于 `{name}`，请声明一个 `type: list, of: {name}` 的输出",
    ),
    "approval-without-requester": Message(
        "`{name}` is no input, so nobody can be told apart from who asks: everybody is barred; declare it",
        "`{name}` 不是输入，无法区分申请人，因此所有人都不能审批；请声明该输入",
        Grade.WARNING,
    ),
    "candidates-without-presence": Message(
        "`{name}[].active` and `{name}[].absent` are not both inputs, so nobody inactive or absent can be told apart; "
        "declare them",
        "`{name}[].active` 与 `{name}[].absent` 未同时声明为输入，无法排除不在岗或缺勤的人；请声明",
        Grade.WARNING,
    ),
    "compensation-without-loss": Message(
        "`{name}` is no input, so no compensation can be computed: it may never exceed the proven loss; declare it",
        "`{name}` 不是输入，无法计算赔偿：赔偿不得超过已查实的损失；请声明该输入",
        Grade.WARNING,
    ),
    "without-consultation": Message(
        "no record of consultation: this stays a draft, it cannot be published; add `consultation` once it was held",
        "没有征求意见与公示记录：只能作为草稿，不能发布；完成后请补充 `consultation`",
        Grade.NOTE,
    ),
    "reserved-id": Message(
        "the id `{found}` is used by results themselves ({expected}); choose another",
        "编号 `{found}` 已由结果自身使用（{expected}），请另取编号",
    ),
    "bands-not-from-zero": Message(
        "the first band begins at {found}, so nothing is said below it; begin with `from: 0`",
        "第一档从 {found} 开始，其下没有规定；请从 `from: 0` 开始",
    ),
    "basis-without-credit": Message(
        "`basis: each` applies the table to each credit; write what a credit is in `credit`",
        "`basis: each` 逐笔适用费率表，请在 `credit` 中写明每笔业绩",
    ),
}

_TESTS: Mapping[str, Message] = {
    "unknown-status": Message(
        "`{found}` is no status; expected one of {expected}", "`{found}` 不是状态，应为以下之一：{expected}"
    ),
    "unknown-rule": Message(
        "`{found}` is no rule of this policy, so this test fails; write which rules hit instead",
        "`{found}` 不是本策略的规则，因此这项测试不会通过；请改写应命中的规则",
        Grade.WARNING,
    ),
}

MESSAGES: Mapping[str, Message] = {**_DOCUMENTS, **_FIELDS, **_RULES, **_SECTIONS, **_TESTS}
