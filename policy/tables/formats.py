"""How days, numbers and periods are written in files, said explicitly; nothing is guessed.

What can mean one thing only needs not be said: digits of full width, a day that begins with its year, 万 and 亿.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from policy.errors import Place
from policy.feel.temporal import days_in_month
from policy.kinds.incentive import PlanPeriod
from policy.tables.document import NumberOptions

_DIRECTIVES = {
    "%Y": r"(?P<year>\d{4})",
    "%m": r"(?P<month>\d{1,2})",
    "%d": r"(?P<day>\d{1,2})",
    "%H": r"(?P<hour>\d{1,2})",
    "%M": r"(?P<minute>\d{2})",
    "%S": r"(?P<second>\d{2})",
    "%%": "%",
}
_TOKEN = re.compile(r"%.?|[^%]+", re.DOTALL)
_MONTHS = {PlanPeriod.MONTH: 1, PlanPeriod.QUARTER: 3, PlanPeriod.HALF_YEAR: 6, PlanPeriod.YEAR: 12}


_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " ", 0x2212: "-"}
"""Letters, digits and signs of full width, wide and fixed blanks, and the sign of minus → as they are typed usually."""

_YEAR_FIRST = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
_TIMES = {"万": 4, "萬": 4, "亿": 8, "億": 8}
"""Words behind a number that multiply it: by which power of ten."""


def narrow(text: str) -> str:
    r"""Return a text with digits and signs of numbers and days in their usual width.

    Example:
        >>> narrow("\uff11\uff0c\uff12")
        '1,2'
    """
    return text.translate(_NARROW)


class PatternError(ValueError):
    """A pattern of days cannot be used; its text is what is wrong with it."""


@dataclass(frozen=True, slots=True)
class DayPattern:
    """A pattern of days, such as `%m/%d/%Y`; months, days and hours may have one digit or two."""

    expression: re.Pattern[str]

    @classmethod
    def of(cls, pattern: str) -> DayPattern:
        """Compile a pattern.

        Raises:
            PatternError: it lacks year, month or day, has a part twice, or one that is not known.
        """
        tokens = _TOKEN.findall(pattern)
        for part in tokens:
            if part[0] == "%" and (part not in _DIRECTIVES or (part != "%%" and tokens.count(part) > 1)):
                raise PatternError(part)
        for needed in ("%Y", "%m", "%d"):
            if needed not in tokens:
                raise PatternError(needed)
        parts = [_DIRECTIVES.get(token, re.escape(token)) for token in tokens]
        return cls(re.compile("".join(parts), re.ASCII))

    def read(self, text: str) -> datetime | None:
        """Return the day and time of a text, None when it does not fit or there is no such day."""
        found = self.expression.fullmatch(narrow(text))
        if not found:
            return None
        parts = {name: int(digits) for name, digits in found.groupdict().items()}
        try:
            return datetime(**parts)  # type: ignore[arg-type]  # noqa: DTZ001 - files hold wall clock readings
        except ValueError:
            return None


def year_first(text: str) -> date | None:
    """Return the day of a text that names the year first: that can be read in one way only; None for any other.

    Example:
        >>> year_first("2026年3月1日"), year_first("3/1/2026")
        (datetime.date(2026, 3, 1), None)
    """
    moments = (DayPattern.of(each).read(text) for each in _YEAR_FIRST)
    return next((each.date() for each in moments if each is not None), None)


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """How numbers are written in a column; 万 and 亿 behind a number multiply it wherever they stand."""

    options: NumberOptions
    expression: re.Pattern[str]

    @classmethod
    def of(cls, options: NumberOptions) -> NumberPattern:
        """Compile what a mapping says of a column's numbers."""
        whole = r"0|[1-9]\d*"
        if options.thousands is not None:
            whole = rf"[1-9]\d{{0,2}}(?:{re.escape(options.thousands)}\d{{3}})+|{whole}"
        signs = "|".join(re.escape(sign) for sign in options.currency)
        sign = rf"(?:(?:{signs})\s*)?" if signs else ""
        after = rf"(?:\s*(?:{signs}))?" if signs else ""
        behind = r"(?P<percent>\s*%)?" if options.percent else rf"(?:\s*(?P<times>[{''.join(_TIMES)}]))?"
        number = rf"(?P<whole>{whole})(?:{re.escape(options.decimal)}(?P<decimals>\d+))?"
        return cls(options, re.compile(rf"(?P<minus>-)?{sign}{number}{behind}{after}", re.ASCII))

    @property
    def example(self) -> str:
        """Return a number written so."""
        sign = self.options.currency[0] if self.options.currency else ""
        return f"{sign}1{self.options.thousands or ''}234{self.options.decimal}50{'%' * self.options.percent}"

    def read(self, text: str) -> Decimal | None:
        """Return the number of a text, None when it does not fit; of per cents only zero may lack the sign."""
        found = self.expression.fullmatch(narrow(text))
        if not found:
            return None
        parts = found.groupdict()
        whole = parts["whole"].replace(self.options.thousands or " ", "")
        exponent = -2 if self.options.percent else _TIMES.get(parts["times"], 0)
        number = Decimal(f"{parts['minus'] or ''}{whole}.{parts['decimals'] or '0'}E{exponent}")
        return None if self.options.percent and number and not parts["percent"] else number


PLAIN = NumberPattern.of(NumberOptions(Place("", 1, 1)))
"""Numbers in plain notation, which a column has that says nothing of them."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One period of the calendar.

    Attributes:
        since: Its first day.
        of: How long it is.
    """

    since: date
    of: PlanPeriod

    @classmethod
    def around(cls, day: date, of: PlanPeriod) -> Span:
        """Return the period a day lies in."""
        months = _MONTHS[of]
        return cls(date(day.year, (day.month - 1) // months * months + 1, 1), of)

    @property
    def last_day(self) -> date:
        """Return its last day."""
        month = self.since.month + _MONTHS[self.of] - 1
        return date(self.since.year, month, days_in_month(self.since.year, month))

    def __str__(self) -> str:
        number = (self.since.month - 1) // _MONTHS[self.of] + 1
        sign = {
            PlanPeriod.MONTH: f"-{number:02}",
            PlanPeriod.QUARTER: f"-Q{number}",
            PlanPeriod.HALF_YEAR: f"-H{number}",
        }
        return f"{self.since.year}{sign.get(self.of, '')}"
