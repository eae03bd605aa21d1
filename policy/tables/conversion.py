"""Turns the text of a cell into the value of an input, as the mapping says it is written."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from policy.errors import Problem
from policy.feel import temporal
from policy.model.document import FieldType
from policy.model.fields import Field, folded
from policy.model.reading import from_plain, from_text
from policy.tables.document import ColumnOptions, FactSource
from policy.tables.formats import PLAIN, DayPattern, NumberPattern, year_first
from policy.tables.rowfile import Literal
from policy.values import Text, plain

PLAIN_NUMBER = Field("", FieldType.NUMBER)

Read = tuple[Any, list[Problem]]
"""A value and its problems; with problems the value must not be used."""


@dataclass(frozen=True, slots=True)
class Written:
    """How a column is written; None: days as ISO 8601, numbers in plain notation."""

    day: DayPattern | None = None
    pattern: str = ""
    number: NumberPattern | None = None

    @classmethod
    def of(cls, options: ColumnOptions | None) -> Written:
        """Compile what a mapping says of a column.

        Raises:
            PatternError: its pattern of days cannot be used.
        """
        if options is None:
            return cls()
        day = None if options.date is None else DayPattern.of(options.date)
        return cls(day, options.date or "", None if options.number is None else NumberPattern.of(options.number))

    def read(self, field: Field, text: str) -> Read:
        """Read a cell for a field."""
        if isinstance(text, Literal):
            return self._literal(field, text)
        if field.type is FieldType.NUMBER and self.number is not None:
            return self._number(self.number, field, text)
        if field.type in (FieldType.DATE, FieldType.DATE_TIME) and self.day is not None:
            moment = self.day.read(text)
            if moment is None:
                return None, [Problem("table-day", "", {"found": text, "expected": self.pattern})]
            return from_plain(field, moment if field.type is FieldType.DATE_TIME else moment.date())
        read = from_text(field, text)
        sure = _sure(field, text) if read[1] else None
        return read if sure is None else from_plain(field, sure)

    def as_of(self, text: str) -> Read:
        """Read the day a decision is for, or the instant with offset, as ISO 8601 text."""
        if self.day is not None:
            value, problems = self.read(Field("", FieldType.DATE), text)
            return str(value), problems
        moment = year_first(text) or temporal.read_date_time(text)
        if isinstance(moment, date):
            return str(moment), []
        if moment is None or (moment.is_local and "T" in text):
            expected = Text("日期，或带时区偏移的日期时间", "a date, or a date and time with an offset from UTC")
            return None, [Problem("value-form", "", {"found": text, "expected": expected})]
        return str(text), []

    def _literal(self, field: Field, text: Literal) -> Read:
        """Read a cell that needs no pattern; where the pattern of days has times, a day is meant without its time."""
        is_day_of_moment = field.type is FieldType.DATE and self.day is not None
        return from_text(field, text.partition("T")[0] if is_day_of_moment else str(text))

    def _number(self, pattern: NumberPattern, field: Field, text: str) -> Read:
        value = pattern.read(text)
        if value is None:
            return None, [Problem("table-number", "", {"found": text, "expected": pattern.example})]
        return from_plain(field, value)


def _sure(field: Field, text: str) -> Any:
    """Return what a text means that is in no plain notation and yet can mean one thing only; None for any other."""
    if field.type is FieldType.NUMBER:
        return PLAIN.read(text)
    return year_first(text) if field.type is FieldType.DATE else None


@dataclass(frozen=True, slots=True)
class Conversion:
    """From the text of one column to the value of one input.

    Attributes:
        values: Words of the file → of the input, as the mapping says.
        meanings: What people call the values of the input, folded → the value; what the mapping says comes first.
    """

    field: Field
    written: Written
    values: Mapping[str, str]
    bands: tuple[tuple[Decimal, str], ...]
    split: str | None
    meanings: Mapping[str, str]

    @classmethod
    def of(cls, field: Field, source: FactSource, written: Written) -> Conversion:
        """Compile what a mapping says of an input."""
        bands = tuple((step.from_, step.value) for step in source.bands)
        values = {each.from_: each.to for each in source.values}
        return cls(field, written, values, bands, source.split, _meanings(field))

    def read(self, text: str) -> Read:
        """Read a cell that is not empty."""
        if self.split is not None and self.field.of is not None:
            return self._list(text, self.split, dataclasses.replace(self.field, type=self.field.of, of=None))
        return self._one(self.field, text)

    def _list(self, text: str, separator: str, item: Field) -> Read:
        if isinstance(text, Literal):
            value, problems = self._one(item, text)
            return [value], problems
        read = [self._one(item, each.strip()) for each in text.split(separator) if each.strip()]
        return [value for value, _ in read], [problem for _, problems in read for problem in problems]

    def _one(self, field: Field, text: str) -> Read:
        if self.bands:
            return self._banded(field, text)
        if text in self.values:
            return from_text(field, self.values[text])
        meant = self.meanings.get(folded(text)) if self.meanings and text not in field.known else None
        return self.written.read(field, text) if meant is None else from_text(field, meant)

    def _banded(self, field: Field, text: str) -> Read:
        number, problems = self.written.read(PLAIN_NUMBER, text)
        if problems:
            return None, problems
        reached = [value for least, value in self.bands if least <= number]
        if not reached:
            return None, [Problem("table-below-bands", "", {"found": text, "expected": plain(self.bands[0][0])})]
        return from_text(field, reached[-1])


def _meanings(field: Field) -> Mapping[str, str]:
    return field.meanings if FieldType.STRING in (field.type, field.of) else {}
