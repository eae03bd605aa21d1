"""Numbers that a text for people names, each with every number it may stand for.

`8%` may stand for 0.08, 8 or 1.08, `2万元` for 20,000, `三个月` for 3 or 90 days, and in `2 to 5 million` both
ends are millions. Days of the calendar, hours of the clock, `第三章` and `article 4` name no amount.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from policy.feel.temporal import DAY, DaysDuration, MonthsDuration
from policy.numerals import POWERS, arabic
from policy.values import NUMBERS

_WORDS = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH: Mapping[str, int] = {
    **{word: at for at, word in enumerate(_WORDS, 2)},
    **{word: 10 * at for at, word in enumerate(_TENS, 3)},
}
_SPANS: Mapping[str, tuple[str, ...]] = {
    "1 24": ("天", "日", "day", "days"),
    "1 7": ("周", "星期", "week", "weeks"),
    "1 30 1/12": ("个月", "month", "months"),
    "1 12 360 365": ("年", "year", "years"),
    "1 60 1/24": ("小时", "钟头", "hour", "hours"),
    "1 60": ("分钟", "minute", "minutes"),
    "1 3": ("季度", "个季度", "quarter", "quarters"),
}
"""How many of smaller units a span of time is, or of greater ones, by its unit."""

_LASTING = {unit: times for times, units in _SPANS.items() for unit in units}
_HOURS = {"1 24": 24, "1 7": 7 * 24, "1 30 1/12": 30 * 24, "1 12 360 365": 365 * 24, "1 60 1/24": 1, "1 3": 90 * 24}
_MONTHS = {"1 30 1/12": 1, "1 12 360 365": 12, "1 3": 3}
_HOUR = DAY // 24
_MEASURED = (*_LASTING, "%", "折", "倍", "元")
_COUNTED = ("次", "级", "分", "项", "起", "个", "人", "家", "件", "笔", "份", "台", "名", "位", "条", "层")
_UNITS = "|".join(sorted((*_MEASURED, *_COUNTED), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9_.,第/:])(?<![A-Za-z][-+])(?P<digits>\d+(?:,\d{{3}})*(?:\.\d+)?)(?![\d:/]|,\d|\.\d|分之|号)"
    rf" ?(?P<power>{'|'.join(sorted(POWERS, key=len, reverse=True))})?(?P<half>年半)?"
    rf"(?:[ -]?(?P<unit>{_UNITS})(?![A-Za-z]))?(?![A-Za-z])"
)
_DAY = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|(?:19|20)\d\d ?年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月(?:\d{1,2}[日号])?"
)
_CITED = re.compile(
    r"(?:\b(?:chapter|section|article|clause|art\.|no\.|item|annex|appendix|paragraph|page|version|schedule|in|since)"
    r"|iso|gb|gb/t|ifrs|附[录件表]|表|图|版本?) ?$",
    re.IGNORECASE,
)
_ORDINAL = re.compile("第 ?[零〇一二三四五六七八九十百千]+")
_SPELT = re.compile(rf"\b({'|'.join(_ENGLISH)})(?:-({'|'.join(_WORDS[:8])}|one))?\b(?=[ -])", re.IGNORECASE)
_BETWEEN = re.compile(r" ?(?:至|到|和|与|或|、|~|-|–|to|and|or)? ?[+-]?")
_HALVES: Mapping[str, tuple[str, ...]] = {
    "年": ("6", "180", "181", "182", "183", "184"),
    "个月": ("15",),
    "天": ("12",),
}
_HALF = re.compile(rf"半(?:{'|'.join(_HALVES)})")


_LONGEST = 100_000
"""Days, months or years beyond which nothing is a span of time."""

_PLAINLY = 100
"""From this on numerals are an amount, whatever stands behind them."""


Worth = Decimal | DaysDuration | MonthsDuration
"""A number without its sign, or a span of time."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One number a text names.

    Attributes:
        text: As it is written, numerals as digits: `60天`, `20%`.
        worth: Every number it may stand for, without its sign.
        unit: What is counted or measured, as written; empty where nothing is said.
    """

    text: str
    worth: frozenset[Worth]
    unit: str = ""


def amounts(text: str) -> list[Amount]:
    """Return the numbers a text names.

    Example:
        >>> [each.text for each in amounts("超过六十天，或两成以上（2026年第3章）")]
        ['60天', '20%']
        >>> Decimal(20_000) in amounts("up to 2万")[0].worth
        True
    """
    whole = unicodedata.normalize("NFKC", text)
    plain = _ORDINAL.sub(_blank, _SPELT.sub(_spelt, whole))
    digits = _DAY.sub(_blank, arabic(plain))
    found = [*_numbers(digits, whole), *map(_halved, _HALF.finditer(digits))]
    return list(dict.fromkeys(found))


def _blank(found: re.Match[str]) -> str:
    return "·" * len(found[0])


def _spelt(found: re.Match[str]) -> str:
    """Return an English numeral before a unit of time as digits; any other may be no amount."""
    behind = found.string[found.end() + 1 :]
    if not any(re.match(rf"{unit}\b", behind) for unit in _LASTING if unit.isascii()):
        return found[0]
    ones = _ENGLISH.get((found[2] or "").lower(), 1 if found[2] else 0)
    return str(_ENGLISH[found[1].lower()] + ones)


def _numbers(text: str, written: str) -> Iterator[Amount]:
    """Yield numbers; one that stands before another shares its power and unit where it has none."""
    places = list(_NUMBER.finditer(text))
    for place, after in zip(places, [*places[1:], None], strict=False):
        known = _amount(place)
        bare = after is not None and not known.unit and not place["power"]
        if bare and after is not None and _BETWEEN.fullmatch(text[place.end() : after.start()]):
            shared = _worth(place["digits"], after["power"], after["unit"] or "")
            known = replace(known, worth=known.worth | shared, unit=after["unit"] or after["power"] or "")
        if _is_meant(place, known.unit, written):
            yield known


def _is_meant(place: re.Match[str], unit: str, written: str) -> bool:
    """Say whether a number is an amount: `统一`, `十佳`, the year of a law and the number of a clause are none."""
    number = Decimal(place["digits"].replace(",", ""))
    is_measured = unit in (*_MEASURED, *POWERS) or bool(place["power"])
    if is_measured:
        return True
    if _CITED.search(place.string[: place.start()]) is not None:
        return False
    return number > 1 and (place["digits"] in written or bool(unit) or number >= _PLAINLY)


def _amount(place: re.Match[str]) -> Amount:
    unit = "年" if place["half"] else place["unit"] or ""
    more = Decimal("0.5") if place["half"] else Decimal(0)
    return Amount(place[0].strip(), _worth(place["digits"], place["power"], unit, more), unit)


def _worth(digits: str, power: str | None, unit: str, more: Decimal = Decimal(0)) -> frozenset[Worth]:
    number = NUMBERS.scaleb(Decimal(digits.replace(",", "")), POWERS.get(power or "", 0))
    whole = NUMBERS.add(number, more)
    return frozenset([*map(exact, _readings(whole, unit)), *_spans(whole, unit)])


def _readings(number: Decimal, unit: str) -> Iterator[Decimal]:
    """Yield what a number with its unit may stand for in a condition or an outcome."""
    if unit == "折":
        part = NUMBERS.scaleb(number, -1 if number < 10 else -2)
        yield from (part, NUMBERS.subtract(Decimal(1), part))
        return
    yield number
    if unit == "%":
        part = NUMBERS.scaleb(number, -2)
        yield from (part, NUMBERS.add(Decimal(1), part))
        if number == 50:
            yield Decimal(2)  # half of it: `sales * 2 <= potential`
    if unit == "倍":
        yield NUMBERS.subtract(number, Decimal(1))
    for times in _LASTING.get(unit, "").split():
        above, _, below = times.partition("/")
        yield NUMBERS.divide(NUMBERS.multiply(number, Decimal(above)), Decimal(below or 1))


def _spans(number: Decimal, unit: str) -> Iterator[Worth]:
    """Yield the spans of time a number may stand for: days or months where its unit is not said."""
    if number > _LONGEST or (unit and unit not in _LASTING):
        return
    times = _LASTING.get(unit, "")
    hours, months = _HOURS.get(times, 0 if unit else 24), _MONTHS.get(times, 0 if unit else 1)
    if hours:
        yield DaysDuration(int(NUMBERS.multiply(number, Decimal(hours))) * _HOUR)
    if months:
        yield MonthsDuration(int(NUMBERS.multiply(number, Decimal(months))))
    if hours == 24 and NUMBERS.remainder(number, Decimal(30)) == 0:
        yield MonthsDuration(int(number) // 30)


def _halved(found: re.Match[str]) -> Amount:
    unit = found[0].removeprefix("半")
    days = {DaysDuration(int(each) * DAY) for each in _HALVES[unit] if unit != "天"}
    spans = {*days, *_spans(Decimal("0.5"), unit)}
    return Amount(found[0], frozenset({Decimal("0.5"), *map(Decimal, _HALVES[unit]), *spans}), unit)


def exact(number: Decimal) -> Decimal:
    """Return a number without its sign and the zeros at its end."""
    return number.normalize(NUMBERS).copy_abs()
