"""Makes worker processes quickly: whoever writes a line is told the id of a new one, forked before anything runs.

Each does jobs of the kind `steps`: every step notes its number, and saves it, in one transaction. The file `gate` says
before which step they wait, so that a job is not done before it was killed as often as it should be.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any

from tests.webadmin.nursery import fork_for_each_line
from webadmin.decisions.service import clock
from webadmin.jobs.context import Around, JobContext, Stop
from webadmin.jobs.worker import Worker
from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.record import Record

LEASE = timedelta(seconds=1)


def allowed(gate: Path) -> int:
    """Return before which step workers wait."""
    return int(gate.read_text("utf-8"))


def steps(context: JobContext, arguments: Mapping[str, Any]) -> dict[str, Any]:
    total, gate = arguments["steps"], Path(arguments["gate"])
    for number in range(context.resumed or 0, total):
        sleep(0.003)
        while number >= allowed(gate):
            sleep(0.003)
        context.progress(number + 1, total)
        context.checkpoint(
            number + 1,
            lambda transaction, number=number: audit.note(
                transaction, context.now(), "system", Action.CHANGED, f"step-{number}"
            ),
        )
    return {"steps": total}


def work(address: str) -> None:
    Worker(Record.open(address), {"steps": steps}, Around(clock, Stop(), LEASE, idle=0.05)).run()


if __name__ == "__main__":
    fork_for_each_line(work)
