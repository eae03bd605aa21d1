"""Loads the made-up organisation into a record, by the same importer as every file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from policy.engine import NamedText, prepare
from webadmin.demo import files
from webadmin.roster import importing
from webadmin.roster.folders import planned
from webadmin.roster.imported import Imported
from webadmin.roster.words import Words
from webadmin.store import drafts, revisions
from webadmin.store.record import Record
from webadmin.store.revisions import SYSTEM, Act, Period, Signed
from webadmin.store.tables import CUSTOMERS, DEALS, EVENTS, PEOPLE, TEAMS
from webadmin.store.writer import Transaction

PENALTY = "penalty.order-diversion"
"""The policy that ships as a draft, because it carries no record of a consultation."""

_CONSULTATION = (
    'consultation: {{held: {held}, published: {published}, record: {{zh: "演示数据，并无真实协商", '
    'en: "Demonstration only: no consultation took place"}}}}\n'
)


class NotEmptyError(Exception):
    """The record holds people, customers, deals or events already."""


def is_empty(connection: Connection) -> bool:
    """Say whether a record holds no people, customers, deals and events."""
    tables = (TEAMS, PEOPLE, CUSTOMERS, DEALS, EVENTS)
    return all(connection.execute(select(table.c.id).limit(1)).first() is None for table in tables)


def load(
    record: Record,
    act: Act,
    day: date = files.DAY,
    *,
    force: bool = False,
    told: Callable[[Imported], None] = lambda _: None,
) -> list[Imported]:
    """Load the made-up organisation, and put the penalty policy into effect with a consultation marked as made up.

    Args:
        record: A record in which the shipped policies are published.
        act: Who loads it, and when.
        day: The reference day: the last one anything happens on.
        force: Whether it is loaded beside what is there.
        told: Called after each file.

    Returns:
        What each file came to; one that is refused ends it.

    Raises:
        NotEmptyError: something is there, and `force` is not set.
        NoVocabularyError: the shipped policies are not published.
        BusyError: a file could not be written; what came before it is.
    """
    with record.engine.connect() as connection:
        if not force and not is_empty(connection):
            raise NotEmptyError
    words = Words.on(record, act.today)
    done: list[Imported] = []
    with tempfile.TemporaryDirectory(prefix="fairlead-demo-") as folder:
        files.write(Path(folder), day)
        for each in planned(Path(folder)):
            source = importing.read(each.file, each.mapping, words, each.since or day, latest=None)
            done.append(importing.write(record, source, act))
            told(done[-1])
            if done[-1].is_refused:
                return done
    record.writer.write(lambda transaction: consult(transaction, act, day))
    return done


def consult(transaction: Transaction, act: Act, day: date) -> None:
    """Publish the penalty policy with a made-up consultation, unless one is in effect or there is no draft."""
    effective = revisions.in_effect(transaction.connection, act.today)
    draft = drafts.find(transaction.connection, PENALTY)
    if PENALTY in effective or draft is None:
        return
    held = day - timedelta(files.BEFORE)
    record = _CONSULTATION.format(held=held, published=held + timedelta(7))
    text = draft.text.replace("\nsubject:", f"\n{record}subject:", 1)
    others = revisions.texts(transaction.connection, {name: each.digest for name, each in effective.items()})
    canonical = _canonical([NamedText(PENALTY, text), *(NamedText(*pair) for pair in sorted(others.items()))])
    if canonical is None:
        return
    system = replace(act, actor=SYSTEM)
    revision = revisions.add(transaction, PENALTY, canonical, system)
    signed = Signed(SYSTEM, SYSTEM, "demonstration: the consultation is made up")
    revisions.publish(transaction, PENALTY, revision.id, Period(held + timedelta(7)), signed, system)


def _canonical(sources: Sequence[NamedText]) -> str | None:
    """Return the canonical text of the penalty policy, None where it does not load with the others."""
    found = prepare(sources).policies.get(PENALTY)
    return None if found is None else found.text
