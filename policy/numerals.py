"""Numbers in words, as digits: `五十万`, `两成`, `百分之八`, `1万2千`, `50k`, `5 per cent`.

Only what has one reading is read: `五十多万`, `三四十` and `九折` (what is paid, or what is taken off?) stay.
"""

from __future__ import annotations

import re
from decimal import Decimal

from policy.values import plain

_ZERO = "零〇"
_DIGITS = {sign: value for value, signs in enumerate((_ZERO, "一", "二两", "三", *"四五六七八九")) for sign in signs}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}

POWERS = {"千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "十亿": 9}
"""What may stand behind digits → its power of ten."""

_ARABIC = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SIGN = "[零〇一二两三四五六七八九十百千万亿]"
_RUN = rf"(?:{_ARABIC} ?|{_SIGN}|点(?=[零〇一二三四五六七八九]))++"
_TOKEN = re.compile(rf"({_ARABIC}) ?|({_SIGN})")
_FRACTION = re.compile(rf"(?P<of>[百千万])分之 ?(?P<share>{_RUN})")
_TENTHS = re.compile(
    rf"(?P<tenths>{_ARABIC}|[一二两三四五六七八九十]) ?成(?P<rest>[一二三四五六七八九半])?(?!交|本|员|立|功)"
)
_HALF = re.compile("一半|半数")
_SPOKEN = re.compile(rf"(?<![之第任每统单同\d]){_RUN}(?!端|个(?!月)|者|样|致|半|成|[多余几来])")
_PLAIN = re.compile(rf"{_ARABIC} ?[千万亿]?|[百千]?万|{_ARABIC} ?[百千]万|[千亿]| *")
_YEAR = re.compile(r"[零〇一二三四五六七八九]{4}(?=年)")

_ENGLISH = (
    (re.compile(rf"({_ARABIC}) ?(?:k|thousand)\b", re.IGNORECASE), r"\1千"),
    (re.compile(rf"({_ARABIC}) ?w(?![A-Za-z0-9])", re.IGNORECASE), r"\1万"),
    (re.compile(rf"({_ARABIC}) ?million\b", re.IGNORECASE), r"\1百万"),
    (re.compile(rf"({_ARABIC}) ?(?:bn|billion)\b", re.IGNORECASE), r"\1十亿"),
    (re.compile(rf"({_ARABIC}) ?(?:percent|per cent|pct)\b", re.IGNORECASE), r"\1%"),
)
"""Words for powers of ten; `w` is 万 as Chinese keyboards have it. A mere `m` is left: million, metre or month."""

_PARTS = {"百": 2, "千": 3, "万": 4}


def arabic(text: str) -> str:
    """Return a text with the numbers that stand there in words as digits; what has no one reading stays.

    Args:
        text: In Unicode's NFKC form.

    Example:
        >>> arabic("五十万以上"), arabic("三成五"), arabic("百分之八点五"), arabic("1万2千"), arabic("more than 50k")
        ('50万以上', '35%', '8.5%', '12000', 'more than 50千')
    """
    found = _FRACTION.sub(_fraction, text)
    found = _TENTHS.sub(_tenths, found)
    found = _HALF.sub("50%", found)
    found = re.sub(rf"({_ARABIC}) ?‰", lambda each: plain(Decimal(each[1].replace(",", "")).scaleb(-3)), found)
    for pattern, digits in _ENGLISH:
        found = pattern.sub(digits, found)
    return _SPOKEN.sub(_spoken, found)


_POWERED = re.compile(rf"([+-]?{_ARABIC}) ?({'|'.join(POWERS)})")


def digits(text: str) -> str:
    """Return a text that is one number in words as that number in digits; any other is what `arabic` makes of it.

    Example:
        >>> digits("五十万"), digits("三成五"), digits("五十万以上")
        ('500000', '35%', '50万以上')
    """
    found = arabic(text).strip()
    one = _POWERED.fullmatch(found)
    return found if one is None else plain(Decimal(one[1].replace(",", "")).scaleb(POWERS[one[2]]))


def dated(text: str) -> str:
    """Return a text with the days that stand there in words as digits.

    Example:
        >>> dated("二〇二六年三月十一日起")
        '2026年3月11日起'
    """
    years = _YEAR.sub(lambda found: "".join(str(_DIGITS[each]) for each in found[0]), text)
    return re.sub(rf"{_SIGN}{{1,3}}(?=[月日])", _spoken, years)


def _fraction(found: re.Match[str]) -> str:
    share = _worth(found["share"])
    if share is None:
        return found[0]
    return f"{plain(share)}%" if found["of"] == "百" else plain(share.scaleb(-_PARTS[found["of"]]))


def _tenths(found: re.Match[str]) -> str:
    tenths, rest = _worth(found["tenths"]), found["rest"]
    if tenths is None or tenths > 10:
        return found[0]
    more = 5 if rest == "半" else _DIGITS[rest] if rest else 0
    return f"{plain(tenths * 10 + more)}%"


def _spoken(found: re.Match[str]) -> str:
    """Return one number as digits, with the 万 or 亿 it ends with: the ends of a range may share that."""
    text = found[0]
    if _PLAIN.fullmatch(text):
        return text
    body, power = (text[:-1], text[-1]) if text[-1] in _LARGE else (text, "")
    if power and not _LARGE.keys().isdisjoint(body):
        body, power = text, ""
    worth = _worth(body)
    spaced = " " if text.endswith(" ") else ""
    return text if worth is None else f"{plain(worth)}{power}{spaced}"


def _worth(text: str) -> Decimal | None:
    """Return what a number comes to; None for what is none, or has more than one reading."""
    whole, point, rest = text.partition("点")
    if not point:
        return _Sum().read(text)
    decimals = rest.rstrip("万亿")
    first = _Sum().read(whole)
    if first is None or not decimals or not set(decimals) <= _DIGITS.keys():
        return None
    exact = Decimal(f"{plain(first)}.{''.join(str(_DIGITS[each]) for each in decimals)}")
    for power in rest[len(decimals) :]:
        exact *= _LARGE[power]
    return exact


class _Sum:
    """Adds a number up as it is read: sections of 千, 百 and 十 under 万 and 亿."""

    def __init__(self) -> None:
        self._total = Decimal(0)
        self._section = Decimal(0)
        self._digit: Decimal | None = None
        self._last = 0
        self._is_spelt = False
        self._after_zero = False

    def read(self, text: str) -> Decimal | None:
        """Return the sum; None where the signs stand in no order of a number."""
        tokens = list(_TOKEN.finditer(text))
        if "".join(each[0] for each in tokens) != text or not tokens:
            return None
        return self._ended() if all(self._takes(each[1], each[2]) for each in tokens) else None

    def _takes(self, number: str | None, sign: str | None) -> bool:
        if sign in _SMALL:
            return self._small(_SMALL[sign])
        if sign in _LARGE:
            return self._large(_LARGE[sign])
        if sign is not None and sign in _ZERO and self._last:
            self._after_zero = True
            return self._digit is None
        if self._digit is not None:
            return False
        self._digit = Decimal(number.replace(",", "")) if number else Decimal(_DIGITS[sign or ""])
        self._is_spelt = number is None
        return True

    def _small(self, unit: int) -> bool:
        if self._digit is None and not (unit == 10 and (not self._section or self._after_zero)):
            return False
        if self._section and self._last <= unit:
            return False
        self._section += (1 if self._digit is None else self._digit) * unit
        self._digit, self._last, self._after_zero = None, unit, False
        return True

    def _large(self, unit: int) -> bool:
        below = self._section + (self._digit or 0)
        if not below and not self._total:
            return False
        self._total = (self._total + below) * unit if unit == _LARGE["亿"] else self._total + below * unit
        self._section, self._digit, self._last, self._after_zero = Decimal(0), None, unit, False
        return True

    def _ended(self) -> Decimal | None:
        """Return all of it: a last digit counts for the unit below the one before, as in 两万五."""
        if self._digit is None:
            return self._total + self._section
        is_short = self._last > 10 and not self._after_zero
        if is_short and not self._is_spelt:
            return None
        return self._total + self._section + self._digit * (self._last // 10 if is_short else 1)
