"""Changes of a text that touch nothing but the spans they replace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """One span of a text and what takes its place.

    Attributes:
        start: Offset where the span begins.
        end: Offset after it; equal to `start` where something is put in.
        text: What takes its place.
    """

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return a text with spans replaced that do not overlap.

    Example:
        >>> spliced("a: 1, b: 2", [Splice(9, 10, "3"), Splice(3, 4, "2")])
        'a: 2, b: 3'
    """
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text
