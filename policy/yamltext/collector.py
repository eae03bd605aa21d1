"""Gathers findings of one text, and stops listing when a person could not read more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policy.errors import Finding, Place, did_you_mean
from policy.messages import CATALOGUE, Grade, Said

MOST_FINDINGS = 200
"""Errors of one text that are listed, and other findings likewise; then one note says that there are more."""

_MOST_SUGGESTIONS = 40

_LONGEST_LINE = 200
_LONGEST_WORD = 80


def shown(written: str) -> str:
    """Return what somebody wrote as findings repeat it: a long text only by its beginning."""
    return written if len(written) <= _LONGEST_WORD else f"{written[:_LONGEST_WORD]}…"


def around(before: str, changed: str, after: str) -> str:
    """Return a line as findings repeat it: of a long one, what stands around the change, with `…` for the rest."""
    before, after = before.lstrip(), after.rstrip()
    if len(before) + len(changed) + len(after) <= _LONGEST_LINE:
        return before + changed + after
    changed = changed if len(changed) <= _LONGEST_LINE // 2 else f"{changed[: _LONGEST_LINE // 2]}…"
    room = (_LONGEST_LINE - len(changed)) // 2
    before = before if len(before) <= room else f"…{before[len(before) - room :]}"
    return before + changed + (after if len(after) <= room else f"{after[:room]}…")


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
        if column <= self.start + 1:
            return column
        return max(self.start + 1, column - len(self.mended) + len(self.found))


class Collector:
    """The findings of one text, in the order in which they were found.

    Attributes:
        findings: What is listed so far.
        refused: Whether some finding, listed or not, refuses the text.
        full: Whether more errors would no longer be listed, so that reading on tells nobody anything.
    """

    def __init__(self, name: str, mends: Sequence[Mend] = ()) -> None:
        self.name = name
        self.findings: list[Finding] = []
        self.refused = False
        self.full = False
        self._mends = mends
        self._counts = {True: 0, False: 0}

    def place(self, line: int, column: int) -> Place:
        """Return the place, in the text as the author wrote it, of a place in the text as it is read."""
        for mend in reversed(self._mends):
            if mend.line == line:
                column = mend.original(column)
        return Place(self.name, line, column)

    def near(self, found: str, known: Iterable[str]) -> dict[str, Said]:
        """Return `did_you_mean`, for the first findings only: looking for it takes time."""
        return did_you_mean(found, known) if len(self.findings) < _MOST_SUGGESTIONS else {}

    def add(self, code: str, place: Place, length: int = 0, **values: Said) -> None:
        """Note a finding, unless as many of its weight are listed."""
        error = CATALOGUE[code].grade is Grade.ERROR
        self.refused = self.refused or error
        self._counts[error] += 1
        if self._counts[error] <= MOST_FINDINGS:
            self.findings.append(Finding(code, place, values, length))
        elif self._counts[error] == MOST_FINDINGS + 1:
            self.full = self.full or error
            self.findings.append(Finding("more-findings", place, {"limit": MOST_FINDINGS}))
