"""What has changed since a plan was calculated, in words: said when it is opened, and where it is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from sqlalchemy import Connection

from policy.values import Language
from webadmin import words
from webadmin.reassigning import applying
from webadmin.reassigning.applying import Drift, Sort
from webadmin.reassigning.keeping import Plan, State
from webadmin.store import naming
from webadmin.store.dated import Of
from webadmin.store.record import Record

MOST_TOLD = 5
"""Names or changes that are told one by one; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Drifted:
    """What of the record is not as a plan was calculated with.

    Attributes:
        told: The first changes, each as a sentence without its full stop.
        more: How many there are besides.
        newer: Whether another revision of the policy is in effect by now.
        gone: Whether no revision of it is in effect any more.
    """

    told: Sequence[str] = ()
    more: int = 0
    newer: bool = False
    gone: bool = False

    def __bool__(self) -> bool:
        """Say whether anything is different."""
        return bool(self.told or self.newer or self.gone)


def drifted(connection: Connection, record: Record, plan: Plan, language: Language) -> Drifted:
    """Return what has changed since a plan was calculated; nothing where it is carried out or proposes nothing."""
    if plan.proposal is None or plan.state is State.APPLIED:
        return Drifted()
    found = applying.drifts(connection, plan)
    told = sentences(connection, found[:MOST_TOLD], language)
    more = max(0, len(found) - MOST_TOLD)
    if plan.revision is not None:
        return Drifted(told, more)
    effective = {each.document: each.digest for each in record.catalogue.in_effect(connection, plan.day).values()}
    now = effective.get(plan.policy)
    return Drifted(told, more, newer=now not in (None, plan.proposal.digest), gone=now is None)


def sentences(connection: Connection, drifts: Sequence[Drift], language: Language) -> list[str]:
    """Return changes in words, each as a sentence without its full stop."""
    people = {each.id for each in drifts if each.of is Of.PERSON}
    people |= {name for each in drifts if each.sort is Sort.OWNER for name in (each.was, each.now) if name}
    found = naming.named(connection, Of.PERSON, people)
    found |= naming.named(connection, Of.CUSTOMER, [each.id for each in drifts if each.of is Of.CUSTOMER])

    def called(name: str) -> str:
        return found[name].to(language) if name in found else name or str(gettext("nobody"))

    return [_sentence(each, called) for each in drifts]


def _sentence(drift: Drift, called: Callable[[str], str]) -> str:
    was, now = (called(each) if drift.sort is Sort.OWNER else each for each in (drift.was, drift.now))
    return str(words.DRIFTS[drift.sort] % {"name": called(drift.id), "was": was, "now": now})


def in_one(told: Sequence[str], more: int) -> str:
    """Return changes as one text, with how many more there are."""
    text = str(gettext("; ")).join(told)
    if not more:
        return text
    return str(ngettext("%(told)s; and %(num)s more change", "%(told)s; and %(num)s more changes", more, told=text))


def of_people(names: Sequence[str]) -> str:
    """Return the first of some names, with how many more people there are."""
    who, more = _first(names)
    return (
        who
        if not more
        else str(ngettext("%(who)s and %(num)s more person", "%(who)s and %(num)s more people", more, who=who))
    )


def of_customers(names: Sequence[str]) -> str:
    """Return the first of some names, with how many more customers there are."""
    who, more = _first(names)
    return (
        who
        if not more
        else str(ngettext("%(who)s and %(num)s more customer", "%(who)s and %(num)s more customers", more, who=who))
    )


def _first(names: Sequence[str]) -> tuple[str, int]:
    return str(gettext(", ")).join(names[:MOST_TOLD]), max(0, len(names) - MOST_TOLD)
