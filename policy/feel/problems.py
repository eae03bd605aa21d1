"""Why an expression gave null: the reasons, kept only when somebody asks for them.

An error of meaning (text compared with a number, division by zero) never raises: its value is null, and the reason
is noted. Bounds of cost do raise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from policy.errors import said
from policy.messages import Said
from policy.values import Language

MOST_NOTES = 100
"""Reasons kept of one evaluation at most."""


@dataclass(frozen=True, slots=True)
class Note:
    """The reason for one null.

    Attributes:
        code: Stable name; a key of `policy.messages.CATALOGUE`.
        values: What its sentence names.
    """

    code: str
    values: Mapping[str, Said] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """Return its sentence."""
        return said(self.code, self.values, language)

    def __str__(self) -> str:
        return self.text(Language.EN)


_notes: ContextVar[list[Note] | None] = ContextVar("_notes", default=None)


@contextmanager
def noting(problems: list[Note] | None) -> Iterator[None]:
    """Collect the reasons of everything evaluated inside into `problems`."""
    if problems is None:
        yield
        return
    token = _notes.set(problems)
    try:
        yield
    finally:
        _notes.reset(token)


def fail(code: str, **values: Said) -> Any:
    """Note the reason of a null, and return that null."""
    notes = _notes.get()
    if notes is not None and len(notes) < MOST_NOTES:
        notes.append(Note(code, values))
    return None
