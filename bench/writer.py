"""Decisions put into the record, by threads, beside plain commits of single rows: `python -m bench.writer`.

Both write to files of SQLite on the same disk in the same run, each commit synchronised (`synchronous = FULL`). The
plain commit is one row of a table without an index: what a log would cost that keeps no chain and finds nothing again.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from time import perf_counter

from webadmin.decisions import service
from webadmin.decisions.service import Asked, Made
from webadmin.store import decisions, shipped
from webadmin.store.record import Record
from webadmin.store.revisions import SYSTEM, Act

ROOT = Path(__file__).resolve().parent.parent
FACTS = {
    "order": {"id": "o1", "amount": 600000, "discount": Decimal("0.12")},
    "customer": {"id": "c1", "tier": "B"},
    "requester": {"id": "am-07", "team": "east-1"},
}


def fresh(made: Made, facts: dict[str, object], now: datetime) -> Made:
    """Return a decision once more, with an id of its own."""
    return Made(made.policy, made.decision, decisions.record(made.policy, made.decision, facts, actor="bench", now=now))


def timed(threads: int, work: Sequence[Callable[[], object]]) -> tuple[float, list[float]]:
    """Return the seconds all work took, done by some threads, and those of each piece, sorted."""
    barrier = Barrier(threads + 1)

    def run(number: int) -> list[float]:
        barrier.wait()
        found = []
        for piece in work[number::threads]:
            begin = perf_counter()
            piece()
            found.append(perf_counter() - begin)
        return found

    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(run, number) for number in range(threads)]
        barrier.wait()
        begin = perf_counter()
        each = sorted(seconds for future in running for seconds in future.result())
        return perf_counter() - begin, each


def plain(folder: Path, body: str, count: int) -> tuple[float, list[float]]:
    """Time single-row commits of the same body."""
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE rows (body TEXT)")

    def commit() -> None:
        connection.execute("INSERT INTO rows VALUES (?)", (body,))

    return timed(1, [commit] * count)


def line(name: str, count: int, measured: tuple[float, list[float]], base: float | None = None) -> float:
    """Print one line and return the pieces a second."""
    seconds, each = measured
    rate = count / seconds
    ratio = "" if base is None else f"{rate / base:8.2f}"
    p50, p99 = (each[int(len(each) * share)] * 1e6 for share in (0.5, 0.99))
    print(f"{name:<34}{rate:10,.0f}{p50:12,.0f}{p99:12,.0f}{ratio}")
    return rate


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.writer", description=__doc__)
    parser.add_argument("--count", type=int, default=8000, help="decisions for each number of threads")
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 4, 16, 32])
    parser.add_argument("--folder", help="where the databases are made; the system's folder for temporary files")
    parser.add_argument("--database", help="address of an empty database, for instance of PostgreSQL")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        measure(Path(folder), asked.database or f"sqlite:///{folder}/record.db", asked.count, asked.threads)


def measure(folder: Path, address: str, count: int, threads: Sequence[int]) -> None:
    """Measure and print one table."""
    record = Record.open(address)
    now = service.clock()
    shipped.publish_folder(record, ROOT / "rules", Act(SYSTEM, now, service.today(now)))
    with record.engine.connect() as connection:
        asked = Asked("approval.order", FACTS, "2026-03-01")
        made = service.make(record, connection, asked, actor="bench", now=now)
    print(f"{'':<34}{'per second':>10}{'p50 µs':>12}{'p99 µs':>12}{'ratio':>8}")
    base = line("plain sqlite3, one row each", count, plain(folder, made.record.body, count))
    for number in threads:
        batch = [fresh(made, FACTS, now) for _ in range(count)]
        work = [lambda each=each: service.keep(record, [each]) for each in batch]
        line(f"decisions kept, {number} threads", count, timed(number, work), base)
    record.close()


if __name__ == "__main__":
    main(sys.argv[1:])
