"""Looking for patterns in a record with many events: `python -m bench.signals`.

Tells events of a year, of customers and managers as the demo has them, then looks at all of them once; after that tells
single events and looks at each. Beside it, in the same run, what one would do without a position and stretches: read
every event of the patterns' types again and let our own matcher alone look at all of it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import select

from policy.model.events import read_typed
from policy.runtime.patterns import by_key, matches_of
from policy.runtime.patterns import signals as episodes
from webadmin.demo import loading
from webadmin.secondengine.process import SecondEngine
from webadmin.signals.looking import Looker
from webadmin.store import events, shipped, signals
from webadmin.store.record import Record
from webadmin.store.revisions import SYSTEM, Act
from webadmin.store.tables import EVENTS

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 6, 30)
NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
SINGLE = 50
"""Events that are told and looked at one by one."""

AT_ONCE = 1000


def given(count: int, chance: random.Random, prefix: str) -> Iterator[dict[str, Any]]:
    """Yield events of a year: one in twenty of a type that a pattern names."""
    customers = max(100, count // 20)
    for number in range(count):
        customer = chance.randrange(customers)
        time = datetime(2025, 7, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(525_000))
        data: dict[str, Any] = {
            "customer": {"id": f"c-{customer}"},
            "manager": {"id": f"am-{customer % (customers // 15)}"},
        }
        sort = chance.choices(("contact", "customer_lost", "competitor_sale", "transfer"), (95, 2, 2, 1))[0]
        data |= {"channel": "call", "effective": True} if sort == "contact" else {}
        data |= {"approved": True} if sort == "transfer" else {}
        yield {"id": f"{prefix}{number}", "source": "bench", "type": sort, "time": time.isoformat(), "data": data}


def tell(record: Record, told: list[dict[str, Any]]) -> None:
    """Put events into the record."""
    for begin in range(0, len(told), AT_ONCE):
        part = told[begin : begin + AT_ONCE]
        record.writer.write(lambda each, part=part: events.append_all(each, part, actor="bench", now=NOW))


def everything(record: Record) -> int:
    """Read every event of the patterns' types and look for all patterns; return how many signals that makes."""
    with record.engine.connect() as connection:
        policies = record.catalogue.policies(connection, DAY)
        patterns = policies[loading.PENALTY].patterns
        types = {each.type.name for one in patterns for each in one.pattern.wanted()}
        rows = connection.execute(select(EVENTS.c.body).where(EVENTS.c.type.in_(types))).scalars()
        told = [json.loads(body, parse_float=Decimal, parse_int=Decimal)["event"] for body in rows]
    history = read_typed(told, policies.events)
    groups = {path: by_key(history, path) for path in {each.pattern.key for each in patterns}}
    found = (matches_of(one, key, of) for one in patterns for key, of in groups[one.pattern.key].items())
    return len(episodes([each for some in found for each in some]))


def measured(record: Record, count: int) -> None:
    """Print the figures."""
    chance = random.Random(1)  # noqa: S311 - the same events every time
    engine = SecondEngine()
    looker = Looker(record, engine, lambda: NOW)
    looker.catch_up()
    tell(record, list(given(count, chance, "e")))
    begin = perf_counter()
    looker.catch_up()
    whole = perf_counter() - begin
    with record.engine.connect() as connection:
        raised = sum(signals.counts(connection).values())
    print(f"{count} events, second engine {'asked' if engine.available().is_available else 'unavailable'}")
    print(f"all of them, once      {whole:8.2f} s   {count / whole:8.0f} events/s   {raised} signals")
    one = [each for each in given(40 * SINGLE, chance, "one") if each["type"] != "contact"][:SINGLE]
    took = []
    for each in one:
        tell(record, [each])
        begin = perf_counter()
        looker.catch_up()
        took.append(perf_counter() - begin)
    begin = perf_counter()
    everything(record)
    anew = perf_counter() - begin
    print(f"one new event, median  {median(took) * 1000:8.2f} ms   worst {max(took) * 1000:.2f} ms")
    print(f"everything read anew   {anew * 1000:8.2f} ms   ratio {anew / median(took):.0f}")
    engine.close()


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fairlead-bench-") as folder:
        record = Record.open(f"sqlite:///{folder}/record.db")
        act = Act(SYSTEM, NOW, DAY)
        shipped.publish_folder(record, ROOT / "rules", act)
        record.writer.write(lambda each: loading.consult(each, act, DAY))
        measured(record, asked.events)
        record.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
