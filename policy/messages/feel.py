"""Sentences about expressions: how they are written, what they mean, and why one gave null."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Grade, Message

_SYNTAX: Mapping[str, Message] = {
    "feel-too-long": Message(
        "the expression has {found} characters; at most {expected} are read, so split it into derived values",
        "表达式有 {found} 个字符，最多读取 {expected} 个；请拆成多个推导值",
    ),
    "feel-too-deep": Message(
        "the expression is nested more than {expected} levels deep; split it into derived values",
        "表达式嵌套超过 {expected} 层；请拆成多个推导值",
    ),
    "feel-text-not-closed": Message(
        'the text that begins with `{found}` is not closed; end it with `"`',
        '以 `{found}` 开头的文本没有结束，请以 `"` 结束',
    ),
    "feel-comment-not-closed": Message("the comment is not closed; end it with `*/`", "注释没有结束，请以 `*/` 结束"),
    "feel-unknown-character": Message(
        "`{found}` has no meaning in an expression; put it in double quotes if it is part of a text",
        "`{found}` 在表达式中没有含义；若是文本的一部分，请放入双引号",
    ),
    "feel-slip": Message(
        "`{found}` is not written in expressions; write {expected}",
        "表达式中不使用 `{found}`，请写 {expected}",
    ),
    "feel-name-with-space": Message(
        "`{found}` is no declared name; join the words with an operator, or declare the name",
        "`{found}` 不是已声明的名称；请用运算符连接，或声明该名称",
    ),
    "feel-unexpected": Message("found `{found}` where {expected} was expected", "此处应为 {expected}，却是 `{found}`"),
    "feel-unexpected-end": Message(
        "the expression ends where {expected} was expected", "表达式到此结束，而这里还应有{expected}"
    ),
    "feel-thousands": Message(
        "`{found}` is read as several numbers; write it without separators: `{expected}`",
        "`{found}` 会被读成几个数；请不要使用千位分隔符，写 `{expected}`",
    ),
    "feel-number-too-large": Message(
        "the number `{found}` is beyond 10^6144; write a smaller one", "数字 `{found}` 超出 10^6144，请改用较小的数"
    ),
    "feel-number-digits": Message(
        "the number has {found} significant digits, expected at most {expected}; write a shorter one",
        "该数有 {found} 位有效数字，应不超过 {expected} 位；请改用更短的数",
    ),
    "feel-mixed-arguments": Message(
        "some arguments are named and some are not; name all of them or none",
        "部分参数有名称而部分没有；请全部命名或全部不命名",
    ),
}

_MEANING: Mapping[str, Message] = {
    "feel-unknown-name": Message("`{found}` is not a known name", "`{found}` 不是已知的名称"),
    "feel-unknown-function": Message("`{found}` is not a known function", "`{found}` 不是已知的函数"),
    "feel-unknown-field": Message(
        "`{found}` is not a field of `{owner}`, which has {expected}", "`{owner}` 没有字段 `{found}`，它有 {expected}"
    ),
    "feel-no-member": Message(
        "{left} has no `{found}`; only contexts, lists of them and temporal values are read by path",
        "{left}没有 `{found}`；只有上下文、其列表和时间类的值可按路径读取",
    ),
    "feel-unknown-type": Message("`{found}` is not a known type", "`{found}` 不是已知的类型"),
    "feel-no-subject": Message(
        "`?` stands for the value of a cell, and this is no cell; write the field's name",
        "`?` 表示单元格所测的值，而这里不是单元格；请写字段名",
    ),
    "feel-arguments": Message(
        "`{function}` takes {expected}, not {found} {found:argument|arguments}",
        "`{function}` 需要 {expected} 个参数，而这里有 {found} 个",
    ),
    "feel-argument-labels": Message(
        "`{function}` has no such parameters: {found}; it takes {expected}",
        "`{function}` 没有这些参数：{found}；它的参数是 {expected}",
    ),
    "feel-argument-type": Message(
        "`{parameter}` of `{function}` is {expected}, and this is {found}",
        "`{function}` 的 `{parameter}` 应为{expected}，而这里是{found}",
    ),
    "feel-operands": Message(
        "`{sign}` does not work on {left} and {right}; convert one of them",
        "`{sign}` 不能用于{left}和{right}；请转换其中之一",
    ),
    "feel-operand": Message(
        "`{sign}` does not work on {found}; give it a number or a duration",
        "`{sign}` 不能用于{found}；请给出数字或时长",
    ),
    "feel-comparison": Message(
        "{left} is compared with {right}, which never holds; compare values of the same sort",
        "{left}与{right}之间的比较永远不成立；请比较同类的值",
    ),
    "feel-cell": Message(
        "the cell tests {left} against {right}; give it {left}", "单元格用{right}检验{left}；请给出{left}"
    ),
    "feel-not-one-of": Message("`{found}` is not one of {expected}", "`{found}` 不在 {expected} 之中"),
    "feel-units": Message(
        "values in {left} and in {right} are mixed; convert one of them first",
        "混用了单位 {left} 与 {right}；请先换算其中之一",
    ),
    "feel-condition": Message(
        "a condition is expected here, and this is {found}; compare it with something",
        "此处应为条件，而这里是{found}；请写成比较",
    ),
    "feel-literal": Message(
        "`{found}` is not {expected}; write for example `{example}`", "`{found}` 不是{expected}；请写成例如 `{example}`"
    ),
    "feel-bare-date": Message(
        "`{found}` is read as a subtraction or division of numbers; write the day as `{expected}`",
        "`{found}` 会被读成数字的减法或除法；日期请写 `{expected}`",
    ),
    "feel-no-day": Message(
        "`{found}` is no day; write one that the calendar has, as in `{example}`",
        "`{found}` 不是有效的日期；请写日历上有的日期，例如 `{example}`",
    ),
    "feel-bad-pattern": Message(
        "the pattern `{found}` is not carried out: {reason}", "正则表达式 `{found}` 不能执行：{reason}"
    ),
    "feel-patterns-too-large": Message(
        "the patterns of the expression are too large together, from `{found}` on; repeat less of what stands for many"
        " characters",
        "表达式中的正则表达式合计过大（自 `{found}` 起）；请减少对大字符集的重复",
    ),
    "feel-bad-replacement": Message(
        "`{found}` is no replacement; write `$1` for what a group matched, `\\$` for a dollar sign",
        "`{found}` 不是有效的替换文本；引用分组请写 `$1`，美元符号请写 `\\$`",
    ),
    "feel-reference": Message("`{found}` is not a known reference table", "`{found}` 不是已知的参照表"),
    "feel-reference-literal": Message(
        "the first argument of `lookup` is the name of a reference table in double quotes",
        "`lookup` 的第一个参数应为双引号中的参照表名称",
    ),
    "feel-duplicate-key": Message(
        "the context has two entries `{found}`; rename one", "上下文中有两个 `{found}`；请改名其中之一"
    ),
    "feel-always-null": Message(
        "this `{function}` can only give null; correct its arguments",
        "此处的 `{function}` 只会得到 null；请更正其参数",
        Grade.WARNING,
    ),
    "feel-zero-divisor": Message(
        "a division by zero gives null; write another divisor", "除以零得到 null；请改写除数", Grade.WARNING
    ),
    "feel-no-position": Message(
        "no list has a position {found}; the first item is at 1, the last at -1",
        "列表没有位置 {found}；第一项是 1，最后一项是 -1",
        Grade.WARNING,
    ),
    "feel-empty-range": Message(
        "nothing lies in this range; write the smaller end first, and include an end that both share",
        "没有值落在此区间内；请先写较小的一端，两端相同时请包含端点",
        Grade.WARNING,
    ),
    "feel-not-callable": Message(
        "{found} is called like a function; only functions take arguments", "{found}被当作函数调用；只有函数可以带参数"
    ),
    "feel-external": Message(
        "external functions are not carried out; write the function as an expression",
        "不执行外部函数；请用表达式书写该函数",
    ),
    "feel-not-iterable": Message(
        "a loop goes over a list or a range of numbers or days, and this is {found}",
        "循环需要列表，或数字、日期的区间，而这里是{found}",
    ),
}

_NOTE = Grade.NOTE
_NULLS: Mapping[str, Message] = {
    "feel-null-operand": Message("`{sign}` met a missing value", "`{sign}` 遇到缺失的值", _NOTE),
    "feel-wrong-operands": Message(
        "`{sign}` does not work on {left} and {right}", "`{sign}` 不能用于{left}和{right}", _NOTE
    ),
    "feel-wrong-operand": Message("`{sign}` does not work on {found}", "`{sign}` 不能用于{found}", _NOTE),
    "feel-incomparable": Message(
        "`{sign}` cannot compare {left} with {right}", "`{sign}` 不能比较{left}和{right}", _NOTE
    ),
    "feel-local-and-zoned": Message(
        "`{sign}` met one value with an offset from UTC and one without",
        "`{sign}` 的一侧带有时区，另一侧没有",
        _NOTE,
    ),
    "feel-overflow": Message("the result of `{sign}` is beyond 10^6144", "`{sign}` 的结果超出 10^6144", _NOTE),
    "feel-division-by-zero": Message("a division by zero", "除数为零", _NOTE),
    "feel-duration-too-long": Message("the duration is too long", "时长过长", _NOTE),
    "feel-year-out-of-range": Message("the day lies outside the years 1 to 9999", "日期超出公元 1 年至 9999 年", _NOTE),
    "feel-not-boolean": Message(
        "a condition gave {found}, which is neither true nor false", "条件的结果是{found}，既非真也非假", _NOTE
    ),
    "feel-no-entry": Message("there is no entry `{found}`", "没有条目 `{found}`", _NOTE),
    "feel-no-path": Message("{left} has no `{found}`", "{left}没有 `{found}`", _NOTE),
    "feel-null-path": Message("`{found}` was read of a missing value", "从缺失的值读取 `{found}`", _NOTE),
    "feel-unknown-variable": Message("`{found}` is not known", "`{found}` 未知", _NOTE),
    "feel-null-argument": Message(
        "`{parameter}` of `{function}` is missing", "`{function}` 的 `{parameter}` 缺失", _NOTE
    ),
    "feel-wrong-argument": Message(
        "`{parameter}` of `{function}` is {found}; it takes {expected}",
        "`{function}` 的 `{parameter}` 是{found}；应为 {expected}",
        _NOTE,
    ),
    "feel-argument-count-of": Message(
        "`{function}` does not take {found} {found:argument|arguments}", "`{function}` 不接受 {found} 个参数", _NOTE
    ),
    "feel-argument-count": Message(
        "the function takes {expected} {expected:argument|arguments}, not {found}",
        "该函数需要 {expected} 个参数，而不是 {found} 个",
        _NOTE,
    ),
    "feel-argument-names": Message(
        "the function has no such parameters: {found}", "该函数没有这些参数：{found}", _NOTE
    ),
    "feel-argument-kind": Message("`{parameter}` is not of its declared type", "`{parameter}` 不是声明的类型", _NOTE),
    "feel-not-a-function": Message("{found} is not a function", "{found}不是函数", _NOTE),
    "feel-scale": Message(
        "there is no scale of {found} decimals; it goes {expected}", "没有 {found} 位的小数；范围是 {expected}", _NOTE
    ),
    "feel-root-of-negative": Message("the root of a negative number", "负数没有实数根", _NOTE),
    "feel-logarithm": Message("the logarithm of a number that is not positive", "非正数没有对数", _NOTE),
    "feel-not-a-number": Message("`{found}` is not a number", "`{found}` 不是数字", _NOTE),
    "feel-separator": Message(
        "`{found}` cannot be the separators of a number", "`{found}` 不能作为数字的分隔符", _NOTE
    ),
    "feel-empty-list": Message("`{function}` of an empty list", "对空列表求 `{function}`", _NOTE),
    "feel-not-numbers": Message(
        "`{function}` met an item that is not a number", "`{function}` 遇到不是数字的项", _NOTE
    ),
    "feel-not-texts": Message("`{function}` met an item that is not a text", "`{function}` 遇到不是文本的项", _NOTE),
    "feel-too-few": Message(
        "`{function}` needs at least {expected} {expected:item|items}", "`{function}` 至少需要 {expected} 项", _NOTE
    ),
    "feel-position": Message("`{function}` has no position {found}", "`{function}` 没有位置 {found}", _NOTE),
    "feel-index": Message("the list has no position {found}", "列表没有位置 {found}", _NOTE),
    "feel-filter": Message(
        "a filter is a condition or a position, and this is {found}", "筛选应为条件或位置，而这里是{found}", _NOTE
    ),
    "feel-not-an-entry": Message("an entry needs a text `key` and a `value`", "条目需要文本 `key` 和 `value`", _NOTE),
    "feel-duplicate-entry": Message("two entries are named `{found}`", "有两个名为 `{found}` 的条目", _NOTE),
    "feel-pattern": Message(
        "the pattern `{found}` is not carried out: {reason}", "不执行正则表达式 `{found}`：{reason}", _NOTE
    ),
    "feel-replacement": Message("`{found}` is no replacement", "`{found}` 不是有效的替换文本", _NOTE),
    "feel-not-temporal": Message("`{found}` is not a {expected}", "`{found}` 不是有效的 {expected}", _NOTE),
    "feel-not-a-range": Message("`{found}` is not a range", "`{found}` 不是区间", _NOTE),
    "feel-not-comparable-ranges": Message("the ranges have no comparable ends", "区间的端点无法比较", _NOTE),
    "feel-not-a-loop": Message("a loop cannot go over {found}", "循环不能遍历{found}", _NOTE),
    "feel-type-unknown": Message("the type `{found}` is not known", "类型 `{found}` 未知", _NOTE),
    "feel-external-function": Message("an external function is not carried out", "不执行外部函数", _NOTE),
    "feel-unary-range": Message("`{sign}` alone makes no range", "单独的 `{sign}` 不构成区间", _NOTE),
    "feel-lookup-missing": Message("the key of a lookup is missing", "查表的键缺失", _NOTE),
}

_BOUNDS: Mapping[str, Message] = {
    "feel-list-too-long": Message(
        "a list of {found} items is too long; at most {expected} are kept",
        "列表有 {found} 项，过长；最多 {expected} 项",
    ),
    "feel-range-too-long": Message(
        "a range of {found} steps is too long; at most {expected} are taken",
        "区间有 {found} 步，过长；最多 {expected} 步",
    ),
    "feel-string-too-long": Message(
        "a text of {found} characters is too long; at most {expected} are kept",
        "文本有 {found} 个字符，过长；最多 {expected} 个",
    ),
    "feel-too-many-steps": Message(
        "the expression takes more than {expected} steps; go over less, or do less in every round",
        "表达式的步数超过 {expected}；请减少遍历的项数或每轮的运算",
    ),
    "feel-recursion": Message(
        "a function calls itself, which is refused; use a loop", "函数调用自身，已拒绝；请使用循环"
    ),
    "feel-value-too-deep": Message("a value is nested more than {expected} levels deep", "值嵌套超过 {expected} 层"),
    "feel-value-unknown": Message("a value of the class {found} cannot be used", "无法使用 {found} 类的值"),
    "feel-number-refused": Message(
        "the number {found} is refused: at most 34 digits and an exponent up to 6144",
        "拒绝数字 {found}：最多 34 位有效数字，指数不超过 6144",
    ),
    "now-without-time": Message(
        "`now()` was asked of a day without a time; give the decision an instant",
        "只有日期没有时刻，无法求 `now()`；请给出带时刻的 as_of",
    ),
    "now-without-instant": Message(
        "`now()` was asked and no instant was given; give the evaluation an `as_of` with a time",
        "未给出时刻，无法求 `now()`；请给出带时刻的 as_of",
    ),
    "today-without-day": Message(
        "`today()` was asked and no day was given; give the evaluation an `as_of`",
        "未给出日期，无法求 `today()`；请给出 as_of",
    ),
    "lookup-without-tables": Message(
        "`lookup` was asked for `{found}`, and there are no reference tables here",
        "`lookup` 查询 `{found}`，而这里没有参照表",
    ),
}

MESSAGES: Mapping[str, Message] = {**_SYNTAX, **_MEANING, **_NULLS, **_BOUNDS}
