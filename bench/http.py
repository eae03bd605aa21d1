"""Measures decisions over HTTP: `python -m bench.http`.

Requests per second and the time of one (median, 99th percentile) of a durable decision at 16 connections, beside a
route of a bare Flask application on the same server in the same run, and of batches of 100. Server and client are
processes of their own; the client is threads with one kept connection each. `--profile` says instead where the time
of one decision goes.
"""

from __future__ import annotations

import argparse
import cProfile
import http.client
import io
import json
import pstats
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from threading import Barrier, Thread
from time import perf_counter
from typing import Any

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import create_environ, run_wsgi_app

from webadmin import server
from webadmin.access import tokens
from webadmin.access.scopes import READABLE, Scope
from webadmin.app import create_app
from webadmin.settings import Settings
from webadmin.store.record import Record
from webadmin.telemetry import logs

RULES = Path(__file__).resolve().parent.parent / "rules"
DECIDE = "/api/v1/policies/approval.order/decisions"
ORDER = {
    "order": {"id": "o-1001", "amount": 600000, "discount": 0.12},
    "customer": {"id": "c-77", "tier": "B"},
    "requester": {"id": "am-07", "team": "east-1"},
}
ONE = json.dumps({"facts": ORDER, "as_of": "2026-03-01"})
HUNDRED = json.dumps({"items": [{"facts": ORDER, "as_of": "2026-03-01"}] * 100})


def settings(folder: str) -> Settings:
    """Return settings of a server nothing else is asked of."""
    return Settings(
        port=0, rules=RULES, database=f"sqlite:///{folder}/fairlead.db", requests_per_minute=10**9, log_format="json"
    )


def token(record: Record, *scopes: Scope) -> str:
    """Return a token that may read everything, and decide where no scopes are named."""
    now = datetime.now(UTC)  # noqa: TID251 - a bench has a clock
    wish = tokens.Wish("bench", frozenset(scopes or {Scope.DECIDE}), frozenset(READABLE), now + timedelta(days=1))
    return record.writer.write(lambda transaction: tokens.make(transaction, wish, actor="bench", now=now)).secret


def bare() -> Flask:
    """Return an application that reads JSON and answers JSON, and does nothing else."""
    app = Flask("bare")

    @app.post("/")
    def answer() -> dict[str, Any]:
        from flask import request  # noqa: PLC0415

        return {"seen": len(request.get_json())}

    return app


def serve(folder: str) -> None:
    """Serve the product and, under /bare, the bare application, until the process is ended."""
    create = server.create_app  # type: ignore[attr-defined]

    def both(given: Settings) -> Flask:
        app = create(given)
        sys.stdout.write(json.dumps({"token": token(app.extensions["record"])}) + "\n")
        app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/bare": bare()})
        return app

    server.create_app = both  # type: ignore[attr-defined]

    def told(address: str) -> None:
        sys.stdout.write(json.dumps({"address": address}) + "\n")
        sys.stdout.flush()

    server.listen(settings(folder), told)


