"""Looks at events in the order in which they were told, from where it was left, and keeps the signals they make.

The position in the events' chain, the signals and their audit entries are one transaction: killed anywhere, it goes on
where the last one ended, and does nothing twice. Several may look at once; whoever comes second writes nothing.

Everything is looked at again where a publication brings other patterns or another vocabulary; and from the first event
on that the second engine gave no answer to, once it answers.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

from sqlalchemy import Connection, select

from policy.model.events import value_at
from webadmin.secondengine.process import SecondEngine
from webadmin.signals.coverage import Coverage, Sought
from webadmin.signals.judging import Judge, Judged
from webadmin.signals.keeping import Seen, keep
from webadmin.signals.stretches import COLUMNS, MOST, Stretch, Told, stretch, told, typed
from webadmin.store import revisions, signals
from webadmin.store.chain import Chain
from webadmin.store.days import day_of
from webadmin.store.record import Record
from webadmin.store.signals import Position, State, TurnLostError, Unit
from webadmin.store.tables import ENTRIES, EVENTS, PUBLICATIONS
from webadmin.store.writer import Transaction

BATCH = 500
"""Events looked at in one transaction."""

SHORTEST_PAUSE, LONGEST_PAUSE = 10, 3600
"""Seconds before the second engine is asked again after it gave no answer: doubled each time."""

_VOCABULARY = "vocabulary"

log = logging.getLogger("fairlead.signals")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit, and one of the patterns it was found by: others of it differ in the vocabulary alone."""

    unit: Unit
    sought: Sought


class Looker:
    """Looks at new events.

    Args:
        record: The database.
        engine: The second engine.
        clock: Tells the instant.
        batch: Events looked at in one transaction.
    """

    def __init__(
        self, record: Record, engine: SecondEngine, clock: Callable[[], datetime], *, batch: int = BATCH
    ) -> None:
        self._record = record
        self._engine = engine
        self._clock = clock
        self._batch = batch
        self._coverage = Coverage(record.catalogue)
        self._judge = Judge(engine)
        self._pause = SHORTEST_PAUSE
        self._again = monotonic()

    def step(self) -> bool:
        """Look at the next events; say whether there was anything to do.

        Raises:
            BusyError, OSError, SQLAlchemyError: the database cannot be reached; nothing was written.
        """
        with self._record.reading() as connection:
            before = signals.position(connection)
            seen: list[Seen] = []
            after = self._turned(connection, before) or self._looked(connection, before, seen)
        if after is None:
            if before.recheck_from is None:
                self._pause = SHORTEST_PAUSE  # everything was looked at by both engines
            return False

        def work(transaction: Transaction) -> Counter[State]:
            signals.advance(transaction, before, after)
            return keep(transaction, seen, self._clock())

        try:
            done = self._record.writer.write(work)
        except TurnLostError:
            return False  # somebody else looks; the next look begins where that one ends
        level = logging.INFO if seen else logging.DEBUG
        words = (f"seq={after.seq}", f"stretches={len(seen)}", *_counted(done))
        log.log(level, "events-looked %s", " ".join(words))
        return True

    def catch_up(self) -> None:
        """Look until there is nothing more to look at.

        Raises:
            BusyError, OSError, SQLAlchemyError: as `step`.
        """
        while self.step():
            pass

    def _turned(self, connection: Connection, before: Position) -> Position | None:
        """Return the position to go back to, None where there is no reason."""
        newest = revisions.newest(connection)
        if newest != before.publication:
            seq = 0 if self._brings_others(connection, before.publication) else before.seq
            return replace(before, seq=seq, publication=newest)
        if before.recheck_from is not None and monotonic() >= self._again:
            self._again, self._pause = monotonic() + self._pause, min(2 * self._pause, LONGEST_PAUSE)
            self._engine.close()
            if self._engine.available().is_available:
                return replace(before, seq=min(before.seq, before.recheck_from - 1), recheck_from=None)
        return None

    def _brings_others(self, connection: Connection, publication: int) -> bool:
        """Say whether a later publication brings other patterns, or the same ones another vocabulary."""
        columns = PUBLICATIONS.c
        chosen = select(columns.document, columns.since).where(columns.seq > publication)
        for document, since in connection.execute(chosen).all():
            holding = self._coverage.between(connection, since, None)
            if document == _VOCABULARY and holding:
                return True
            if any(each.pattern.policy == document for each in holding):
                return True
        return False

    def _looked(self, connection: Connection, before: Position, seen: list[Seen]) -> Position | None:
        """Look at the next batch; fill `seen`, and return the position after it, None where there is none."""
        columns = ENTRIES.c
        rows = connection.execute(
            select(columns.seq, EVENTS.c.id, EVENTS.c.type, EVENTS.c.time)
            .join(EVENTS, EVENTS.c.id == columns.row_id)
            .where(
                columns.chain == str(Chain.EVENTS), columns.seq > before.seq, columns.seq <= before.seq + self._batch
            )
            .order_by(columns.seq)
        ).all()
        if not rows:
            return None
        holding = self._coverage.between(connection, min(day_of(row.time) for row in rows), None)
        types = {name for each in holding for name in each.types}
        names = [row.id for row in rows if row.type in types]
        self._judge.engine.failed = False
        for unit, events in _affected(_events(connection, names), holding).items():
            seen.extend(self._seen(connection, unit, events))
        after = replace(before, seq=rows[-1].seq)
        if self._judge.engine.failed:
            first = before.seq + 1
            self._again = max(self._again, monotonic() + self._pause)
            return replace(after, recheck_from=min(first, before.recheck_from or first))
        return after

    def _seen(self, connection: Connection, of: _Unit, events: list[Told]) -> Iterator[Seen]:
        """Yield what is seen in every stretch that new events of a unit lie in."""
        rest = sorted(events, key=lambda each: each.time)
        while rest:
            here = stretch(connection, of.sought, of.unit.key, rest[0].time)
            inside = [each for each in rest if here.since <= each.time <= here.until]
            rest = [each for each in rest if each.time > here.until]
            new = tuple((each.id, each.time) for each in inside)
            yield Seen(of.unit, here, self._judged(connection, of, here), new)

    def _judged(self, connection: Connection, of: _Unit, here: Stretch) -> Judged:
        """Let both engines look, under every vocabulary that held meanwhile."""
        if not _can_match(of.sought, here):
            return Judged(())
        first, last = day_of(here.events[0].time), day_of(here.events[-1].time)
        found: list[Judged] = []
        for sought in self._coverage.between(connection, first, last):
            if (sought.revision, sought.pattern.name) != (of.unit.revision, of.sought.pattern.name):
                continue

            def covers(time: datetime, sought: Sought = sought) -> bool:
                return sought in self._coverage.on(connection, day_of(time))

            found.append(self._judge.judged(sought, of.unit, typed(here.events, sought), covers))
        findings = {each.identity: each for one in found for each in one.findings}
        return Judged(tuple(findings.values()), any(each.is_refused for each in found))


