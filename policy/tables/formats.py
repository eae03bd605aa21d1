"""How days, numbers and periods are written in files, said explicitly; nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

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
        found = self.expression.fullmatch(text)
        if not found:
            return None
        parts = {name: int(digits) for name, digits in found.groupdict().items()}
        try:
            return datetime(**parts)  # type: ignore[arg-type]  # noqa: DTZ001 - files hold wall clock readings
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """How numbers are written in a column."""

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
        percent = r"\s*%" if options.percent else ""
        number = rf"(?P<whole>{whole})(?:{re.escape(options.decimal)}(?P<decimals>\d+))?"
        return cls(options, re.compile(rf"(?P<minus>-)?{sign}{number}{after}{percent}", re.ASCII))

    @property
    def example(self) -> str:
        """Return a number written so."""
        sign = self.options.currency[0] if self.options.currency else ""
        return f"{sign}1{self.options.thousands or ''}234{self.options.decimal}50{'%' * self.options.percent}"

    def read(self, text: str) -> Decimal | None:
        """Return the number of a text, None when it does not fit."""
        found = self.expression.fullmatch(text)
        if not found:
            return None
        whole = found["whole"].replace(self.options.thousands or " ", "")
        exponent = -2 if self.options.percent else 0
        return Decimal(f"{found['minus'] or ''}{whole}.{found['decimals'] or '0'}E{exponent}")


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
