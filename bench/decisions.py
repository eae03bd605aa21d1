"""Decisions sought among a million: `python -m bench.decisions --rows 1000000`.

Decisions of the shipped policies are made from their own tests and put into a scratch database of SQLite again and
again, under ids of their own, without the hash chain and spread over two years. What is timed is the whole page, as
somebody who is signed in gets it: the list with its facets, one decision, the search from anywhere.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import Connection

from policy.errors import PolicyError
from webadmin.app import close, create_app
from webadmin.decisions import service
from webadmin.ids import Ids
from webadmin.settings import Settings
from webadmin.store import decisions, logins, roster
from webadmin.store.dated import Of
from webadmin.store.logins import Reach, Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import DECISIONS
from webadmin.store.things import Thing
from webadmin.store.writer import Transaction
from webadmin.telemetry import logs

ROOT = Path(__file__).resolve().parent.parent
PEOPLE, CUSTOMERS, TEAMS = 200, 20_000, 20
SPAN = timedelta(days=730)
BATCH = 5_000
LIMIT = 0.300
"""Seconds in which 95 of 100 pages must be there."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A real decision that is put into the record again and again; `plain` are its terms of no person or customer."""

    row: dict[str, Any]
    plain: tuple[str, ...]
    about: tuple[str, ...]


def patterns(record: Record, now: datetime) -> list[Pattern]:
    """Return the decisions of the shipped policies' own tests."""
    found = []
    with record.engine.connect() as connection:
        for policy in record.catalogue.policies(connection, service.today(now)).values():
            for case in policy.rule_set.cases:
                asked = service.Asked(policy.id, policy.reader.plain(case.given), str(case.as_of), case.events)
                with suppress(PolicyError):
                    made = service.made(policy, asked, str(case.as_of), actor="client:crm", now=now)
                    found.append(_pattern(made.record))
    return found


def _pattern(made: decisions.Record) -> Pattern:
    decision = made.decision
    row = {
        "policy": decision.policy,
        "revision": decision.revision,
        "as_of": decision.as_of,
        "status": str(decision.status),
        "actor": made.actor,
        "closure": decisions.closure_digest(decision.closure),
        "salt": None,
        "erased_by": None,
        "body": made.body,
        "id": made.id,
    }
    sorts = [each.partition("=")[0] for each in made.terms]
    plain = tuple(each for each, sort in zip(made.terms, sorts, strict=True) if sort not in _VARIED)
    return Pattern(row, plain, tuple(sort for sort in sorts if sort in _VARIED))


_VARIED = ("person", "customer", "subject")


def filled(connection: Connection, found: Sequence[Pattern], rows: int, now: datetime) -> None:
    """Put decisions into the record, the terms sorted, as fast as may be."""
    chance, ids = random.Random(7), Ids()  # noqa: S311 - repeatable, not secret
    connection.execute(text("DROP INDEX ix_decision_terms_decision_id"))
    connection.execute(text("CREATE TEMP TABLE loose (term TEXT, decision_id TEXT)"))
    weights = [1 + number % 7 for number in range(len(found))]
    for begin in range(0, rows, BATCH):
        batch, loose = [], []
        for number in range(begin, min(begin + BATCH, rows)):
            at = now - SPAN + SPAN * number / rows
            name, (pattern,) = ids.new(at), chance.choices(found, weights)
            body = pattern.row["body"].replace(pattern.row["id"], name)
            batch.append({**pattern.row, "id": name, "recorded_at": at, "body": body})
            loose += [{"term": term, "id": name} for term in {*pattern.plain, *_about(pattern, chance, number)}]
        connection.execute(insert(DECISIONS), batch)
        connection.execute(text("INSERT INTO loose VALUES (:term, :id)"), loose)
    connection.execute(text("INSERT INTO decision_terms SELECT term, decision_id FROM loose ORDER BY 1, 2"))
    connection.execute(text("DROP TABLE loose"))
    connection.execute(text("CREATE INDEX ix_decision_terms_decision_id ON decision_terms (decision_id, term)"))
    connection.execute(text("ANALYZE"))


def _about(pattern: Pattern, chance: random.Random, number: int) -> Iterator[str]:
    for sort in pattern.about:
        if sort == "subject":
            yield f"subject=o-{number}"
        elif sort == "customer":
            yield f"customer=c-{chance.randrange(CUSTOMERS):05}"
        else:
            yield f"person=am-{chance.randrange(PEOPLE):03}"


def organisation(transaction: Transaction, act: Act) -> None:
    """Put teams, people and customers into the record, and one login that sees everything and one that leads a team."""
    batch, since = roster.Batch(transaction, act), (act.now - SPAN).date()
    for number in range(TEAMS):
        batch.put(Thing(Of.TEAM, f"t-{number:02}", f"Team {number}"), {}, since)
    for number in range(PEOPLE):
        role = "lead" if number < TEAMS else "account-manager"
        held = {"team": f"t-{number % TEAMS:02}", "role": role, "status": "active"}
        batch.put(Thing(Of.PERSON, f"am-{number:03}", f"Person {number}"), held, since)
    for number in range(CUSTOMERS):
        held = {"owner": f"am-{number % PEOPLE:03}", "tier": "ABCD"[number % 4], "status": "active"}
        batch.put(Thing(Of.CUSTOMER, f"c-{number:05}", f"Customer {number}"), held, since)
    batch.finish()
    for name, role, person in (("admin", Role.ADMIN, None), ("lead", Role.MANAGER, "am-003")):
        logins.create(transaction, name, role, act, person=person)
        logins.set_reach(transaction, name, Reach(role), act)


