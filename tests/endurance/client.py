"""The client: starts servers, remembers what they acknowledged, and holds the record against it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

from sqlalchemy import select

from webadmin.store.chain import Chain, beginning, digest_of, linked
from webadmin.store.recompute import parsed
from webadmin.store.record import Record
from webadmin.store.tables import DECISION_TERMS, DECISIONS, ENTRIES

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """One process of `tests.endurance.server`, and what it has said."""

    def __init__(self, address: str, name: str, threads: int = 8, pause: float = 0) -> None:
        self.kept: dict[str, str] = {}
        self.busy = 0
        self.wrong: list[str] = []
        self.began = monotonic()
        self.first: float | None = None
        call = [sys.executable, "-m", "tests.endurance.server", address, name, str(threads), str(pause)]
        self.process = subprocess.Popen(
            call, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        self._reading = Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.endswith(b"\n"):  # cut off: nobody was told
                return
            word, _, rest = line.decode().strip().partition(" ")
            if word == "kept":
                request, _, made = rest.partition(" ")
                self.kept[request] = made
                self.first = self.first or monotonic() - self.began
            elif word == "busy":
                self.busy += 1
            elif word == "wrong":
                self.wrong.append(rest)

    def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds; say whether it came to that in time."""
        end = monotonic() + seconds
        while not holds():
            if monotonic() > end or self.process.poll() is not None:
                return holds()
            sleep(0.005)
        return True

    def kill(self) -> None:
        """End it as a power cut would end it, and read what it had said until then."""
        self.process.kill()
        self.process.wait()
        self._reading.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


def troubles(record: Record, acknowledged: dict[str, str]) -> list[str]:
    """Return what the record lacks of what was acknowledged, and what else is wrong with it.

    Args:
        record: The record, no server running.
        acknowledged: Request → id of its decision.
    """
    with record.engine.connect() as connection:
        rows = connection.execute(select(DECISIONS.c.id, DECISIONS.c.salt, DECISIONS.c.body)).all()
        entries = connection.execute(select(ENTRIES).order_by(ENTRIES.c.chain, ENTRIES.c.seq)).all()
        found = set(connection.execute(select(DECISION_TERMS.c.decision_id).distinct()).scalars())
    bodies = {row.id: (bytes(row.salt or b""), row.body or "") for row in rows}
    requests = [parsed(body)["facts"]["order"]["id"] for _, body in bodies.values()]
    told = [f"lost: {request} {name}" for request, name in acknowledged.items() if name not in bodies]
    told += (
        [f"doubled: {each}" for each in {each for each in requests if requests.count(each) > 1}]
        if (len(set(requests)) < len(requests))
        else []
    )
    told += [f"without terms: {name}" for name in bodies.keys() - found]
    told += [f"not in the chain: {name}" for name in bodies.keys() - {each.row_id for each in entries}]
    heads = {str(chain): (chain, beginning(chain)) for chain in Chain}
    for each in entries:
        chain, head = heads[each.chain]
        after = linked(head, chain, each.row_id, bytes(each.digest))
        heads[each.chain] = (chain, after)
        if (after.seq, after.link) != (each.seq, bytes(each.link)):
            return [*told, f"the chain breaks at {each.chain} {each.seq}"]
        if chain is Chain.DECISIONS and digest_of(*bodies.get(each.row_id, (b"", ""))) != bytes(each.digest):
            told.append(f"altered or missing: {each.row_id}")
    return told + _integrity(record)


def _integrity(record: Record) -> list[str]:
    if record.engine.dialect.name != "sqlite":
        return []
    with record.engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return [] if said == ["ok"] else [f"integrity: {each}" for each in said]
