"""One input of a form for each type of field: what is typed there becomes a value of facts.

A control checks the form of what was typed (a number is a number); whether the value is allowed, required or in
its bounds is the engine's to say. Nothing typed means the value is not given.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from wtforms import Field as Control

from policy.errors import AsOfError
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.instants import AsOf
from policy.numerals import digits as digits_of
from policy.values import plain

LONGEST_TEXT = 2_000
LONGEST_AREA = 20_000

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)


_YES, _NO = ("true", "yes", "是"), ("false", "no", "否")


class TextControl(Control):
    """A line of text."""

    shape = "text"
    longest = LONGEST_TEXT

    def __init__(self, declared: Field, **options: Any) -> None:
        super().__init__(**options)
        self.declared = declared

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; None where nothing was."""
        text = valuelist[0].strip() if valuelist else ""
        if len(text) > self.longest:
            raise ValueError(gettext("at most %(count)s characters fit here", count=self.longest))
        self.data = self.read(text) if text else None

    def read(self, text: str) -> Any:
        """Return the value of what was typed."""
        return text


class NumberControl(TextControl):
    """A number: `1234.5`, `1,234.5` or `12.5%`, full-width digits and numerals (五十万, 三成五) too."""

    shape = "number"

    def read(self, text: str) -> Decimal:
        """Return the number, exactly as typed."""
        return number(text)


class DateControl(TextControl):
    """A day: the browser's own picker writes it as `2026-03-01`."""

    shape = "date"

    @property
    def is_day(self) -> bool:
        """Say whether the picker can show what stands here: a day, or nothing."""
        return not self._value() or bool(_DAY.fullmatch(self._value()))


class DayControl(DateControl):
    """A day, or an instant with offset; an instant that is there already is kept."""

    def read(self, text: str) -> str:
        """Return it as typed."""
        try:
            AsOf.read(text, "UTC")
        except AsOfError as error:
            raise ValueError(gettext("“%(text)s” is not a day; write it as in 2026-03-01", text=text[:80])) from error
        return text


class EventsControl(TextControl):
    """Events, as a JSON list of objects."""

    shape = "json"
    longest = LONGEST_AREA

    def read(self, text: str) -> list[Any]:
        """Return the events."""
        found = from_json(text)
        if not isinstance(found, list):
            raise ValueError(gettext("expected a list of events: [{…}, {…}]"))  # noqa: TRY004 - WTForms shows these beside the input
        return found


class ChoiceControl(TextControl):
    """One of the values allowed, or none; `choices` says them as typed."""

    shape = "choice"

    @property
    def choices(self) -> dict[str, Any]:
        """Return typed text → value."""
        return {shown(value): value for value in self.declared.one_of or ()}

    def read(self, text: str) -> Any:
        """Return the value chosen."""
        if text not in self.choices:
            raise ValueError(gettext("“%(text)s” is not one of the values offered", text=text[:80]))
        return self.choices[text]


class FlagControl(ChoiceControl):
    """Yes, no, or not said."""

    shape = "flag"

    @property
    def choices(self) -> dict[str, Any]:
        """Return typed text → value."""
        return {"true": True, "false": False}

    def read(self, text: str) -> Any:
        """Return the value of what was chosen, or typed in a file."""
        return flag(text)


class ManyControl(ChoiceControl):
    """Any of the values allowed."""

    shape = "many"

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the boxes ticked, in the order of the declaration."""
        ticked = [self.read(text) for text in valuelist if text]
        self.data = [value for value in self.choices.values() if value in ticked] or None


class LinesControl(TextControl):
    """A list: one item on each line."""

    shape = "lines"
    longest = LONGEST_AREA

    def read(self, text: str) -> list[Any]:
        """Return the items of the lines that hold something."""
        item = _READERS.get(self.declared.of, str)
        return [item(line.strip()) for line in text.splitlines() if line.strip()]


class JsonControl(TextControl):
    """A value with a form of its own, as JSON."""

    shape = "json"
    longest = LONGEST_AREA

    def read(self, text: str) -> Any:
        """Return the value, numbers as exact decimals."""
        return from_json(text)


def number(text: str) -> Decimal:
    """Read a number a person typed.

    Raises:
        ValueError: it is none; the text says what is expected.
    """
    plain_text = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()
    if not _NUMBER.fullmatch(plain_text.removesuffix("%").rstrip()):
        plain_text = digits_of(plain_text)
    digits = plain_text.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(digits):
        raise ValueError(gettext("“%(text)s” is not a number; write it as in 1234.50", text=text[:80]))
    digits = digits.replace(",", "")
    return Decimal(f"{digits}E-2" if plain_text.endswith("%") else digits)


def flag(text: str) -> bool:
    """Read yes or no as people write it, in either language."""
    word = text.strip().casefold()
    if word not in {*_YES, *_NO}:
        raise ValueError(gettext("“%(text)s” is neither true nor false", text=text[:80]))
    return word in _YES


def from_json(text: str) -> Any:
    """Read JSON, numbers as exact decimals.

    Raises:
        ValueError: it is no JSON; the text says where it breaks off.
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(
            gettext("this is not JSON: line %(line)s, column %(column)s", line=error.lineno, column=error.colno)
        ) from error
    except RecursionError as error:
        raise ValueError(gettext("this JSON is nested too deeply")) from error


def _no_constant(name: str) -> Any:
    raise ValueError(gettext("“%(text)s” is not a number; write it as in 1234.50", text=name))


def shown(value: Any) -> str:
    """Write a value as a person would type it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, Decimal) else str(value)


_READERS: dict[FieldType | None, Callable[[str], Any]] = {FieldType.NUMBER: number, FieldType.BOOLEAN: flag}

_CONTROLS: dict[FieldType, type[TextControl]] = {
    FieldType.NUMBER: NumberControl,
    FieldType.BOOLEAN: FlagControl,
    FieldType.DATE: DateControl,
    FieldType.CONTEXT: JsonControl,
}


def control_of(declared: Field) -> type[TextControl]:
    """Return the kind of control that suits a field."""
    if declared.type is FieldType.LIST:
        if declared.of in {None, FieldType.CONTEXT, FieldType.LIST}:
            return JsonControl
        return ManyControl if declared.one_of else LinesControl
    if declared.one_of:
        return ChoiceControl
    return _CONTROLS.get(declared.type, TextControl)
