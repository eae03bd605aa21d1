"""Finds people, customers, policies and decisions by what somebody typed, a few of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from policy.engine import Policies
from policy.model.document import PolicyDocument
from policy.values import Text
from webadmin.access.circle import Circle
from webadmin.access.members import Member
from webadmin.access.rights import Right
from webadmin.library import title_of
from webadmin.store import naming, sifting
from webadmin.store.dated import Of
from webadmin.store.decisions import Found
from webadmin.store.naming import Named

MOST = 8
"""Things of one sort that are shown."""

LONGEST = 100
"""Characters that are looked for; of more only the first."""

_LOOKED_AT = 50
"""Decisions looked at for those the reader may see."""

_SHORTEST_PREFIX = 4
_SHORTEST_SUBJECT = 2


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found; empty where nothing was typed."""

    people: Sequence[Named] = ()
    customers: Sequence[Named] = ()
    policies: Sequence[tuple[str, Text]] = ()
    shared: Sequence[tuple[str, Text]] = ()
    decisions: Sequence[Found] = ()

    @property
    def any(self) -> bool:
        """Say whether something was found."""
        return bool(self.people or self.customers or self.policies or self.shared or self.decisions)


def cleaned(text: str) -> str:
    """Return what is looked for: at most `LONGEST` characters, none of them invisible."""
    return "".join(each for each in text if each.isprintable()).strip()[:LONGEST]


def found(connection: Connection, text: str, member: Member, circle: Circle, policies: Policies) -> Hits:
    """Find what the member may see.

    Args:
        connection: To the record.
        text: As `cleaned` returns it.
        member: Who looks.
        circle: Whom that is shown.
        policies: Those in effect.
    """
    if not text:
        return Hits()
    return Hits(
        called(connection, Of.PERSON, text, circle),
        called(connection, Of.CUSTOMER, text, circle),
        _policies(policies, text) if member.may(Right.READ) else (),
        _shared(policies, text) if member.may(Right.READ) else (),
        _decisions(connection, text, circle) if member.may(Right.TEAM) else (),
    )


def called(connection: Connection, of: Of, text: str, circle: Circle) -> list[Named]:
    """Return people or customers whose id or name holds the text, in any case, and those other systems call so."""
    exact = naming.named(connection, of, [text]).values()
    result = {each.id: each for each in exact if circle.sees(of, each.id)}
    seen = (each for each in naming.holding(connection, of, text) if circle.sees(of, each.id))
    for each in islice(seen, MOST):
        result[each.id] = each
    return list(result.values())[:MOST]


def _policies(policies: Policies, text: str) -> list[tuple[str, Text]]:
    return _titled(((name, policy.title) for name, policy in sorted(policies.items())), text)


def _shared(policies: Policies, text: str) -> list[tuple[str, Text]]:
    """Return the reference tables and the vocabulary."""
    others = [each for each in policies.documents if not isinstance(each, PolicyDocument)]
    return _titled(sorted((each.place.source, title_of(each)) for each in others), text)


def _titled(named: Iterable[tuple[str, Text]], text: str) -> list[tuple[str, Text]]:
    wanted = text.lower()
    return [each for each in named if any(wanted in word.lower() for word in (each[0], each[1].zh, each[1].en))][:MOST]


def _decisions(connection: Connection, text: str, circle: Circle) -> list[Found]:
    wanted = text.lower()
    is_prefix = len(wanted) >= _SHORTEST_PREFIX and set(wanted) <= set("0123456789abcdef-")
    names = sifting.beginning_with(connection, wanted, _LOOKED_AT) if is_prefix else []
    names += sifting.about(connection, text, _LOOKED_AT) if len(text) >= _SHORTEST_SUBJECT else []
    seen = circle.readable(connection, list(dict.fromkeys(names)))
    return sifting.rows(connection, seen[:MOST])
