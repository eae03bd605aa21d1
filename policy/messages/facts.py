"""Sentences about values and facts that do not fit what is declared."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Message

MESSAGES: Mapping[str, Message] = {
    "value-type": Message("found {found}, expected {expected}", "此处是{found}，应为{expected}"),
    "value-null": Message(
        "found no value (`{found}`), expected {expected}: leave the key out, or put a text in quotes",
        "此处没有值（`{found}`），应为{expected}：请删去该键；如确为文本，请加引号",
    ),
    "value-number-as-text": Message(
        "the number `{found}` is written as a text, expected {expected}: write it without quotes",
        "数字 `{found}` 写成了文本，应为{expected}：请去掉引号",
    ),
    "value-number-form": Message(
        "`{found}` is not {expected}: write digits with at most one point, without separators, such as `1234.50`",
        "`{found}` 不是{expected}：请只写数字和至多一个小数点，不加分隔符，例如 `1234.50`",
    ),
    "value-leading-zero": Message(
        "the number `{found}` begins with a zero, expected {expected}: leave the zeros out, or declare a text field",
        "数字 `{found}` 以零开头，应为{expected}：请去掉前面的零，或把该字段声明为文本",
    ),
    "value-not-finite": Message("`{found}` is not finite, expected {expected}", "`{found}` 不是有限数，应为{expected}"),
    "value-digits": Message(
        "the number `{found}` has {digits} significant digits, expected at most {expected}",
        "数字 `{found}` 有 {digits} 位有效数字，最多允许 {expected} 位",
    ),
    "value-exponent": Message(
        "the number `{found}` is too large or too small, expected an exponent within ±{expected}",
        "数字 `{found}` 过大或过小，指数应在 ±{expected} 之内",
    ),
    "value-scale": Message(
        "the number `{found}` has {digits} {digits:decimal|decimals}, expected at most {expected}",
        "数字 `{found}` 有 {digits} 位小数，最多允许 {expected} 位",
    ),
    "value-below-min": Message(
        "`{found}` is too small, expected at least `{expected}`", "`{found}` 过小，至少应为 `{expected}`"
    ),
    "value-above-max": Message(
        "`{found}` is too large, expected at most `{expected}`", "`{found}` 过大，至多应为 `{expected}`"
    ),
    "value-not-one-of": Message(
        "`{found}` is not allowed, expected one of {expected}", "`{found}` 不在允许的值之内，应为：{expected}"
    ),
    "value-form": Message("`{found}` cannot be read, expected {expected}", "无法识别 `{found}`，应为{expected}"),
    "value-offset": Message(
        "`{found}` cannot be compared with the bound `{expected}`: expected an offset from UTC in both or in neither",
        "`{found}` 无法与界限 `{expected}` 比较：两者都应带时区偏移，或都不带",
    ),
    "value-surrogate": Message(
        "the text {found} holds half of a character (a lone surrogate), expected whole characters",
        "文本 {found} 含有半个字符（孤立代理项），应为完整字符",
    ),
    "facts-too-large": Message(
        "the facts have {found} bytes, expected at most {expected}", "事实数据有 {found} 字节，最多允许 {expected} 字节"
    ),
    "facts-encoding": Message(
        "byte {position} (`{found}`) is not UTF-8, expected text in UTF-8",
        "第 {position} 个字节（`{found}`）不是 UTF-8，应为 UTF-8 文本",
    ),
    "facts-json": Message(
        "line {line}, column {column}: found {found}, which is not JSON here; expected one JSON object",
        "第 {line} 行第 {column} 列：{found}不符合 JSON 语法；应为一个 JSON 对象",
    ),
    "facts-too-deep": Message(
        "nested deeper than {expected} levels: expected at most that many", "嵌套超过 {expected} 层：最多允许这么多层"
    ),
    "facts-list-too-long": Message(
        "the list has {found} items, expected at most {expected}", "列表有 {found} 项，最多允许 {expected} 项"
    ),
    "facts-missing": Message("`{found}` is missing, expected {expected}", "缺少 `{found}`，应为{expected}"),
    "facts-unknown": Message(
        "unknown field `{found}`, expected one of {expected}", "未知字段 `{found}`，应为：{expected}"
    ),
    "facts-key-twice": Message(
        "the key `{found}` occurs twice, expected once", "键 `{found}` 出现了两次，应只出现一次"
    ),
    "facts-key": Message(
        "the key {found} is not a text, expected the name of a field", "键 {found} 不是文本，应为字段名"
    ),
    "facts-more": Message(
        "there are more problems than the first {expected}: mend these first", "问题多于前 {expected} 个：请先修正这些"
    ),
}
