"""The client: starts `fairlead serve`, asks for decisions, remembers what was acknowledged, and holds the record to it.

Every request has an Idempotency-Key and is asked again, on whichever server runs by then, until it is acknowledged.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

from sqlalchemy import select

from tests.patience import LONG
from webadmin.access import tokens
from webadmin.access.scopes import READABLE, Scope
from webadmin.decisions.service import clock
from webadmin.store import verify
from webadmin.store.chain import Chain, beginning, digest_of, linked
from webadmin.store.heads import Place, everything
from webadmin.store.recompute import parsed
from webadmin.store.record import Record
from webadmin.store.tables import DECISION_TERMS, DECISIONS, ENTRIES

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "from webadmin.cli import main; main(prog_name='fairlead')"
DECIDE = "/api/v1/policies/approval.order/decisions"
CONNECTIONS = 8
PATIENCE = 30
"""Seconds a connection waits for an answer before it asks again."""


def token_of(record: Record) -> str:
    """Return a new token that may decide as often as it likes."""
    now = clock()
    wish = tokens.Wish("endurance", frozenset({Scope.DECIDE}), READABLE, now + timedelta(days=1), per_minute=10**6)
    return record.writer.write(lambda each: tokens.make(each, wish, actor="cli:endurance", now=now)).secret


class Server:
    """One process of `fairlead serve` on any free port.

    Attributes:
        began: When it was started.
        port: Where it listens; None until it does.
        said: The last lines of its log.
    """

    def __init__(self, address: str, heads: Path) -> None:
        self.began = monotonic()
        self.port: int | None = None
        self.said: deque[str] = deque(maxlen=20)
        call = [sys.executable, "-c", PROGRAM, "serve", "--port", "0", "--json", "--rules", str(ROOT / "rules")]
        own = {"PYTHONPATH": str(ROOT), "DATABASE_URL": address, "FAIRLEAD_HEADS": str(heads), "FAIRLEAD_LANG": "en"}
        self.process = subprocess.Popen(
            call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **own}
        )
        for each in (self._listen, self._log):
            Thread(target=each, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as told:
            for line in told:
                self.port = int(json.loads(line)["address"].rstrip("/").rpartition(":")[2])

    def _log(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as log:
            self.said.extend(log)

    def until(self, holds: Callable[[], bool]) -> bool:
        """Wait until something holds; say whether it came to that before the process ended."""
        end = monotonic() + LONG
        while not holds():
            if monotonic() > end or self.process.poll() is not None:
                return holds()
            sleep(0.005)
        return True

    def spent(self) -> float:
        """Return the seconds of processor time it has taken so far; what it waited for others does not count."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End it as a power cut would end it; its worker ends by itself, as its standard input does."""
        self.process.kill()
        self.process.wait()


class Client:
    """Connections that ask for decisions without end, each for one after the other.

    Args:
        token: Of the HTTP API.
        pause: Seconds each connection rests after a decision.

    Attributes:
        kept: Request → id of its decision, as acknowledged.
        server: Where to ask; None: nowhere just now.
        busy: How often the answer was 503 with Retry-After.
        again: How many requests were acknowledged that had been asked before, without an answer.
        wrong: Answers there should not be.
        slowest: Seconds the slowest acknowledged request took, those broken off left out.
    """

    def __init__(self, token: str, pause: float = 0, connections: int = CONNECTIONS) -> None:
        self.kept: dict[str, str] = {}
        self.server: Server | None = None
        self.busy = self.again = 0
        self.slowest: float = 0
        self.wrong: list[str] = []
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._pause = pause
        self._ended = Event()
        self._threads = [Thread(target=self._ask, args=(number,)) for number in range(connections)]
        for each in self._threads:
            each.start()

    def close(self) -> None:
        """Ask for nothing more."""
        self._ended.set()
        for each in self._threads:
            each.join()

    def _ask(self, connection: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", timeout=PATIENCE)
        with closing(line):
            for number in count():
                request, broken = f"r-{connection}-{number}", 0
                while request not in self.kept and not self._ended.is_set():
                    try:
                        self._once(line, request)
                    except (OSError, http.client.HTTPException):  # killed meanwhile, or not listening yet
                        line.close()
                        broken += 1
                        sleep(0.01)
                self.again += broken > 0
                if self._ended.wait(self._pause):
                    return

    def _once(self, line: http.client.HTTPConnection, request: str) -> None:
        """Ask once; note what the answer says."""
        port = None if self.server is None else self.server.port
        if port is None:
            sleep(0.01)
            return
        if line.port != port:
            line.close()
            line.port = port
        begin = monotonic()
        line.request("POST", DECIDE, body_of(request), {**self._headers, "Idempotency-Key": request})
        answer = line.getresponse()
        body = answer.read()
        match answer.status:
            case 201:
                self.slowest = max(self.slowest, monotonic() - begin)
                self.kept[request] = json.loads(body)["id"]
            case 503 if answer.headers["Retry-After"]:
                self.busy += 1
                sleep(0.02)
            case 409:  # the server still works on the one that was broken off
                sleep(0.02)
            case _:
                self.wrong.append(f"{request}: {answer.status} {body[:300]!r}")
                sleep(0.02)


def body_of(request: str) -> str:
    """Return what is to be decided; the order's id is the request's."""
    facts = {
        "order": {"id": request, "amount": 600000, "discount": 0},
        "customer": {"id": f"c-{request[-1]}", "tier": "B"},
        "requester": {"id": "am-07", "team": "east-1"},
    }
    return json.dumps({"facts": facts, "as_of": "2026-03-01"})


def troubles(record: Record, acknowledged: dict[str, str]) -> list[str]:
    """Return what the record lacks of what was acknowledged, and what else is wrong with it.

    Args:
        record: The record.
        acknowledged: Request → id of its decision.
    """
    with record.reading() as connection:
        rows = connection.execute(select(DECISIONS.c.id, DECISIONS.c.salt, DECISIONS.c.body)).all()
        entries = connection.execute(select(ENTRIES).order_by(ENTRIES.c.chain, ENTRIES.c.seq)).all()
        found = set(connection.execute(select(DECISION_TERMS.c.decision_id).distinct()).scalars())
    bodies = {row.id: (bytes(row.salt or b""), row.body or "") for row in rows}
    requests = {name: parsed(body)["facts"]["order"]["id"] for name, (_, body) in bodies.items()}
    told = [f"lost: {request} {name}" for request, name in acknowledged.items() if requests.get(name) != request]
    told += [f"doubled: {each}" for each, times in Counter(requests.values()).items() if times > 1]
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


def unproven(record: Record, heads: Path) -> list[str]:
    """Return what verification finds wrong, with the heads the servers exported."""
    outside = everything(Place.at(heads, {}, make=False))
    with record.reading() as connection:
        report = verify.verify(connection, record.catalogue, outside, verify.Scope(recompute=100))
    return [f"{place}: {each.wrong} {each.seq} {each.values}" for place, each in report.first.items()]


def _integrity(record: Record) -> list[str]:
    if record.engine.dialect.name != "sqlite":
        return []
    with record.engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return [] if said == ["ok"] else [f"integrity: {each}" for each in said]
