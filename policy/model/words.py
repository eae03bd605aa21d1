"""Words for values and types in sentences about what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Real
from types import NoneType
from typing import Any

from policy.model.document import FieldType
from policy.model.written import Entries, Items, Scalar
from policy.values import Text, shortest

EXPECTED: Mapping[FieldType, Text] = {
    FieldType.STRING: Text("文本", "a text"),
    FieldType.NUMBER: Text("数字", "a number"),
    FieldType.BOOLEAN: Text("`true` 或 `false`", "`true` or `false`"),
    FieldType.DATE: Text("日期，例如 `2026-01-31`", "a date such as `2026-01-31`"),
    FieldType.TIME: Text("时间，例如 `09:30:00`", "a time such as `09:30:00`"),
    FieldType.DATE_TIME: Text(
        "日期时间，例如 `2026-01-31T09:30:00+08:00`", "a date and time such as `2026-01-31T09:30:00+08:00`"
    ),
    FieldType.DAYS_DURATION: Text("天数时长，例如 `P7D` 或 `PT12H`", "a duration of days such as `P7D` or `PT12H`"),
    FieldType.MONTHS_DURATION: Text("月数时长，例如 `P1Y6M`", "a duration of months such as `P1Y6M`"),
    FieldType.LIST: Text("列表", "a list"),
    FieldType.CONTEXT: Text("对象", "an object"),
}
"""What a field of each type expects, in words."""

_NAMED_AT_MOST = 12
_SHOWN = 60


def named(names: list[str]) -> tuple[str, ...]:
    """Quote names for a sentence, not too many."""
    quoted = [f"`{name}`" for name in names[:_NAMED_AT_MOST]]
    return (*quoted, "…") if len(names) > _NAMED_AT_MOST else tuple(quoted)


def shown(value: Any) -> str:
    """Write a value for a sentence, shortened."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if isinstance(value, Decimal):
        text = shortest(value) if value.is_finite() and abs(value.adjusted()) < _SHOWN else str(value)
    else:
        text = str(value)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def kind_of(value: Any) -> Text:
    """Say in words what a value is."""
    text = text_of(value)
    if text is not None:
        return Text(f"文本 `{shown(text)}`", f"the text `{shown(text)}`")
    for kinds, noun in _NOUNS:
        if isinstance(value, kinds):
            return noun
    if isinstance(value, bool):
        return Text(f"`{str(value).lower()}`", f"`{str(value).lower()}`")
    zh, en = ("数字", "the number") if isinstance(value, Real | Decimal) else ("值", "the value")
    return Text(f"{zh} `{shown(value)}`", f"{en} `{shown(value)}`")


def text_of(value: Any) -> str | None:
    """Return the text a value is, or is written as; None where it is no text."""
    if isinstance(value, Scalar):
        return value.text
    return str.__str__(value) if isinstance(value, str) else None


_NOUNS: tuple[tuple[Any, Text], ...] = (
    (NoneType, Text("空值", "null")),
    (list | tuple | Items, Text("列表", "a list")),
    (Mapping | Entries, Text("对象", "an object")),
)
