"""What a message is: a grade and one whole sentence per language; and how a number chooses between two words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from policy.values import Text

Said = str | int | Text | tuple[str, ...]
"""A value a sentence can name."""


class Grade(StrEnum):
    """How much a finding weighs: an error refuses the text, a warning asks to look, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence in two languages, with `{name}` where a value stands; lower case, no full stop.

    `{count:row|rows}` stands for the first word where the value is 1, else for the second.

    Attributes:
        en: English template.
        zh: Simplified Chinese template.
        grade: Grade of the findings with this code.
    """

    en: str
    zh: str
    grade: Grade = Grade.ERROR


_CHOICE = re.compile(r"\{\w+:(?:[^|{}]|\{\w+\})*\|((?:[^{}]|\{\w+\})*)\}")


class _Counting(Formatter):
    def format_field(self, value: object, format_spec: str) -> str:
        """Return one of two words where a choice stands, else the value as its format has it."""
        one, choice, many = format_spec.partition("|")
        if choice:
            return one if str(value) == "1" else many
        return str(super().format_field(value, format_spec))


def filled(template: str, values: Mapping[str, object]) -> str:
    """Return a template with its values, and the words that go with their numbers.

    Raises:
        KeyError: the template names a value that is not given.

    Example:
        >>> filled("{count} {count:row|rows}", {"count": 1})
        '1 row'
    """
    return _Counting().vformat(template, (), values)


def in_plural(template: str) -> str:
    """Return a template as it reads with a number other than 1, for whoever looks at it without its values."""
    return _CHOICE.sub(r"\1", template)
