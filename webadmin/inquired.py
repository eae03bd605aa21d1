"""The cases that wait for what whoever they concern says: open, and not answered by them yet."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from webadmin.signals import cases
from webadmin.signals.cases import Case
from webadmin.signals.concerning import concerning, terms_of
from webadmin.store import contests
from webadmin.store.contests import Contested, Sort, Verdict

MOST = 50
"""Signals about somebody that are looked through, the newest first: as many as their own page has."""


def unanswered(connection: Connection, person: str) -> list[Case]:
    """Return the cases that concern somebody and wait for their answer, the one opened last first."""
    signals = [each.id for each in concerning(connection, person, MOST)]
    every = {**cases.naming(connection, terms_of(connection, person)), **cases.opened(connection, signals)}
    decided = cases.decided(connection, {each.id for each in every.values()})
    said = [each for each in contests.of_person(connection, person) if _stands(each)] if every else []
    waiting = [each for each in every.values() if each.id not in decided and not _answers(said, each)]
    return sorted(waiting, key=lambda each: each.at, reverse=True)


def anchor(case: Case) -> str:
    """Return where a case stands on the page of whoever it concerns."""
    return f"inquiry-{case.id}".replace(" ", "-")


def _stands(each: Contested) -> bool:
    return each.answer is None or each.answer.verdict is not Verdict.WITHDRAWN


def _answers(said: Iterable[Contested], case: Case) -> bool:
    """Say whether something was said to a case, or to its signal after the case had been opened."""
    to_signal = (str(Sort.SIGNAL), case.signal)
    return any(each.key == (str(Sort.CASE), case.id) or (each.key == to_signal and each.at >= case.at) for each in said)
