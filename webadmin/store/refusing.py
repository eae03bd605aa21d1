"""How the record says no: with a word that stays the same, and what its sentence names."""

from __future__ import annotations

from enum import StrEnum


class RefusedError(Exception):
    """What was asked of the record is refused; nothing was written.

    Attributes:
        why: A word that stays the same; each part of the record has its own.
        values: What its sentence names.
    """

    def __init__(self, why: StrEnum, **values: str) -> None:
        super().__init__(f"{why}: {values}")
        self.why = why
        self.values = values
