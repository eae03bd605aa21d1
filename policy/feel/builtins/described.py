"""What each built-in function does, in zh and en, with an example: the reference page is made from this.

The examples are for the instant `EXAMPLE_MOMENT`. What each gives where something is missing: `nullrules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from policy.values import Text


@dataclass(frozen=True, slots=True)
class Description:
    """What a function does.

    Attributes:
        text: One sentence, without a full stop.
        example: An expression.
        gives: What it gives, as `string` writes it.
    """

    text: Text
    example: str
    gives: str


def _of(en: str, zh: str, example: str, gives: str) -> Description:
    return Description(Text(zh=zh, en=en), example, gives)


_NUMBERS = {
    "abs": _of("a number or duration without its sign", "数字或时长的绝对值", "abs(-2.5)", "2.5"),
    "ceiling": _of(
        "the least number of so many decimals that is not smaller", "不小于该数的最小值", "ceiling(1.21, 1)", "1.3"
    ),
    "decimal": _of("rounds half to even", "按银行家舍入法取小数位", "decimal(2.5, 0)", "2"),
    "even": _of("whether a whole number is even", "是否为偶数", "even(4)", "true"),
    "exp": _of("the number e to the power of another", "e 的幂", "exp(0)", "1"),
    "floor": _of(
        "the greatest number of so many decimals that is not greater", "不大于该数的最大值", "floor(-1.5)", "-2"
    ),
    "log": _of("the natural logarithm", "自然对数", "log(1)", "0"),
    "modulo": _of("what remains of a division, with the divisor's sign", "余数，符号同除数", "modulo(-12, 5)", "3"),
    "odd": _of("whether a whole number is odd", "是否为奇数", "odd(4)", "false"),
    "round down": _of("rounds towards zero", "向零舍入", "round down(-1.129, 2)", "-1.12"),
    "round half down": _of("rounds, a tie towards zero", "五舍六入", "round half down(2.345, 2)", "2.34"),
    "round half up": _of("rounds, a tie away from zero", "四舍五入", "round half up(2.345, 2)", "2.35"),
    "round up": _of("rounds away from zero", "背离零舍入", "round up(1.121, 2)", "1.13"),
    "sqrt": _of("the square root", "平方根", "sqrt(16)", "4"),
}
_STRINGS = {
    "contains": _of("whether a text contains another", "文本是否包含另一文本", 'contains("上海市", "上海")', "true"),
    "ends with": _of(
        "whether a text ends with another", "文本是否以另一文本结尾", 'ends with("a.edu", ".edu")', "true"
    ),
    "lower case": _of("the text in lower case", "转为小写", 'lower case("ABC")', "abc"),
    "matches": _of(
        "whether a regular expression is found in a text", "文本是否匹配正则表达式", 'matches("GTX-1", "^GTX")', "true"
    ),
    "replace": _of(
        "the text with every match of a regular expression replaced",
        "替换正则表达式的所有匹配",
        'replace("2026-03-01", "(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1")',
        "01.03.2026",
    ),
    "split": _of(
        "the parts of a text between the matches of a regular expression",
        "按正则表达式拆分文本",
        'split("a;b", ";")',
        '["a", "b"]',
    ),
    "starts with": _of(
        "whether a text starts with another", "文本是否以另一文本开头", 'starts with("GTX-1", "GTX")', "true"
    ),
    "string join": _of("the texts of a list as one", "连接列表中的文本", 'string join(["a", "b"], ", ")', "a, b"),
    "string length": _of("how many characters a text has", "文本的字符数", 'string length("客户经理")', "4"),
    "substring": _of(
        "a part of a text, from a position (from 1, or from the end with a negative one)",
        "文本的一部分，位置从 1 开始，负数从末尾算起",
        'substring("foobar", 3, 2)',
        "ob",
    ),
    "substring after": _of("what follows a text in another", "某文本之后的部分", 'substring after("a-b", "-")', "b"),
    "substring before": _of("what precedes a text in another", "某文本之前的部分", 'substring before("a-b", "-")', "a"),
    "upper case": _of("the text in upper case", "转为大写", 'upper case("abc")', "ABC"),
}
_LISTS = {
    "append": _of("the list with values at its end", "在列表末尾添加", "append([1], 2, 3)", "[1, 2, 3]"),
    "concatenate": _of("several lists as one", "连接多个列表", "concatenate([1], [2, 3])", "[1, 2, 3]"),
    "count": _of("how many items a list has", "列表的项数", "count([1, null])", "2"),
    "distinct values": _of("the list without repetitions", "去除重复的项", "distinct values([1, 2, 1])", "[1, 2]"),
    "flatten": _of("the items of lists inside lists as one list", "展开嵌套的列表", "flatten([[1], [[2]]])", "[1, 2]"),
    "index of": _of("the positions of a value", "某值的所有位置", 'index of(["a", "b", "a"], "a")', "[1, 3]"),
    "insert before": _of(
        "the list with a value before a position", "在某位置之前插入", "insert before([1, 3], 2, 2)", "[1, 2, 3]"
    ),
    "list contains": _of("whether a list contains a value", "列表是否包含某值", 'list contains(["a"], "a")', "true"),
    "list replace": _of(
        "the list with the item at a position, or those that match, replaced",
        "替换某位置的项，或所有符合条件的项",
        "list replace([1, 5, 9], function(item, newItem) item > newItem, 4)",
        "[1, 4, 4]",
    ),
    "max": _of("the greatest value", "最大值", "max(1, 3, 2)", "3"),
    "mean": _of("the mean of numbers", "平均值", "mean([1, 2, 6])", "3"),
    "median": _of("the middle number", "中位数", "median(1, 5, 2, 3)", "2.5"),
    "min": _of("the smallest value", "最小值", "min([1, 3, 2])", "1"),
    "mode": _of("the most frequent numbers", "众数", "mode(1, 2, 2, 1, 3)", "[1, 2]"),
    "product": _of("the product of numbers", "乘积", "product([2, 3, 4])", "24"),
    "remove": _of("the list without the item at a position", "删除某位置的项", "remove([1, 2, 3], 2)", "[1, 3]"),
    "reverse": _of("the list backwards", "倒序", "reverse([1, 2, 3])", "[3, 2, 1]"),
    "sort": _of(
        "the list in order, by a function that says what precedes what",
        "排序，可给出先后比较的函数",
        "sort([1, 3, 2], function(x, y) x > y)",
        "[3, 2, 1]",
    ),
    "stddev": _of(
        "the standard deviation of a sample", "样本标准差", "stddev(2, 4)", "1.414213562373095048801688724209698"
    ),
    "sublist": _of("a part of a list, from a position", "列表的一部分", "sublist([1, 2, 3, 4], 2, 2)", "[2, 3]"),
    "sum": _of("the sum of numbers; of none it is null", "求和；没有数字时为空", "sum([1, 2, 3])", "6"),
    "union": _of("several lists as one, without repetitions", "多个列表的并集", "union([1, 2], [2, 3])", "[1, 2, 3]"),
}
_LOGIC = {
    "all": _of("whether every value is true (three-valued)", "是否全部为真（三值）", "all([true, false])", "false"),
    "any": _of("whether a value is true (three-valued)", "是否至少一个为真（三值）", "any([true, false])", "true"),
    "is": _of(
        "whether two values are the same, times with the same offset or zone",
        "两个值是否完全相同（包括时区）",
        'is(time("08:00:00Z"), time("09:00:00+01:00"))',
        "false",
    ),
    "not": _of("the opposite of true or false", "取反", "not(1 > 2)", "true"),
}
_CONTEXTS = {
    "context": _of(
        "a context of entries with `key` and `value`",
        "由带 `key` 和 `value` 的条目组成上下文",
        'context([{key: "a", value: 1}])',
        "{a: 1}",
    ),
    "context merge": _of(
        "several contexts as one, the later winning",
        "合并多个上下文，后者优先",
        "context merge([{a: 1}, {a: 2, b: 3}])",
        "{a: 2, b: 3}",
    ),
    "context put": _of("the context with one entry set", "设置一个条目", 'context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
    "get entries": _of(
        "the entries of a context, each with `key` and `value`",
        "上下文的所有条目",
        "get entries({a: 1})",
        '[{key: "a", value: 1}]',
    ),
    "get value": _of("the value of an entry", "条目的值", 'get value({a: {b: 1}}, ["a", "b"])', "1"),
}
_CONVERSION = {
    "number": _of("the number a text writes", "把文本读成数字", 'number("1,234.5", ",", ".")', "1234.5"),
    "range": _of("the range a text writes", "把文本读成区间", 'range("[1..3)")', "[1..3)"),
    "string": _of("a value as text", "把值写成文本", "string(1.50)", "1.5"),
}
_TEMPORAL = {
    "date": _of("a day", "日期", "date(2026, 3, 1)", "2026-03-01"),
    "date and time": _of(
        "a day and a time of it",
        "日期时间",
        'date and time(date("2026-03-01"), time("10:30:00"))',
        "2026-03-01T10:30:00",
    ),
    "day of week": _of("the English name of the weekday", "星期的英文名", 'day of week(date("2026-03-01"))', "Sunday"),
    "day of year": _of("the number of the day in its year", "当年的第几天", 'day of year(date("2026-03-01"))', "60"),
    "duration": _of("a duration", "时长", 'duration("PT36H")', "P1DT12H"),
    "month of year": _of("the English name of the month", "月份的英文名", 'month of year(date("2026-03-01"))', "March"),
    "now": _of(
        "the instant of the decision, not that of the clock",
        "决策的时刻，而非时钟的时刻",
        "now()",
        "2026-03-01T10:30:00+08:00",
    ),
    "time": _of("a time of day", "时间", 'time(10, 30, 0, duration("PT8H"))', "10:30:00+08:00"),
    "today": _of(
        "the day the decision is for, not that of the clock",
        "决策所属的日期，而非时钟的日期",
        "today()",
        "2026-03-01",
    ),
    "week of year": _of(
        "the number of the week (ISO 8601)", "周数（ISO 8601）", 'week of year(date("2026-03-01"))', "9"
    ),
    "years and months duration": _of(
        "the whole months between two days",
        "两个日期之间的整月数",
        'years and months duration(date("2025-01-31"), date("2026-03-01"))',
        "P1Y1M",
    ),
}
_RANGES = {
    "after": _of("whether the first begins after the second ends", "前者是否在后者之后", "after(5, [1..4])", "true"),
    "before": _of("whether the first ends before the second begins", "前者是否在后者之前", "before([1..4], 5)", "true"),
    "coincides": _of("whether both are the same", "两者是否重合", "coincides([1..4], [1..4])", "true"),
    "during": _of("whether the first lies in the second", "前者是否在后者之内", "during(2, [1..4])", "true"),
    "finished by": _of("whether the second ends the first", "后者是否与前者同时结束", "finished by([1..4], 4)", "true"),
    "finishes": _of("whether the first ends the second", "前者是否与后者同时结束", "finishes(4, [1..4])", "true"),
    "includes": _of("whether the second lies in the first", "前者是否包含后者", "includes([1..4], 2)", "true"),
    "meets": _of(
        "whether the first ends where the second begins", "前者的终点是否为后者的起点", "meets([1..4], [4..6])", "true"
    ),
    "met by": _of(
        "whether the first begins where the second ends", "前者的起点是否为后者的终点", "met by([4..6], [1..4])", "true"
    ),
    "overlaps": _of("whether both have something in common", "两者是否重叠", "overlaps([1..4], [3..6])", "true"),
    "overlaps after": _of(
        "whether they overlap, the second begins first and does not end last",
        "重叠且后者先开始、不晚于前者结束",
        "overlaps after([3..6], [1..4])",
        "true",
    ),
    "overlaps before": _of(
        "whether they overlap, the first begins first and does not end last",
        "重叠且前者先开始、不晚于后者结束",
        "overlaps before([1..4], [3..6])",
        "true",
    ),
    "started by": _of("whether the second begins the first", "后者是否与前者同时开始", "started by([1..4], 1)", "true"),
    "starts": _of("whether the first begins the second", "前者是否与后者同时开始", "starts(1, [1..4])", "true"),
}

_TABLES = {
    "lookup": _of(
        "the row of a reference table that is in effect on the day of the decision",
        "参照表中在决策当日生效的一行",
        'lookup("minimum-wage", "Shanghai").monthly',
        "2740",
    ),
}


class Sort(StrEnum):
    """What sort of thing a function is for, in the order of the reference page."""

    TEXT = "text"
    NUMBERS = "numbers"
    LISTS = "lists"
    LOGIC = "logic"
    CONTEXTS = "contexts"
    TEMPORAL = "days-and-times"
    RANGES = "ranges"
    CONVERSION = "conversion"
    TABLES = "tables"


SORTS: Mapping[Sort, Mapping[str, Description]] = {
    Sort.TEXT: _STRINGS,
    Sort.NUMBERS: _NUMBERS,
    Sort.LISTS: _LISTS,
    Sort.LOGIC: _LOGIC,
    Sort.CONTEXTS: _CONTEXTS,
    Sort.TEMPORAL: _TEMPORAL,
    Sort.RANGES: _RANGES,
    Sort.CONVERSION: _CONVERSION,
    Sort.TABLES: _TABLES,
}
"""The functions that an expression can call, by sort and name."""

DESCRIPTIONS: Mapping[str, Description] = {name: each for some in SORTS.values() for name, each in some.items()}
"""What each of them does, by name."""

EXAMPLE_MOMENT = "2026-03-01T10:30:00+08:00"
"""The instant of the decision in the examples."""

WRITTEN_OUT: Mapping[str, str] = {
    "not": "not(negand: boolean) -> boolean",
    "now": "now() -> date and time",
    "today": "today() -> date",
    "lookup": "lookup(table: table, key...: any) -> context",
}
"""Signatures of the functions that compilers write out themselves, which the table of functions does not hold."""
