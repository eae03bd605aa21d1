"""A case as whom it concerns reads it: what is to be found out, what it rests on, and how far it has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webadmin.mine import resting
from webadmin.mine.resting import Reader
from webadmin.recounting import Told
from webadmin.signals import cases
from webadmin.signals.cases import Case
from webadmin.store import naming
from webadmin.store.dated import Of


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A case about the reader.

    Attributes:
        note: What is to be found out; empty where nothing was written, None where the case names somebody else.
        evidence: The events it rests on that they may read, the oldest first.
        decided: Since when a decision about it is on record; None while there is none.
    """

    case: Case
    note: str | None
    evidence: Sequence[Told]
    decided: datetime | None


def inquiries(reader: Reader, found: Mapping[str, Case]) -> dict[str, Inquiry]:
    """Return cases as whom they concern reads them, by the same key."""
    decided = cases.decided(reader.connection, {each.id for each in found.values()})
    own = {reader.person, *naming.elsewhere(reader.connection, Of.PERSON, [reader.person])}
    return {
        key: Inquiry(case, _note(case, own), resting.events_of(reader, case.evidence), decided.get(case.id))
        for key, case in found.items()
    }


def _note(case: Case, own: Collection[str]) -> str | None:
    return case.note if case.manager is None or case.manager in own else None