@contextmanager
def serving() -> Iterator[tuple[int, str]]:
    """Start a server, and give its port and a token."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.http", "--serve", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603
            assert process.stdout is not None  # noqa: S101
            secret = json.loads(process.stdout.readline())["token"]
            address = json.loads(process.stdout.readline())["address"]
            yield int(address.rsplit(":", 1)[1].rstrip("/")), secret
            process.terminate()
            process.wait(30)


def ask(given: dict[str, Any]) -> None:
    """Send requests from threads, and print how long each took and how long all."""
    barrier = Barrier(given["connections"] + 1)
    taken: list[float] = []

    def one() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", given["port"])
        headers = {"Authorization": f"Bearer {given['token']}", "Content-Type": "application/json"}
        connection.connect()
        barrier.wait()
        end, mine = perf_counter() + given["seconds"], []
        while (begun := perf_counter()) < end:
            connection.request("POST", given["path"], given["body"], headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status >= 300:
                raise SystemExit(answer.status)
            mine.append(perf_counter() - begun)
        taken.extend(mine)

    threads = [Thread(target=one) for _ in range(given["connections"])]
    for each in threads:
        each.start()
    barrier.wait()
    begun = perf_counter()
    for each in threads:
        each.join()
    sys.stdout.write(json.dumps({"taken": taken, "seconds": perf_counter() - begun}))


def measured(
    port: int, secret: str, path: str, body: str, seconds: float, connections: int
) -> tuple[float, float, float]:
    """Return requests per second, and median and 99th percentile in milliseconds."""
    given = {"port": port, "token": secret, "path": path, "body": body, "seconds": seconds, "connections": connections}
    command = [sys.executable, "-m", "bench.http", "--ask"]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)  # noqa: S603
    found = json.loads(done.stdout)
    cuts = quantiles(found["taken"], n=100)
    return len(found["taken"]) / found["seconds"], cuts[49] * 1000, cuts[98] * 1000


def profile(requests: int) -> None:
    """Print where the time of decisions goes, in one thread."""
    with tempfile.TemporaryDirectory() as folder:
        logs.set_up(as_json=True)
        app = create_app(settings(folder))
        headers = {"Authorization": f"Bearer {token(app.extensions['record'])}"}

        def send(times: int) -> None:
            for _ in range(times):
                run_wsgi_app(
                    app,
                    create_environ(DECIDE, method="POST", data=ONE, headers=headers, content_type="application/json"),
                )

        stderr, sys.stderr = sys.stderr, io.StringIO()
        logs.set_up(as_json=True)
        send(200)
        recorder = cProfile.Profile()
        recorder.enable()
        send(requests)
        recorder.disable()
        sys.stderr = stderr
        pstats.Stats(recorder).sort_stats("cumulative").print_stats(r"webadmin|policy|flask|sqlalchemy|sqlite", 60)


def main() -> int:
    """Measure, or do what a child process is started for."""
    options = argparse.ArgumentParser(prog="python -m bench.http")
    options.add_argument("--seconds", type=float, default=5, help="of each round")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--connections", type=int, default=16)
    options.add_argument("--profile", action="store_true", help="say where the time goes")
    options.add_argument("--serve", help=argparse.SUPPRESS)
    options.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        serve(given.serve)
    elif given.ask:
        ask(json.load(sys.stdin))
    elif given.profile:
        profile(2000)
    else:
        compare(given.seconds, given.rounds, given.connections)
    return 0


def compare(seconds: float, rounds: int, connections: int) -> None:
    """Print the figures: of several rounds in turns the best of each."""
    asked = {
        "bare Flask route": ("/bare/", ONE, 1),
        "one decision": (DECIDE, ONE, 1),
        "batch of 100": (f"{DECIDE}/batch", HUNDRED, 100),
    }
    best: dict[str, tuple[float, float, float]] = {}
    with serving() as (port, secret):
        for path, body, _ in asked.values():
            measured(port, secret, path, body, 0.5, connections)  # warms up
        for _ in range(rounds):
            for name, (path, body, _) in asked.items():
                found = measured(port, secret, path, body, seconds, connections)
                best[name] = max(best.get(name, found), found)
    reference = best["bare Flask route"][0]
    print(f"{connections} connections, best of {rounds} rounds of {seconds:g} s")
    print(f"{'':20} {'requests/s':>12} {'decisions/s':>12} {'p50 ms':>9} {'p99 ms':>9} {'of bare':>9}")
    for name, (rate, median, slowest) in best.items():
        many = asked[name][2]
        made = "" if name == "bare Flask route" else f"{rate * many:,.0f}"
        print(f"{name:20} {rate:12,.0f} {made:>12} {median:9.1f} {slowest:9.1f} {rate / reference:9.0%}")


if __name__ == "__main__":
    sys.exit(main())
