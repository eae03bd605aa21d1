"""Chance that is none: numbers that look drawn and follow from a name alone, on every machine and version."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Draws one number after the other.

    Args:
        name: The same name draws the same numbers.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._drawn = 0

    def below(self, bound: int) -> int:
        """Return a number from 0 up to `bound`, which is left out."""
        self._drawn += 1
        digest = hashlib.sha256(f"{self._name}/{self._drawn}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % bound

    def between(self, least: int, most: int) -> int:
        """Return a number from `least` to `most`, both included."""
        return least + self.below(most - least + 1)

    def happens(self, percent: int) -> bool:
        """Say yes so many times out of a hundred."""
        return self.below(100) < percent

    def one_of(self, choices: Sequence[T]) -> T:
        """Return one of several."""
        return choices[self.below(len(choices))]

    def some_of(self, choices: Sequence[T], count: int) -> list[T]:
        """Return so many different ones, in their order."""
        left = list(range(len(choices)))
        chosen = [left.pop(self.below(len(left))) for _ in range(min(count, len(choices)))]
        return [choices[index] for index in sorted(chosen)]
