"""`fairlead serve` as a process: it tells its address, answers, and ends when asked."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from tests.patience import LONG
from tests.webadmin.api.conftest import DECIDE, ORDER, token_for
from webadmin.store.record import Record
from webadmin.store.tables import DECISIONS

ROOT = Path(__file__).parents[2]
PROGRAM = """\
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background of a script inherits none
from webadmin.cli import main
main(prog_name="fairlead")
"""


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FAIRLEAD_LANG": "en", "FAIRLEAD_ENV": "development"}
    environment["DATABASE_URL"] = f"sqlite:///{folder}/record.db"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "serve", *arguments], stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def told_address(process: subprocess.Popen[str]) -> str:
    """Return the address a server tells, after the lines of its log."""
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        if found is not None:
            return found[0]
    pytest.fail("the server ended without telling its address")


def test_it_tells_its_address_answers_and_stops_at_ctrl_c(folder: Path) -> None:
    with serving(folder, "--port", "0", "--rules", str(folder)) as process:
        address = told_address(process)
        with urlopen(address + "policies") as answer:  # noqa: S310 - our own server; it leads to the login
            assert "fairlead login add" in answer.read().decode()
            assert answer.headers["Server"] is None

        process.send_signal(signal.SIGINT)

        assert process.communicate(timeout=LONG)[1].splitlines()[-1] == "Fairlead has stopped"
        assert process.returncode == 0


def test_it_says_that_a_worker_runs_beside_it(folder: Path) -> None:
    with serving(folder, "--port", "0", "--rules", str(folder)) as process:
        told_address(process)
        assert process.stderr is not None
        assert any("a worker runs beside it" in line for line in process.stderr)


def refused(folder: Path, *arguments: str) -> tuple[str, int]:
    """Return what a server that cannot start says, and its exit code."""
    with serving(folder, *arguments) as process:
        return process.communicate(timeout=LONG)[1], process.returncode


def test_a_port_in_use_is_told_with_another_one(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said, code = refused(folder, "--port", str(port), "--rules", str(folder))

    assert code == 2
    assert f"127.0.0.1:{port} is in use" in said
    assert f"--port {port + 1}" in said


@pytest.mark.parametrize("host", ["no such host", "203.0.113.1"])
def test_an_address_that_is_not_ours_is_told(folder: Path, host: str) -> None:
    said, code = refused(folder, "--host", host, "--port", "0", "--rules", str(folder))

    assert (code, "cannot listen on" in said) == (2, True)


@pytest.mark.parametrize("demo", [(), ("--demo",)])
def test_without_the_folder_it_starts_and_says_so(tmp_path: Path, demo: tuple[str, ...]) -> None:
    with serving(tmp_path, "--port", "0", "--rules", str(tmp_path / "nowhere"), *demo) as process:
        address = told_address(process)
        with closing(urlopen(f"{address}healthz")) as answer:  # noqa: S310 - the address of this test's server
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        assert process.stderr.read().splitlines()[-1] == "Fairlead has stopped"
        process.wait(LONG)


def test_what_is_missing_is_told_before_the_address(tmp_path: Path) -> None:
    with serving(tmp_path, "--port", "0", "--rules", str(tmp_path / "nowhere"), "--demo") as process:
        assert process.stderr is not None
        told = []
        while not told or not told[-1].startswith("Fairlead is at"):
            told.append(process.stderr.readline())
            assert told[-1], told

    said = "".join(told)
    assert "there is no folder" in said
    assert "the made-up organisation was not loaded" in said
    assert "folder-unreadable" in said


def test_settings_that_cannot_be_used_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRLEAD_PORT", "http")

    said, code = refused(folder, "--rules", str(folder))

    assert (code, "FAIRLEAD_PORT: found `http`" in said) == (2, True)


def test_sigterm_finishes_what_was_begun(rules: Path, tmp_path: Path) -> None:
    """Eight connections ask all the time when the signal comes: what was decided was answered."""
    with serving(tmp_path, "--port", "0", "--rules", str(rules)) as process:
        assert process.stderr is not None
        port = int(told_address(process).rstrip("/").rpartition(":")[2])
        record = Record.open(f"sqlite:///{tmp_path}/record.db")
        token = token_for(record)
        with ThreadPoolExecutor(9) as pool:
            log = pool.submit(process.stderr.read)  # a full pipe would hold the server up
            asking = [pool.submit(acknowledged, port, token) for _ in range(8)]
            wait_for_decisions(record, 20)
            process.send_signal(signal.SIGTERM)
            answered = [name for each in asking for name in each.result(LONG)]
        process.wait(LONG)
        with record.engine.connect() as connection:
            kept = list(connection.execute(select(DECISIONS.c.id)).scalars())
        record.close()

    assert process.returncode == 0
    assert log.result().splitlines()[-1] == "Fairlead has stopped"
    assert sorted(answered) == sorted(kept)
    assert answered


def wait_for_decisions(record: Record, count: int) -> None:
    """Wait until so many are kept."""
    end, kept = monotonic() + LONG, 0
    while kept < count:
        assert monotonic() < end
        sleep(0.02)
        with record.engine.connect() as connection:
            kept = connection.execute(select(func.count()).select_from(DECISIONS)).scalar_one()


def acknowledged(port: int, token: str) -> list[str]:
    """Ask for decisions until the server is gone, and return the ids of those it acknowledged."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    found: list[str] = []
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection, suppress(ConnectionError):
        while True:
            connection.request("POST", DECIDE, json.dumps({"facts": ORDER}), headers)
            answer = connection.getresponse()
            found.append(json.loads(answer.read())["id"])
    return found