def _events(connection: Connection, names: list[str]) -> Iterator[Told]:
    rows = connection.execute(select(*COLUMNS).where(EVENTS.c.id.in_(names), EVENTS.c.body.is_not(None)))
    return (told(row) for row in rows.all())


def _affected(events: Iterator[Told], holding: tuple[Sought, ...]) -> dict[_Unit, list[Told]]:
    """Return what to look for because of some events: each unit once, with the events of it."""
    units: dict[Unit, _Unit] = {}
    found: dict[_Unit, list[Told]] = defaultdict(list)
    for event in events:
        for sought in holding:
            pattern = sought.pattern
            key = value_at(event.data, pattern.key)
            if event.type not in sought.types or not isinstance(key, str):
                continue
            unit = Unit(pattern.policy, sought.revision, pattern.id, str(pattern.severity), pattern.key, key)
            found[units.setdefault(unit, _Unit(unit, sought))].append(event)
    return {unit: list({each.id: each for each in of_unit}.values()) for unit, of_unit in found.items()}


def _can_match(sought: Sought, here: Stretch) -> bool:
    """Say whether a stretch has the events a match is made of; one that was cut off may have them further on."""
    there = Counter(each.type for each in here.events)
    needed = Counter({each.type.name for each in sought.pattern.steps})
    if sought.pattern.at_least is not None:
        needed = Counter({sought.pattern.steps[0].type.name: sought.pattern.at_least})
    return len(here.events) >= MOST or needed <= there


def _counted(done: Counter[State]) -> Iterator[str]:
    return (f"{state}={count}" for state, count in sorted(done.items()))
