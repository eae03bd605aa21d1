"""Sentences about events, patterns of events, and what two engines say of them."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Grade, Message

_WRITTEN: Mapping[str, Message] = {
    "patterns-without-events": Message(
        "the vocabulary declares no `events`, so these patterns are not looked for; declare the types of events there",
        "词汇表没有声明 `events`，因此不会查找这些模式；请在词汇表中声明事件类型",
        Grade.NOTE,
    ),
    "unknown-event": Message(
        "`{found}` is no type of event the vocabulary declares", "`{found}` 不是词汇表中声明的事件类型"
    ),
    "pattern-key-undeclared": Message(
        "the event `{found}` declares no `{name}`, the key of this pattern; declare it in its `data`",
        "事件 `{found}` 没有声明本模式的键 `{name}`，请在其 `data` 中声明",
    ),
    "pattern-key-type": Message(
        "the key `{name}` of the event `{event}` is a {found}; a key is a text",
        "事件 `{event}` 的键 `{name}` 类型是 `{found}`，键必须是文本",
    ),
    "pattern-too-long": Message(
        "a sequence of {found} steps; at most {expected} are looked for", "序列有 {found} 步，最多 {expected} 步"
    ),
    "pattern-within-first": Message(
        "the first step has none before it, so `within` says nothing; take it out",
        "第一步之前没有事件，`within` 没有意义，请删除",
    ),
    "pattern-within-nothing": Message(
        "`{found}` is no time at all; write at least a second", "`{found}` 没有时长，请至少写一秒"
    ),
    "pattern-months": Message(
        "`{found}`: months differ in length; write days, such as `P30D`",
        "`{found}`：各月长短不一，请写天数，例如 `P30D`",
    ),
    "pattern-of-the-day": Message(
        "`{found}` cannot be asked here: a pattern means the same on whatever day it is looked for",
        "此处不能使用 `{found}`：无论哪一天查找，模式的含义都必须相同",
    ),
    "pattern-one-engine": Message(
        "`{name}` runs on one engine: {reason}; where it is to act or to warn, a person looks at it first",
        "`{name}` 只在一个引擎上运行：{reason}；严重程度为 act 或 warn 时，须先由人查看",
        Grade.NOTE,
    ),
}

_READ: Mapping[str, Message] = {
    "event-empty": Message("`{name}` of the event is empty, expected a text", "事件的 `{name}` 为空，应为文本"),
    "too-many-events": Message(
        "{found} events of one key; at most {expected} are looked at together, so take a shorter span of time",
        "同一个键有 {found} 个事件，一次最多查看 {expected} 个，请缩短时间范围",
    ),
    "too-many-matches": Message(
        "`{name}` is found more often than {expected} times among the events of one key; a person has to look",
        "在同一个键的事件中，`{name}` 出现超过 {expected} 次，须由人查看",
    ),
    "fact-unfit": Message(
        "the second engine cannot take the value of `{name}`: numbers have at most 15 digits there",
        "第二引擎无法处理 `{name}` 的值：数字最多 15 位",
    ),
}

_REVIEWED: Mapping[str, Message] = {
    "says-review-difference": Message(
        "the two engines differ; a person looks at both answers", "两个引擎的结果不同，须由人查看两份结果"
    ),
    "says-review-unavailable": Message(
        "second engine unavailable ({reason}); a person looks at what the first one found",
        "第二引擎不可用（{reason}），须由人查看第一引擎的结果",
    ),
    "says-review-one-engine": Message(
        "only one engine can look for this pattern; a person looks at what it found",
        "只有一个引擎能查找该模式，须由人查看其结果",
    ),
    "says-engine-import": Message("it cannot be imported: {found}", "无法导入：{found}"),
    "says-engine-ended": Message("its process ended", "其进程已结束"),
    "says-engine-late": Message("it did not answer in time", "未在时限内回答"),
    "says-review-refused": Message("the events could not be looked through: {reason}", "无法查看这些事件：{reason}"),
}

MESSAGES: Mapping[str, Message] = {**_WRITTEN, **_READ, **_REVIEWED}
