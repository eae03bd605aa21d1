"""Exported heads laid beside the chains: the end that was cut off, and what was written anew with links that fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from webadmin.store.chain import Chain, Head
from webadmin.store.heads import Heads, Outside, Trouble, link_at
from webadmin.store.report import Finding, Open, Report, Wrong


@dataclass(frozen=True, slots=True, order=True)
class Exported:
    """One exported end of a chain."""

    seq: int
    link: bytes
    at: datetime


@dataclass(slots=True)
class Marks:
    """The exported ends of every chain, in order, and how far each chain was compared with them.

    Attributes:
        confirmed: Chain → the last number that was found as it was exported.
    """

    exported: Mapping[Chain, list[Exported]] = field(default_factory=dict)
    confirmed: dict[str, int] = field(default_factory=dict)
    _next: dict[Chain, int] = field(default_factory=dict)

    def passed(self, chain: Chain, seq: int, links: Collection[bytes], report: Report) -> None:
        """Compare an entry with what was exported of it.

        Args:
            chain: Its chain.
            seq: Its number; numbers rise from call to call.
            links: The link it has, and the one it should have; if one of them was exported the chain up to it holds.
            report: Where a difference is noted.
        """
        ends = self.exported.get(chain, [])
        at = self._next.get(chain, 0)
        while at < len(ends) and ends[at].seq <= seq:
            if ends[at].seq == seq and ends[at].link in links:
                self.confirmed[str(chain)] = seq
            elif ends[at].seq == seq:
                since = self.confirmed.get(str(chain), 0) + 1
                values = {"since": str(since), "until": str(seq), "at": ends[at].at.isoformat()}
                report.add(Finding(str(chain), Wrong.REWRITTEN, seq, None, values))
            at += 1
        self._next[chain] = at

    def finish(self, chain: Chain, end: Head, report: Report) -> None:
        """Compare the end of a chain with the last one exported."""
        ends = self.exported.get(chain, [])
        if ends and ends[-1].seq > end.seq:
            values = {"until": str(ends[-1].seq), "at": ends[-1].at.isoformat()}
            report.add(Finding(str(chain), Wrong.END_CUT, end.seq + 1, None, values))

    def leave_open(self, report: Report) -> None:
        """Say what lies before the first and after the last exported heads."""
        for chain, end in report.ends.items():
            exported = self.exported.get(Chain(chain), [])
            last = exported[-1].seq if exported else 0
            if end > last:
                report.leave_open(Open.END, chain=chain, since=last + 1, until=end)
        if any(self.exported.values()):
            first = min(each[0].at for each in self.exported.values() if each)
            report.leave_open(Open.BEGINNING, at=first.isoformat())


def check_heads(connection: Connection, outside: Outside | None, report: Report) -> Marks:
    """Return the exported ends that are this database's, and note those that cannot be relied on."""
    if outside is None:
        report.leave_open(Open.HEADS)
        return Marks()
    for each in outside.troubles:
        if each.trouble is Trouble.NONE:
            report.leave_open(Open.HEADS)
        else:
            report.add(Finding("heads", each.trouble, None, None, {"where": each.where}))
    firsts = {chain: link_at(connection, chain, 1) for chain in Chain}
    own = [each for each in outside.heads if _is_own(each, firsts)]
    if len(own) < len(outside.heads):
        report.add(Finding("heads", Trouble.OTHER, None, None, {"where": ", ".join(Chain)}))
    return Marks({chain: _ends(own, chain) for chain in Chain})


def _is_own(heads: Heads, firsts: Mapping[Chain, bytes | None]) -> bool:
    """Say whether heads are of this database: at least one chain begins as it did."""
    return not heads.marks or any(firsts[chain] == mark.first for chain, mark in heads.marks.items())


def _ends(heads: list[Heads], chain: Chain) -> list[Exported]:
    marks = ((each.marks[chain], each.at) for each in heads if chain in each.marks)
    first_told: dict[tuple[int, bytes], datetime] = {}
    for mark, at in marks:
        first_told.setdefault((mark.seq, mark.link), at)
    return sorted(Exported(seq, link, at) for (seq, link), at in first_told.items())
