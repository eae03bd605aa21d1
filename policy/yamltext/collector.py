"""Gathers findings of one text, and stops listing when a person could not read more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy.errors import Finding, Place
from policy.messages import CATALOGUE, Grade, Said

MOST_FINDINGS = 200
"""Findings of one text that are listed; after them one note says that there are more."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A change inside one line that lets YAML read on.

    Attributes:
        line: Line, from 1.
        start: Offset in the line where the change begins, from 0.
        found: What stood there.
        mended: What stands there instead.
    """

    line: int
    start: int
    found: str
    mended: str

    def original(self, column: int) -> int:
        """Return the column, in the line as it was, of a column of the mended line; both from 1."""
        inside = column - 1 - self.start
        if inside <= 0:
            return column
        if inside >= len(self.mended):
            return column - len(self.mended) + len(self.found)
        return self.start + 1 + min(max(inside - 1, 0), len(self.found) - 1)


class Collector:
    """The findings of one text, in the order in which they were found.

    Attributes:
        findings: What is listed so far.
        refused: Whether some finding, listed or not, refuses the text.
    """

    def __init__(self, name: str, mends: Sequence[Mend] = ()) -> None:
        self.name = name
        self.findings: list[Finding] = []
        self.refused = False
        self._mends = mends

    @property
    def full(self) -> bool:
        """Say whether more findings would no longer be listed."""
        return len(self.findings) > MOST_FINDINGS

    def place(self, line: int, column: int) -> Place:
        """Return the place, in the text as the author wrote it, of a place in the text as it is read."""
        for mend in reversed(self._mends):
            if mend.line == line:
                column = mend.original(column)
        return Place(self.name, line, column)

    def add(self, code: str, place: Place, length: int = 0, **values: Said) -> None:
        """Note a finding, unless the list is full."""
        self.refused = self.refused or CATALOGUE[code].grade is Grade.ERROR
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(code, place, values, length))
        elif not self.full:
            self.findings.append(Finding("more-findings", place, {"limit": MOST_FINDINGS}))
