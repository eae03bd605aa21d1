"""What a message is: a grade and one whole sentence per language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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

    Attributes:
        en: English template.
        zh: Simplified Chinese template.
        grade: Grade of the findings with this code.
    """

    en: str
    zh: str
    grade: Grade = Grade.ERROR
