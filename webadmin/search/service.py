"""Finds people, customers, policies, what stands in these, and decisions by what somebody typed, a few of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from policy.model.document import Document, PolicyDocument
from policy.values import Text
from webadmin.access.circle import Circle
from webadmin.access.members import Member
from webadmin.access.rights import Right
from webadmin.library import title_of
from webadmin.search import inside
from webadmin.search.inside import Part
from webadmin.search.titles import Titled
from webadmin.spelling import is_spelled
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
    policies: Sequence[Titled] = ()
    shared: Sequence[tuple[str, Text]] = ()
    parts: Sequence[Part] = ()
    decisions: Sequence[Found] = ()

    @property
    def any(self) -> bool:
        """Say whether something was found."""
        return bool(self.any_named or self.parts)

    @property
    def any_named(self) -> bool:
        """Say whether something was found that is called so, and not only what stands inside it."""
        return bool(self.people or self.customers or self.policies or self.shared or self.decisions)


def cleaned(text: str) -> str:
    """Return what is looked for: at most `LONGEST` characters, none of them invisible."""
    return "".join(each for each in text if each.isprintable()).strip()[:LONGEST]


def found(
    connection: Connection,
    text: str,
    member: Member,
    circle: Circle,
    policies: Iterable[Titled],
    documents: Sequence[Document],
) -> Hits:
    """Find what the member may see.

    Args:
        connection: To the record.
        text: As `cleaned` returns it.
        member: Who looks.
        circle: Whom that is shown.
        policies: All there are.
        documents: Those in effect.
    """
    if not text:
        return Hits()
    return Hits(
        called(connection, Of.PERSON, text, circle),
        called(connection, Of.CUSTOMER, text, circle),
        _policies(policies, text) if member.may(Right.READ) else (),
        _shared(documents, text) if member.may(Right.READ) else (),
        inside.found(documents, text) if member.may(Right.READ) else (),
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


def _policies(policies: Iterable[Titled], text: str) -> list[Titled]:
    found = [each for each in policies if _is_called(each.name, each.title, text)]
    return sorted(found, key=lambda each: each.state != "")[:MOST]


def _shared(documents: Iterable[Document], text: str) -> list[tuple[str, Text]]:
    """Return the reference tables and the vocabulary."""
    others = [each for each in documents if not isinstance(each, PolicyDocument)]
    named = sorted((each.place.source, title_of(each)) for each in others)
    return [(name, title) for name, title in named if _is_called(name, title, text)][:MOST]


def _is_called(name: str, title: Text, text: str) -> bool:
    """Say whether the id and the titles hold each word of a text, in any case and order, or are spelled so."""
    held = [each.lower() for each in (name, title.zh, title.en)]
    return all(any(word in each for each in held) or is_spelled(title.zh, word) for word in text.lower().split())


def _decisions(connection: Connection, text: str, circle: Circle) -> list[Found]:
    wanted = text.lower()
    is_prefix = len(wanted) >= _SHORTEST_PREFIX and set(wanted) <= set("0123456789abcdef-")
    names = sifting.beginning_with(connection, wanted, _LOOKED_AT) if is_prefix else []
    names += sifting.about(connection, text, _LOOKED_AT) if len(text) >= _SHORTEST_SUBJECT else []
    seen = circle.readable(connection, list(dict.fromkeys(names)))
    return sifting.rows(connection, seen[:MOST])
