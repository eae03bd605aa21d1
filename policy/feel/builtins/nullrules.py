"""What each function gives where an argument is missing, out of bounds or of the wrong kind, in zh and en.

What follows from its signature is not written here: a parameter that does not take null gives null for null and for a
value of another kind. In the examples `nothing` stands for something that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policy.values import Text


@dataclass(frozen=True, slots=True)
class NullRule:
    """What a function decides itself about what is missing or does not fit.

    Attributes:
        example: An expression in which something is missing or does not fit.
        gives: What it gives, as `string` writes it.
        text: Sentences beyond what the signature says; None where there is nothing more to say.
        in_policies: How policies read it, where that differs from the language by itself; None where it does not.
        gives_in_policies: What the example gives in policies.
    """

    example: str
    gives: str
    text: Text | None = None
    in_policies: Text | None = None
    gives_in_policies: str = ""


def _of(example: str, gives: str, en: str = "", zh: str = "") -> NullRule:
    return NullRule(example, gives, Text(zh=zh, en=en) if en else None, None, gives)


def _apart(rule: NullRule, en: str, zh: str, gives: str) -> NullRule:
    return NullRule(rule.example, rule.gives, rule.text, Text(zh=zh, en=en), gives)


_SCALE = (
    "A scale below -6111 or above 6176 gives null; a scale with decimals is cut to a whole number.",
    "小数位数小于 -6111 或大于 6176 时为空值；带小数的位数先截成整数。",
)
_NUMBERS = {
    "abs": _of("abs(nothing)", "null"),
    "ceiling": _of("ceiling(1.5, nothing)", "null", *_SCALE),
    "decimal": _of("decimal(1, 7000)", "null", *_SCALE),
    "even": _of(
        "even(1.5)",
        "false",
        "A number with decimals is neither even nor odd: false.",
        "带小数的数既非偶数也非奇数：false。",
    ),
    "exp": _of("exp(1000000)", "null", "A result that is too large gives null.", "结果过大时为空值。"),
    "floor": _of("floor(nothing)", "null", *_SCALE),
    "log": _of("log(0)", "null", "Zero and negative numbers give null.", "零和负数得到空值。"),
    "modulo": _of(
        "modulo(7, 0)",
        "null",
        "A divisor of 0 gives null, and so does a dividend more than 10^34 times as large as the divisor.",
        "除数为 0 时为空值；被除数超过除数的 10^34 倍时也为空值。",
    ),
    "odd": _of(
        "odd(1.5)",
        "false",
        "A number with decimals is neither even nor odd: false.",
        "带小数的数既非偶数也非奇数：false。",
    ),
    "round down": _of("round down(nothing, 2)", "null", *_SCALE),
    "round half down": _of("round half down(1.5, nothing)", "null", *_SCALE),
    "round half up": _of("round half up(nothing, 2)", "null", *_SCALE),
    "round up": _of("round up(1, 7000)", "null", *_SCALE),
    "sqrt": _of("sqrt(-1)", "null", "A negative number gives null.", "负数得到空值。"),
}

_EMPTY_FOUND = ("The empty text is found in every text: true.", "任何文本都包含空文本：true。")
_PATTERN = (
    "A pattern or a flag that cannot be carried out gives null.",
    "无法执行的正则表达式或标志得到空值。",
)
_STRINGS = {
    "contains": _of('contains("abc", nothing)', "null", *_EMPTY_FOUND),
    "ends with": _of('ends with(nothing, "c")', "null", *_EMPTY_FOUND),
    "lower case": _of("lower case(nothing)", "null"),
    "matches": _of('matches("a", "[")', "null", *_PATTERN),
    "replace": _of(
        'replace("abc", "b", nothing)',
        "null",
        f"{_PATTERN[0]} Where nothing matches, the text stays as it is. In the replacement only `$` with a number,"
        " `\\$` and `\\\\` may stand besides plain text; anything else gives null.",
        f"{_PATTERN[1]}没有匹配时文本不变。替换文本中除普通文字外只能有 `$` 加数字、`\\$` 和 `\\\\`，否则为空值。",
    ),
    "split": _of(
        'split("", ",")',
        '[""]',
        "A pattern that cannot be carried out gives null. A text without a match is a list of that text alone.",
        "无法执行的正则表达式得到空值。没有匹配时得到只含原文本的列表。",
    ),
    "starts with": _of('starts with(nothing, "a")', "null", *_EMPTY_FOUND),
    "string join": _of(
        'string join(["a", nothing, "b"], "-")',
        "a-b",
        "Items that are null are left out; an item of another kind gives null. An empty list gives the empty text.",
        "跳过为空的项；若有项不是文本则为空值。空列表得到空文本。",
    ),
    "string length": _of("string length(nothing)", "null"),
    "substring": _of(
        'substring("abc", 0)',
        "null",
        "Position 0 and a length below 1 give null, and so does a position further from the end than the text is"
        " long; a position past the end gives the empty text. Decimals are cut off.",
        "位置为 0 或长度小于 1 时为空值，从末尾数超出开头时也为空值；位置超过末尾时得到空文本。小数部分被截去。",
    ),
    "substring after": _of(
        'substring after("abc", "x")',
        "",
        "Where the text is not found, the empty text; after the empty text comes the whole text.",
        "找不到时得到空文本；空文本之后是整个文本。",
    ),
    "substring before": _of(
        'substring before("abc", "x")',
        "",
        "Where the text is not found, the empty text.",
        "找不到时得到空文本。",
    ),
    "upper case": _of("upper case(7)", "null"),
}

_NUMBERS_ONLY = (
    "An empty list gives null, and so does a list with an item that is null or not a number.",
    "空列表得到空值；有项为空或不是数字时也为空值。",
)
_COMPARED = (
    "An empty list gives null, and so does a list with a null, or with items that cannot be compared.",
    "空列表得到空值；有项为空或各项不能比较时也为空值。",
)
_POSITION = (
    "Position 0 and positions outside the list give null; decimals are cut off.",
    "位置为 0 或超出列表时为空值；小数部分被截去。",
)
_NULL_ITEM = ("A null is put in as an item.", "空值作为一项放入。")
_LISTS = {
    "append": _of("append([1], nothing)", "[1, null]", *_NULL_ITEM),
    "concatenate": _of(
        "concatenate([1, nothing], [2])",
        "[1, null, 2]",
        "A list that is null gives null; a null inside a list stays an item.",
        "有列表为空值时得到空值；列表中的空值仍是一项。",
    ),
    "count": _of(
        "count([1, nothing])",
        "2",
        "A null in the list counts as an item. An empty list gives 0.",
        "列表中的空值也算一项。空列表得到 0。",
    ),
    "distinct values": _of(
        "distinct values([nothing, 1, nothing])",
        "[null, 1]",
        "Nulls in the list are equal to each other, in policies too.",
        "列表中的空值彼此相等，在政策中也如此。",
    ),
    "flatten": _of(
        "flatten([nothing, [1]])", "[null, 1]", "A null in the list stays an item.", "列表中的空值仍是一项。"
    ),
    "index of": _apart(
        _of(
            "index of([1, nothing], nothing)",
            "[2]",
            "A null is looked for like any value. Where nothing is found, the empty list.",
            "空值与其他值一样可查找。找不到时得到空列表。",
        ),
        "Null when the value looked for or an item is missing, unless the call says `null` in so many words, as in"
        " `index of(list, null)`.",
        "要找的值或某一项缺失时为空值，除非调用中明写 `null`，如 `index of(list, null)`。",
        "null",
    ),
    "insert before": _of(
        "insert before([1, 3], 0, 2)", "null", f"{_POSITION[0]} {_NULL_ITEM[0]}", _POSITION[1] + _NULL_ITEM[1]
    ),
    "list contains": _apart(
        _of(
            "list contains([1, nothing], nothing)",
            "true",
            "A null is looked for like any value.",
            "空值与其他值一样可查找。",
        ),
        "Null when the value looked for is missing, and when it is not found but an item is missing; of an empty list"
        " false. `list contains(list, null)`, in so many words, says whether an item is missing.",
        "要找的值缺失时为空值；没找到而某一项缺失时也为空值；空列表为 false。明写"
        " `list contains(list, null)` 可问是否有项缺失。",
        "null",
    ),
    "list replace": _of(
        "list replace([1, 2], 3, 9)",
        "null",
        f"{_POSITION[0]} A function that gives anything but true or false gives null. {_NULL_ITEM[0]}",
        f"{_POSITION[1]}函数得到的不是 true 或 false 时为空值。{_NULL_ITEM[1]}",
    ),
    "max": _of("max(1, nothing)", "null", *_COMPARED),
    "mean": _of("mean([])", "null", *_NUMBERS_ONLY),
    "median": _of("median([1, nothing])", "null", *_NUMBERS_ONLY),
    "min": _of("min([])", "null", *_COMPARED),
    "mode": _of(
        "mode([])",
        "[]",
        "An empty list gives an empty list; a list with an item that is null or not a number gives null.",
        "空列表得到空列表；有项为空或不是数字时为空值。",
    ),
    "product": _of("product([2, nothing])", "null", *_NUMBERS_ONLY),
    "remove": _of("remove([1, 2], 3)", "null", *_POSITION),
    "reverse": _of("reverse([1, nothing])", "[null, 1]", "A null in the list stays an item.", "列表中的空值仍是一项。"),
    "sort": _apart(
        _of(
            "sort([2, nothing, 1])",
            "[2, null, 1]",
            "Two items that cannot be compared keep their order, so a list with a null may stay out of order.",
            "不能比较的两项保持原有次序，因此含空值的列表可能排不成。",
        ),
        "Null when an item is missing, or the function does not say true or false; a list of one item is in order.",
        "有项缺失，或函数得到的不是 true 或 false 时为空值；只有一项的列表已是有序。",
        "null",
    ),
    "stddev": _of(
        "stddev([1])",
        "null",
        f"{_NUMBERS_ONLY[0]} So does a single number.",
        f"{_NUMBERS_ONLY[1]}只有一个数时也为空值。",
    ),
    "sublist": _of(
        "sublist([1, 2], 2, 5)",
        "null",
        f"{_POSITION[0]} A length below 1 or past the end gives null.",
        f"{_POSITION[1]}长度小于 1 或超过末尾时为空值。",
    ),
    "sum": _of(
        "sum([])",
        "null",
        f"{_NUMBERS_ONLY[0]} Of none the sum is null, not 0.",
        f"{_NUMBERS_ONLY[1]}没有数字时和为空值，而不是 0。",
    ),
    "union": _of(
        "union([nothing, 1], [nothing])",
        "[null, 1]",
        "A list that is null gives null; nulls inside the lists are equal to each other.",
        "有列表为空值时得到空值；列表中的空值彼此相等。",
    ),
}

_LOGIC = {
    "all": _of(
        "all([true, nothing])",
        "null",
        "False as soon as one is false, whatever is missing; otherwise null when one is missing. Of an empty list true."
        " An item of another kind gives null.",
        "只要有一项为 false 就是 false，不论缺失什么；否则有项缺失时为空值。空列表为 true。有项不是布尔值时为空值。",
    ),
    "any": _of(
        "any([true, nothing])",
        "true",
        "True as soon as one is true, whatever is missing; otherwise null when one is missing. Of an empty list false."
        " An item of another kind gives null.",
        "只要有一项为 true 就是 true，不论缺失什么；否则有项缺失时为空值。空列表为 false。有项不是布尔值时为空值。",
    ),
    "is": _apart(
        _of(
            "is(nothing, nothing)",
            "true",
            "Null is the same as null and as nothing else; values of different kinds are never the same.",
            "空值只与空值相同；不同种类的值从不相同。",
        ),
        "Null when either is missing, unless the call says `null` in so many words: `is(value, null)` asks whether it"
        " is missing.",
        "有一个缺失时为空值，除非调用中明写 `null`：`is(value, null)` 问的是是否缺失。",
        "null",
    ),
    "not": _of("not(nothing)", "null"),
}

_CONTEXTS = {
    "context": _of(
        'context([{key: "a"}])',
        "null",
        "An entry without a text `key` or without `value`, and a key that comes twice, give null. A `value` of null is"
        " kept. An empty list gives an empty context.",
        "条目的 `key` 不是文本、没有 `value`，或键重复时为空值。`value` 可以为空值。空列表得到空的上下文。",
    ),
    "context merge": _of(
        "context merge([{a: 1}, nothing])",
        "null",
        "An item that is no context gives null. An empty list gives an empty context.",
        "有项不是上下文时为空值。空列表得到空的上下文。",
    ),
    "context put": _of(
        'context put({a: 1}, ["b", "c"], 2)',
        "null",
        "A way of keys that does not lead through contexts gives null, and so do keys that are no texts. A null value"
        " is put in.",
        "键的路径中途不是上下文，或键不是文本时为空值。值为空值时照样放入。",
    ),
    "get entries": _of(
        "get entries({a: nothing})", '[{key: "a", value: null}]', "Entries of null are kept.", "保留值为空的条目。"
    ),
    "get value": _of(
        'get value({a: 1}, "b")',
        "null",
        "A key that is not there gives null, and so does an empty list of keys.",
        "没有该键时为空值；键的列表为空时也为空值。",
    ),
}

_CONVERSION = {
    "number": _of(
        'number("x")',
        "null",
        "A text that is no number gives null, the empty text too. Separators other than a space, a comma or a point,"
        " or both the same, give null.",
        "文本不是数字时为空值，空文本也如此。分隔符不是空格、逗号或点，或两者相同时为空值。",
    ),
    "range": _of('range("x")', "null", "A text that is no range gives null.", "文本不是区间时为空值。"),
    "string": _of(
        "string(nothing)",
        "null",
        "Null gives null, not the text “null”; inside a list it is written as null.",
        "空值得到空值，而不是文本“null”；列表中的空值写作 null。",
    ),
}

_NOT_IN_CALENDAR = (
    "What is not in the calendar, or a text that is none, gives null.",
    "日历中不存在的日期，或不是日期的文本，得到空值。",
)
_TEMPORAL = {
    "date": _of('date("2026-02-30")', "null", *_NOT_IN_CALENDAR),
    "date and time": _of('date and time("2026-02-30T00:00:00")', "null", *_NOT_IN_CALENDAR),
    "day of week": _of("day of week(nothing)", "null"),
    "day of year": _of("day of year(nothing)", "null"),
    "duration": _of('duration("x")', "null", "A text that is no duration gives null.", "文本不是时长时为空值。"),
    "month of year": _of("month of year(nothing)", "null"),
    "now": _of(
        "now()",
        "2026-03-01T10:30:00+08:00",
        "Never null. A decision for a day without a time is refused with a reason.",
        "从不为空值。若决策只给了日期而没有时刻，会说明原因并拒绝。",
    ),
    "time": _of('time("25:00:00")', "null", "What is no time of day gives null.", "不是一天中的时间得到空值。"),
    "today": _of("today()", "2026-03-01", "Never null: every decision has its day.", "从不为空值：每个决策都有日期。"),
    "week of year": _of("week of year(nothing)", "null"),
    "years and months duration": _of(
        'years and months duration(date("2026-03-01"), date("2025-01-31"))',
        "-P1Y1M",
        "Where the second day is earlier, the duration is negative.",
        "第二个日期更早时，时长为负。",
    ),
}

_ENDS = (
    "Null where a value or an end of a range is null, or the two cannot be compared.",
    "值或区间的端点为空，或两者不能比较时为空值。",
)
_RANGES = {
    "after": _of("after(nothing, 1)", "null", *_ENDS),
    "before": _of('before(1, "a")', "null", *_ENDS),
    "coincides": _of("coincides(nothing, nothing)", "null", *_ENDS),
    "during": _of("during(nothing, [1..4])", "null", *_ENDS),
    "finished by": _of("finished by([1..4], nothing)", "null", *_ENDS),
    "finishes": _of("finishes(nothing, [1..4])", "null", *_ENDS),
    "includes": _of('includes([1..4], "a")', "null", *_ENDS),
    "meets": _of("meets([1..4], nothing)", "null", *_ENDS),
    "met by": _of("met by([1..4], nothing)", "null", *_ENDS),
    "overlaps": _of("overlaps([1..nothing], [2..3])", "null", *_ENDS),
    "overlaps after": _of("overlaps after([1..4], nothing)", "null", *_ENDS),
    "overlaps before": _of("overlaps before([1..4], nothing)", "null", *_ENDS),
    "started by": _of("started by([1..4], nothing)", "null", *_ENDS),
    "starts": _of("starts(nothing, [1..4])", "null", *_ENDS),
}

_TABLES = {
    "lookup": _of(
        'lookup("minimum-wage", nothing)',
        "null",
        "Null where a key is missing, or no row is in effect on the day of the decision; the policy then treats what is"
        " reckoned from it as missing. The name must be written out, and a table or column that does not exist is a"
        " mistake when the rules are checked.",
        "键缺失，或决策当日没有生效的行时为空值；由它算出的内容也视为缺失。表名须直接写出；表或列不存在时，检查规则即报错。",
    ),
}

NULL_RULES: Mapping[str, NullRule] = {
    **_NUMBERS,
    **_STRINGS,
    **_LISTS,
    **_LOGIC,
    **_CONTEXTS,
    **_CONVERSION,
    **_TEMPORAL,
    **_RANGES,
    **_TABLES,
}
"""The rule of each function that an expression can call, by name."""
