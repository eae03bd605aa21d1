"""What the people a signal concerns say about it, and about the case that was opened because of it.

A statement answers a case where it is about the case, or was made after that had been opened; an older one was made
before anybody could know of the case. Nobody reads here what they said themselves, nor anything about themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from webadmin import impartial
from webadmin.access.members import Member
from webadmin.access.rights import Right
from webadmin.signalled import one
from webadmin.signalled.service import Line, Reader
from webadmin.signals.concerning import PATHS
from webadmin.store import contests, dated, naming
from webadmin.store.contests import Contested, Sort, Verdict
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.store.tables import EVENT_TERMS

MOST_SAID = 1000
"""Contests that are looked through for what people say to the signals of a page."""

FEW = 3
"""Statements that stand open; older ones are folded."""


@dataclass(frozen=True, slots=True)
class Said:
    """One statement.

    Attributes:
        who: Whose it is; an id where nobody of that id is known.
        answers: Whether it answers the case.
        is_barred: Whether it waits and the reader had a part in what it is about, so that somebody else answers.
    """

    contested: Contested
    who: Named | str
    answers: bool
    is_barred: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What people say about one signal and its case, the oldest first.

    Attributes:
        every: All of it; empty where the reader may not read it.
        is_own: Whether the signal is about the reader, who reads nothing of it here.
    """

    every: Sequence[Said] = ()
    is_own: bool = False

    @property
    def older(self) -> Sequence[Said]:
        """Return what is folded."""
        return self.every[:-FEW]

    @property
    def newest(self) -> Sequence[Said]:
        """Return what stands open."""
        return self.every[-FEW:]

    @property
    def answer(self) -> Said | None:
        """Return the newest answer to the case that was not taken back."""
        return next((each for each in reversed(self.every) if each.answers and _stands(each)), None)

    @property
    def before(self) -> Said | None:
        """Return the newest statement that was made before the case was opened, and was not taken back."""
        return next((each for each in reversed(self.every) if not each.answers and _stands(each)), None)


def _stands(each: Said) -> bool:
    answer = each.contested.answer
    return answer is None or answer.verdict is not Verdict.WITHDRAWN


def heard(reader: Reader, member: Member, lines: Sequence[Line]) -> dict[str, Heard]:
    """Return what is said about signals and their cases by people whom the reader sees, by the signal."""
    own = {line.kept.id for line in lines if one.is_about(reader, line.kept, member.person)}
    open_to = [line for line in lines if line.kept.id not in own and member.may(Right.CONTESTS)]
    about = {(str(Sort.SIGNAL), line.kept.id): line for line in open_to}
    about |= {(str(Sort.CASE), line.case.id): line for line in open_to if line.case is not None}
    found: dict[str, list[Said]] = {line.kept.id: [] for line in lines}
    for line, each in _said(reader, member, about):
        found[line.kept.id].append(each)
    return {name: Heard(every, name in own) for name, every in found.items()}


def _said(reader: Reader, member: Member, about: Mapping[tuple[str, str], Line]) -> Iterator[tuple[Line, Said]]:
    """Yield statements about signals and cases, the oldest first, each with its signal."""
    events = {name for line in about.values() for name in line.kept.finding.events}
    people = {name for name in _named(reader.connection, events) if reader.circle.sees(Of.PERSON, name)}
    asked = contests.Query(people=people - {member.person})
    told = [
        each
        for each in contests.search(reader.connection, asked, MOST_SAID)
        if each.key in about and each.actor != member.actor
    ]
    names = naming.named(reader.connection, Of.PERSON, {each.person for each in told})
    barred = impartial.barred(reader.connection, member, told, reader.act.today)
    for each in reversed(told):
        line = about[each.key]
        answers = line.case is not None and (each.sort is Sort.CASE or each.at >= line.case.at)
        yield line, Said(each, names.get(each.person, each.person), answers, each.id in barred)


def _named(connection: Connection, events: Iterable[str]) -> set[str]:
    """Return the people some events name, by their own ids."""
    columns = EVENT_TERMS.c
    names = or_(*(columns.term.startswith(f"{path}=") for path in PATHS))
    found = {
        held.partition("=")[2]
        for chunk in dated.chunks(sorted(events))
        for held in connection.execute(select(columns.term).where(columns.row_id.in_(chunk), names)).scalars()
    }
    return {each.id for each in naming.named(connection, Of.PERSON, found).values()}
