"""What verification found: per place the first thing that is wrong, how many there are, and what cannot be proven.

A place is a chain, or `revisions`, `publications`, `proposals`, `signals`, or `heads` for the files outside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from webadmin.store.heads import Trouble


class Wrong(StrEnum):
    """What can be wrong with an entry or a row."""

    ENTRY_MISSING = "entry-missing"
    ENTRY_DELETED = "entry-deleted"
    ENTRY_MOVED = "entry-moved"
    ENTRY_ALTERED = "entry-altered"
    ENTRY_TWICE = "entry-twice"
    ENTRY_FOREIGN = "entry-foreign"
    END_CUT = "end-cut"
    REWRITTEN = "rewritten"
    ROW_MISSING = "row-missing"
    ROW_UNCHAINED = "row-unchained"
    ROW_ALTERED = "row-altered"
    ROW_SWAPPED = "row-swapped"
    ROW_EMPTIED = "row-emptied"
    COLUMN_ALTERED = "column-altered"
    TERM_MISSING = "term-missing"
    TERM_ADDED = "term-added"
    TERM_MOVED = "term-moved"
    TEXT_ALTERED = "text-altered"
    TEXT_MISSING = "text-missing"
    NOT_LOADING = "not-loading"
    DIFFERENT = "recomputed-differently"
    UNDOCUMENTED = "undocumented"


class Open(StrEnum):
    """What cannot be proven, however sound everything is."""

    END = "end-open"
    HEADS = "no-heads"
    BEGINNING = "beginning-open"
    ERASED = "erased-contents"
    REDACTED = "redacted-contents"
    RECOMPUTED = "not-recomputed"
    UNANCHORED = "revision-unanchored"
    CONSULTATION = "consultation-outside"
    PART = "part-only"
    TABLES = "tables-outside"
    TRUTH = "truth-of-facts"
    KEY = "key-holder"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        place: Where: a chain, `revisions`, `publications`, `proposals`, `signals` or `heads`.
        wrong: What is wrong.
        seq: Number in its chain or of its publication; None where it has none.
        row: Id of the row; None where it is not known.
        values: What its sentence names.
    """

    place: str
    wrong: Wrong | Trouble
    seq: int | None = None
    row: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unproven:
    """One thing that cannot be proven, with what its sentence names."""

    what: Open
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Erasure:
    """An erasure whose traces were met.

    Attributes:
        by: Who erased.
        at: When, ISO 8601.
        emptied: How many rows it emptied.
        redacted: How many it took names out of.
    """

    by: str
    at: str
    reason: str
    emptied: int = 0
    redacted: int = 0


@dataclass(slots=True)
class Report:
    """What verification found.

    Attributes:
        checked: Place → rows that were looked at.
        first: Place → the first thing wrong there.
        counts: Place → what is wrong → how often.
        recomputed: Verdict → decisions.
        erasures: Audit entry → erasure.
        unproven: What cannot be proven.
        ends: Chain → the last number, of chains that were gone along to the end of what was asked for.
        confirmed: Chain → the last number that was found as it was exported.
        complete: False where it was cancelled.
        position: Chain and number it came to, from which it can go on; None at the beginning and at the end.
    """

    checked: Counter[str] = field(default_factory=Counter)
    first: dict[str, Finding] = field(default_factory=dict)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    recomputed: Counter[str] = field(default_factory=Counter)
    erasures: dict[str, Erasure] = field(default_factory=dict)
    unproven: list[Unproven] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    confirmed: dict[str, int] = field(default_factory=dict)
    complete: bool = False
    position: tuple[str, int] | None = None

    @property
    def holds(self) -> bool:
        """Say whether everything was checked and nothing is wrong."""
        return self.complete and not self.first

    @property
    def wrong(self) -> int:
        """Return how many things are wrong."""
        return sum(counter.total() for counter in self.counts.values())

    def add(self, finding: Finding) -> None:
        """Take note of something wrong."""
        self.first.setdefault(finding.place, finding)
        self.counts.setdefault(finding.place, Counter())[str(finding.wrong)] += 1

    def leave_open(self, what: Open, **values: object) -> None:
        """Take note of something that cannot be proven."""
        self.unproven.append(Unproven(what, {name: str(value) for name, value in values.items()}))

    def more(self) -> Iterator[tuple[str, str, int]]:
        """Yield place, what is wrong and how often, the first ones left out."""
        for place, counter in self.counts.items():
            for wrong, count in sorted(counter.items()):
                rest = count - (str(self.first[place].wrong) == wrong)
                if rest:
                    yield place, wrong, rest

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, from which `from_data` makes it again."""
        return {
            "holds": self.holds,
            "complete": self.complete,
            "position": None if self.position is None else list(self.position),
            "checked": dict(self.checked),
            "ends": dict(self.ends),
            "confirmed": dict(self.confirmed),
            "wrong": self.wrong,
            "first": {place: asdict(finding) for place, finding in self.first.items()},
            "counts": {place: dict(counter) for place, counter in self.counts.items()},
            "recomputed": dict(self.recomputed),
            "erasures": {name: asdict(each) for name, each in self.erasures.items()},
            "unproven": [{"what": str(each.what), **each.values} for each in self.unproven],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Report:
        """Return a report that goes on where this one stood; its numbers may be decimals."""
        return cls(
            _counter(data["checked"]),
            {place: _finding(each) for place, each in data["first"].items()},
            {place: _counter(each) for place, each in data["counts"].items()},
            _counter(data["recomputed"]),
            {name: _erasure(each) for name, each in data["erasures"].items()},
            ends=dict(_counter(data["ends"])),
            confirmed=dict(_counter(data["confirmed"])),
            position=None if data["position"] is None else (data["position"][0], int(data["position"][1])),
        )


def _counter(data: Mapping[str, Any]) -> Counter[str]:
    return Counter({name: int(count) for name, count in data.items()})


def _finding(data: Mapping[str, Any]) -> Finding:
    wrong = Wrong(data["wrong"]) if data["wrong"] in set(Wrong) else Trouble(data["wrong"])
    seq = None if data["seq"] is None else int(data["seq"])
    return Finding(data["place"], wrong, seq, data["row"], data["values"])


def _erasure(data: Mapping[str, Any]) -> Erasure:
    return Erasure(data["by"], data["at"], data["reason"], int(data["emptied"]), int(data["redacted"]))