def addresses(found: Sequence[Pattern], name: str, now: datetime) -> dict[str, str]:
    """Return what is asked for, by what it is."""
    policy = "approval.order"
    revision = next(each.row["revision"] for each in found if each.row["policy"] == policy)
    hit = next(term for each in found if each.row["policy"] == policy for term in each.plain if term[:4] == "hit=")
    rule = hit.removeprefix("hit=")
    month = (now - timedelta(days=100)).strftime("%Y-%m")
    asked = {
        "everything": "",
        "a policy": f"policy={policy}",
        "a rule of a policy": f"policy={policy}&hit={rule}",
        "a status": "status=undetermined",
        "a person": "person=am-007",
        "a customer": "customer=c-00042",
        "a customer and a policy": f"customer=c-00042&policy={policy}",
        "a person, rule and status": f"person=am-007&hit={rule}&status=decided",
        "a month": f"since={month}-01&until={month}-28",
        "a month and a status": f"since={month}-01&until={month}-28&status=decided",
        "a revision": f"revision={revision[7:19]}&policy={policy}",
        "an outcome": f"policy={policy}&outcome=stages:director",
        "what never goes together": f"policy=assignment.new-customer&hit={rule}",
        "a later page": f"policy={policy}&cursor={name}",
        "the oldest": "sort=oldest",
        "the oldest of a policy": f"policy={policy}&sort=oldest",
        "the oldest of a person and rule": f"person=am-007&hit={rule}&sort=oldest",
        "the oldest of a status": "status=undetermined&sort=oldest",
        "a later page of the oldest": f"policy={policy}&cursor={name}&sort=oldest",
    }
    pages = {each: f"/decisions?{query}" for each, query in asked.items()}
    return {**pages, "search: a subject": "/search?q=o-4711"}


def listed(get: Callable[[str], Any], address: str) -> str:
    """Return where the first decision of a list leads: one that its reader may see."""
    found = re.search(r'href="(/decisions/[0-9a-f-]{36})"', get(address).text)
    if found is None:
        msg = f"{address} lists no decision"
        raise LookupError(msg)
    return found[1]


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds a page took: by the clock, sorted, and of the processor, sorted; and its status."""

    clock: list[float]
    processor: list[float]
    status: int

    def line(self) -> str:
        """Return medians and 95th percentiles, milliseconds."""
        found = (share(each, of) * 1e3 for each in (self.clock, self.processor) for of in (0.5, 0.95))
        return "".join(f"{each:9.0f}" for each in found)


def share(each: Sequence[float], of: float) -> float:
    """Return the percentile of sorted values."""
    return each[min(len(each) - 1, int(len(each) * of))]


def timed(get: Callable[[str], Any], address: str, count: int) -> Timed:
    """Ask for a page some times."""
    clock, processor, status = [], [], get(address).status_code
    for _ in range(count):
        begin, used = perf_counter(), process_time()
        get(address)
        clock.append(perf_counter() - begin)
        processor.append(process_time() - used)
    return Timed(sorted(clock), sorted(processor), status)


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return 1 where a page is too slow."""
    logs.set_up(as_json=True)  # to standard error, apart from the figures
    parser = argparse.ArgumentParser(prog="python -m bench.decisions", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="decisions in the record")
    parser.add_argument("--count", type=int, default=20, help="times each page is asked for")
    parser.add_argument("--folder", help="where the database is made, or was made before and is used again")
    asked = parser.parse_args(arguments)
    if asked.folder is not None:
        return measure(Path(asked.folder), asked.rows, asked.count)
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), asked.rows, asked.count)


def measure(folder: Path, rows: int, count: int) -> int:
    """Fill the database where it is empty; print one line for each page."""
    app = create_app(
        Settings(rules=ROOT / "rules", database=f"sqlite:///{folder}/record.db", heads=folder / "heads.json")
    )
    record: Record = app.extensions["record"]
    now = service.clock()
    found = patterns(record, now)
    _fill(record, found, rows, now)
    with record.engine.connect() as connection:
        total = connection.execute(select(func.count()).select_from(DECISIONS)).scalar_one()
        middle = connection.execute(select(DECISIONS.c.id).order_by(DECISIONS.c.id).offset(total // 2).limit(1))
        name = str(middle.scalar_one())
        stamps = {each: logins.find(connection, each).stamp for each in ("admin", "lead")}  # type: ignore[union-attr]
    gc.collect()
    gc.freeze()  # as the server does at its start
    slow = 0
    print(f"{total:,} decisions; milliseconds by the clock, and of the processor")
    print(f"{'':<38}" + "".join(f"{each:>9}" for each in ("p50", "p95", "p50", "p95")))
    for who, stamp in stamps.items():
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = stamp, True
        asked = addresses(found, name, now)
        asked["one decision"] = listed(client.get, asked["a later page"])
        for what, address in asked.items():
            took = timed(client.get, address, count)
            slow += took.status != 200 or share(took.clock, 0.95) > LIMIT
            remark = "" if took.status == 200 else f"  {took.status}"
            print(f"{who:<8}{what:<30}{took.line()}{remark}", flush=True)
    close(app)
    return int(slow > 0)


def _fill(record: Record, found: Sequence[Pattern], rows: int, now: datetime) -> None:
    with record.engine.connect() as connection:
        if connection.execute(select(DECISIONS.c.id).limit(1)).first() is not None:
            return
    act = Act("cli:bench", now, service.today(now))
    record.writer.write(lambda transaction: organisation(transaction, act))
    with record.engine.connect() as connection:
        filled(connection, found, rows, now)
        connection.commit()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
