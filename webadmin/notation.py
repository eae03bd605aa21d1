"""How the days and numbers of a column are written, as its cells show.

What a cell means by itself needs nothing here: see `policy.tables.formats`. Cells that are no days or numbers at all
say nothing of how the others are written; they are refused where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from policy.errors import Place
from policy.tables.document import NumberOptions, Separator
from policy.tables.formats import DayPattern, NumberPattern, narrow, year_first

NOWHERE = Place("<form>", 1, 1)

DAYS = (
    *("%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
    *("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%m/%d/%Y %H:%M"),
)
"""Patterns of days that are tried, besides ISO 8601, which needs none."""

SIGNS = ("¥", "￥", "$", "€", "£", "HK$", "RMB", "CNY", "USD", "元")

_OF_CURRENCY = {
    "CNY": ("¥", "￥", "CN¥", "RMB", "CNY", "人民币", "元"),
    "JPY": ("¥", "￥", "JP¥", "JPY", "円", "日元"),
    "USD": ("$", "US$", "USD", "美元"),
    "HKD": ("HK$", "HKD", "港元", "港币"),
    "EUR": ("€", "EUR", "欧元"),
    "GBP": ("£", "GBP", "英镑"),
}

SURE = ((None, Separator.POINT), (Separator.COMMA, Separator.POINT))
"""Separators that leave no doubt, where every comma stands as one between thousands does."""

LIKELY = (*SURE, (Separator.POINT, Separator.COMMA), (Separator.SPACE, Separator.COMMA), (None, Separator.COMMA))
"""Separators a person is asked about, the likeliest first."""

_ISO = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")
_NUMERIC = re.compile(r"\d[\d.,' ]*")
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


def day_patterns(counts: Mapping[str, int]) -> list[str]:
    """Return the patterns that read most days of a column, the likeliest first; none where ISO 8601 does.

    A few days that are mistyped are problems of their own, and do not make one of every other.

    Args:
        counts: What stands in the cells, with how often.
    """
    plain_ones = sum(count for text, count in counts.items() if _ISO.fullmatch(text))
    read = {each: sum(count for text, count in counts.items() if _fits(each, [text])) for each in DAYS}
    most = max(read.values())
    if 2 * most <= sum(counts.values()) or plain_ones >= most:
        return []
    return [each for each, count in read.items() if count == most]


def sure_day_pattern(values: Iterable[str]) -> str | None:
    """Return the one pattern that fits the days of a column which do not begin with their year; None where several do.

    `3/1/2026` alone may be January or March: it is read only where another day of the column is past the twelfth.
    """
    days = [each for each in values if _DAY.fullmatch(narrow(each)) and year_first(each) is None]
    fitting = [each for each in DAYS if "%H" not in each and _fits(each, days)] if days else []
    return fitting[0] if len(fitting) == 1 else None


def _fits(pattern: str, values: Iterable[str]) -> bool:
    compiled = DayPattern.of(pattern)
    return all(compiled.read(each) is not None for each in values)


def number_options(
    values: Iterable[str],
    separators: Iterable[tuple[Separator | None, Separator]] = LIKELY,
    signs: Iterable[str] = SIGNS,
) -> NumberOptions | None:
    """Return how the numbers of a column are written; None where plainly, or where nothing fits them all.

    They are per cents where none but zero lacks the sign.

    Args:
        values: The cells; those that are no number, or bear another sign, say nothing.
        separators: Pairs of what stands between thousands and before decimals, to be tried.
        signs: Signs of a currency that may stand beside a number.
    """
    signs = tuple(signs)
    numbers = [each for each in values if _is_number(each, signs)]
    used = tuple(each for each in signs if any(each in value for value in numbers))
    percent = any(narrow(each).rstrip().endswith("%") for each in numbers)
    for thousands, decimal in separators:
        options = NumberOptions(NOWHERE, thousands, decimal, used, percent)
        pattern = NumberPattern.of(options)
        if numbers and all(pattern.read(each) is not None for each in numbers):
            return None if options == NumberOptions(NOWHERE) else options
    return None


def _is_number(text: str, signs: tuple[str, ...]) -> bool:
    """Say whether a text is one number with nothing beside it but what may stand there."""
    bare = _NUMERIC.sub("", narrow(text), count=1)
    for each in sorted(signs, key=len, reverse=True):
        bare = bare.replace(narrow(each), "")
    return bare != narrow(text) and not bare.strip("-%万萬亿億 ")


def signs_of(currency: str | None) -> tuple[str, ...]:
    """Return the signs that mean a currency, the longest first; none for one that is not known here."""
    return tuple(sorted(_OF_CURRENCY.get(currency or "", ()), key=len, reverse=True))
