"""What people write into a cell in words, as FEEL: `大于 5`, `60 天`, `50万`, `between 5 and 9`, `200-500`, names.

Whatever the tables of the product print in either language is understood. A text is taken as a whole or not at all:
one that is not understood is the caller's to keep as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from policy.model.document import FieldType
from policy.model.fields import Field
from policy.numerals import POWERS, arabic, dated
from policy.values import Text, plain
from webadmin.filling.controls import number

_MARKS = str.maketrans(
    {"≥": ">=", "≤": "<=", "≠": "!=", "\N{MINUS SIGN}": "-", "–": "-", "—": "-", "“": '"', "”": '"', "。": ""}
)

_SIGNS: Mapping[str, Iterable[str]] = {
    ">=": (
        *("大于等于", "大于或等于", "不小于", "不低于", "不少于", "至少", "最少", "起码", "不早于", "达到", "达", "满"),
        *("at least", "not less than", "no less than", "greater than or equal to", "more than or equal to"),
        *("not before", "on or after", "since"),
    ),
    "<=": (
        *("小于等于", "小于或等于", "不大于", "不高于", "不超过", "未超过", "不多于", "至多", "最多", "不晚于"),
        *("at most", "not more than", "no more than", "less than or equal to", "up to", "not above"),
        *("not after", "on or before"),
    ),
    "!=": ("不等于", "不为", "不是", "is not equal to", "not equal to", "is not"),
    ">": ("大于", "超过", "高于", "多于", "晚于", "greater than", "more than", "above", "over", "after"),
    "<": (
        "小于",
        "低于",
        "少于",
        "不足",
        "不到",
        "不满",
        "未满",
        "未达",
        "未达到",
        "达不到",
        "不及",
        "早于",
        "less than",
        "fewer than",
        "below",
        "under",
        "before",
    ),
    "=": ("等于", "为", "是", "equal to", "equals", "is"),
}
_SIGN_OF = {word: sign for sign, said in _SIGNS.items() for word in said}
_SIGN_OF |= {f"is {word}": sign for word, sign in _SIGN_OF.items() if word.isascii() and not word.startswith("is")}

_UNITS: Mapping[str, Iterable[str]] = {
    "CNY": ("元", "圆", "块", "块钱", "人民币", "yuan", "rmb"),
    "days": ("天", "日", "days", "day"),
    "hours": ("小时", "hours", "hour"),
    "months": ("个月", "月", "months", "month"),
    "people": ("人", "名", "位", "people", "person"),
    "points": ("分", "点", "points", "point"),
    "load": ("负荷", "of load"),
}
"""Words for a unit besides its own name."""


_BOTH = re.compile(rf"(\d) ?(-|~|至|到|to) ?([\d,.]+) ?(%|{'|'.join(sorted(POWERS, key=len, reverse=True))})")
"""Ends of a range that share what stands behind the second: `20-50万`, `5-10%`."""

_VALUE = r"-?@\d+@"
_MANY = rf"(?P<many>{_VALUE}(?: ?[,、] ?{_VALUE})+)"
_SINGLE = re.compile(rf"(?:(?P<sign>[<>!]=?|=) ?)?(?P<value>{_VALUE})")
_ENDED = r"(?: ?\((?P<{}>不?含)(?:本数)?\))? ?"
_FROM = re.compile(
    rf"(?P<value>{_VALUE}){_ENDED.format('p')}(?:(?:及|或)?以上|起|(?:or|and) (?:more|>|later)|\+){_ENDED.format('q')}"
)
_UNTIL = re.compile(
    rf"(?P<value>{_VALUE}){_ENDED.format('p')}"
    rf"(?:(?:及|或)?以下|[以之]内|(?:or|and) (?:less|<|earlier)){_ENDED.format('q')}"
)
_BEYOND = re.compile(rf"(?P<value>{_VALUE}) ?以外")
_SPAN = re.compile(
    rf"(?:= ?)?(?P<held>介于|在|自|从|between|from)? ?(?P<low>{_VALUE})(?: ?\((?P<p>不?含|(?:not )?included)\))? ?"
    rf"(?:-|~|至|到|to|\.\.|(?P<joined>与|和|and)) ?"
    rf"(?P<high>{_VALUE})(?: ?\((?P<q>不?含|(?:not )?included)\))? ?(?P<between>之间|间)?"
    r"(?:, both included| ?\(含两端\))?"
)
_AMONG = re.compile(rf"(?:=|(?:= ?)?one of) ?{_MANY} ?(?:之一)?")
_NEITHER = re.compile(rf"(?:!=|(?:= ?)?none of) ?{_MANY} ?(?:之一|中任何一个)?")
_MISSING = re.compile(r"(?:= ?)?(?:缺失|缺少|未填|空|missing|empty|not given)")
_GIVEN = re.compile(r"(?:= ?)?(?:已填|已填写|given|not missing|not empty)")
_DENIED = re.compile(r"(?:not|并非) ?: ?(.+)")
_DAY = re.compile(r"(?<!\d)(\d{4})(?:-(\d{2})-(\d{2})|年(\d{1,2})月(\d{1,2})日|[/.](\d{1,2})[/.](\d{1,2}))(?![\d/.])")
_AND = re.compile(r" ?(?:[,;]? ?(?:但|并且|而且|同时|且)|,? (?:and|but)(?= )) ?")
_BOUNDS = re.compile(r"(?<=以[上下]) ?[,、;] ?(?=.*以[上下])")
"""The comma of `10 万以上，50 万以下`, which nobody means as an `or`."""
_ONE_SIDED = re.compile(r"(?P<sign>[<>])(?P<with>=?) (?P<value>.+)")
_OR = re.compile(r"\s+or\s+|\s*或者?\s*")
_LISTED = re.compile(r"\s*(?:[,，、;；]|\s+or\s+|或者?)\s*")
_IS = re.compile(r"(?:=|为|是|属于|(?:is )?one of|is)\s*(.+?)(?:\s*之一)?")
_IS_NOT = re.compile(r"(?:!=|不为|不是|非|(?:is )?none of|is not|not)\s*(.+?)(?:\s*(?:之一|中任何一个))?")


def condition(text: str, field: Field) -> str | None:
    """Return what a condition on a number or a day means; None where it is not understood.

    Example:
        >>> days = Field("order.payment_days", FieldType.NUMBER, unit="days")
        >>> [condition(each, days) for each in ("超过 60 天", "30-60", "1 or more", "> x")]
        ['> 60', '[30..60]', '>= 1', None]
    """
    plainly = _plainly(text)
    if "@" in plainly or '"' in plainly:
        return None
    values: list[str] = []

    def kept(value: str) -> str:
        values.append(value)
        return f"@{len(values) - 1}@"

    is_date = field.type is FieldType.DATE
    marked = _days(dated(plainly), kept) if is_date else _numbers(arabic(_BOUNDS.sub("且", plainly)), field.unit, kept)
    signed = _signed(marked.lower())
    denied = _DENIED.fullmatch(signed)
    if denied:
        inner = _Reading(values, is_day=is_date).one(denied[1])
        return None if inner is None or inner.startswith("not") else f"not({inner})"
    return _Reading(values, is_day=is_date).alternatives(signed)


def amount(text: str, unit: str | None) -> Decimal | None:
    """Return a number as people write it, with its unit and in 万 or 亿; None for anything else.

    Example:
        >>> amount("1.5 亿元", "CNY"), amount("50万", None), amount("5 days", "CNY")
        (Decimal('150000000'), Decimal('500000'), None)
    """
    found = _number_of(unit).fullmatch(arabic(_plainly(text)))
    return None if found is None else Decimal(plain(_worth(found)))


def _plainly(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_MARKS).strip()


def values(text: str, names: Mapping[str, Text | None]) -> tuple[list[str], bool] | None:
    """Return which of some values are meant, and whether they are those that may not be.

    Args:
        text: What was typed.
        names: Value → what people call it, None where that is its own text.

    Returns:
        None where something of it is no value or name.
    """
    known = _by_name(names)
    plainly = text.strip().strip("“”")
    for pattern, negative in ((None, False), (_IS_NOT, True), (_IS, False)):
        inner = plainly if pattern is None else _inside(pattern, plainly)
        found = [known.get(each.strip("“”\"' ").casefold()) for each in _LISTED.split(inner)] if inner else [None]
        if None not in found:
            return [each for each in found if each is not None], negative
    return None


def _inside(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.fullmatch(text)
    return "" if found is None else found[1]


def _by_name(names: Mapping[str, Text | None]) -> dict[str, str]:
    """Return the values by what may be typed for them; a name two values share means neither."""
    found: dict[str, set[str]] = {}
    for value, name in names.items():
        for each in {value} if name is None else {name.zh, name.en}:
            found.setdefault(each.casefold(), set()).add(value)
    known = {name: next(iter(meant)) for name, meant in found.items() if len(meant) == 1}
    return {**known, **{value.casefold(): value for value in names}}


def _signed(text: str) -> str:
    """Return a text with signs in the place of words that compare."""
    said = sorted(_SIGN_OF, key=len, reverse=True)
    pattern = "|".join(rf"\b{re.escape(each)}\b" if each.isascii() else re.escape(each) for each in said)
    signed = re.sub(pattern, lambda found: f" {_SIGN_OF[found[0]]} ", text)
    return " ".join(re.sub(r"= +(?=[<>!])", "", f"{signed} ").split())


def _days(text: str, kept: Callable[[str], str]) -> str:
    def read(found: re.Match[str]) -> str:
        year, month, day = (int(each) for each in found.groups() if each is not None)
        try:
            return kept(date(year, month, day).isoformat())
        except ValueError:
            return found[0]

    return _DAY.sub(read, text)


def _numbers(text: str, unit: str | None, kept: Callable[[str], str]) -> str:
    return _number_of(unit).sub(lambda found: kept(plain(_worth(found))), _BOTH.sub(r"\1\4\2\3\4", text))


@cache
def _number_of(unit: str | None) -> re.Pattern[str]:
    """Return the pattern of a number as people write it, with words for its unit."""
    named = () if unit is None or "." in unit else (unit, *_UNITS.get(unit, ()))
    said = "|".join(map(re.escape, sorted(named, key=len, reverse=True)))
    before, behind = r"(?:¥ ?)?" if unit == "CNY" else "", f"(?: ?(?i:{said}))?" if said else ""
    power = "|".join(sorted(POWERS, key=len, reverse=True))
    digits = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    return re.compile(
        rf"(?<![A-Za-z0-9_.,]){before}(?P<digits>{digits})(?P<percent> ?%)?(?: ?(?P<power>{power}))?{behind}"
        r"(?![A-Za-z0-9_%])(?!,\d|\.\d)"
    )


def _worth(found: re.Match[str]) -> Decimal:
    value = number(f"{found['digits']}%" if found["percent"] else found["digits"])
    return value.scaleb(POWERS[found["power"]]) if found["power"] else value


class _Reading:
    """Reads tests in which values are marked by their number.

    Args:
        values: As FEEL has them.
        is_day: Whether they are days.
    """

    def __init__(self, values: Sequence[str], *, is_day: bool) -> None:
        self._values = values
        self._is_day = is_day

    def alternatives(self, text: str) -> str | None:
        """Return tests of which any may hold."""
        whole = self.one(text) or self._both(text)
        if whole is not None:
            return whole
        found = [self.one(each.strip()) for each in _OR.split(text)]
        sound = [each for each in found if each is not None and not each.startswith("not")]
        return ", ".join(sound) if len(sound) == len(found) else None

    def one(self, text: str) -> str | None:
        """Return one test."""
        if _MISSING.fullmatch(text) or _GIVEN.fullmatch(text):
            return "null" if _MISSING.fullmatch(text) else "not(null)"
        for pattern, read in self._forms():
            if found := pattern.fullmatch(text):
                return read(found)
        return None

    def _forms(self) -> Iterable[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]]:
        return (
            (_FROM, lambda found: self._sided(">", found)),
            (_UNTIL, lambda found: self._sided("<", found)),
            (_BEYOND, lambda found: f"> {self._said(found['value'])}"),
            (_SINGLE, self._single),
            (_SPAN, self._span),
            (_AMONG, lambda found: self._many(found["many"])),
            (_NEITHER, lambda found: f"not({self._many(found['many'])})"),
        )

    def _both(self, text: str) -> str | None:
        """Return a range of two ends that are joined: `10 and more and below 50`, `10 万以上，50 万以下`."""
        sides = [_ONE_SIDED.fullmatch(self.one(each.strip()) or "") for each in _AND.split(text)]
        low, high = (next((each for each in sides if each and each["sign"] == sign), None) for sign in "><")
        if len(sides) != 2 or low is None or high is None or self._is_above(low["value"], high["value"]):
            return None
        opened, closed = ("[" if low["with"] else "("), ("]" if high["with"] else ")")
        return f"{opened}{low['value']}..{high['value']}{closed}"

    def _is_above(self, low: str, high: str) -> bool:
        return low > high if self._is_day else Decimal(low) > Decimal(high)

    def _sided(self, sign: str, found: re.Match[str]) -> str:
        """Return a bound; in laws 以上 and 以下 take the number itself in, unless it is said that they do not."""
        is_open = "不含" in (found["p"], found["q"])
        return f"{sign}{'' if is_open else '='} {self._said(found['value'])}"

    def _value(self, mark: str) -> str:
        value = self._values[int(mark.strip("-@"))]
        return f"-{value}" if mark.startswith("-") else value

    def _said(self, mark: str) -> str:
        return f'date("{self._value(mark)}")' if self._is_day else self._value(mark)

    def _single(self, found: re.Match[str]) -> str:
        sign, mark = found["sign"] or "=", found["value"]
        if sign == "=":
            return self._value(mark)
        return f"not({self._said(mark)})" if sign == "!=" else f"{sign} {self._said(mark)}"

    def _many(self, marks: str) -> str:
        return ", ".join(self._said(each.strip()) for each in re.split("[,、]", marks))

    def _span(self, found: re.Match[str]) -> str | None:
        """Return a range; none where the ends stand the wrong way round, or are joined by a mere `and`."""
        low, high = self._value(found["low"]), self._value(found["high"])
        if self._is_above(low, high):
            return None
        if found["joined"] and not (found["held"] or found["between"]):
            return None
        opened, closed = ("(" if _is_out(found["p"]) else "["), (")" if _is_out(found["q"]) else "]")
        return f"{opened}{self._said(found['low'])}..{self._said(found['high'])}{closed}"


def _is_out(said: str | None) -> bool:
    return said in ("不含", "not included")
