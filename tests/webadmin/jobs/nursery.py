"""Makes worker processes quickly: whoever writes a line is told the id of a new one, forked before anything runs.

Each does jobs of the kind `steps`: every step notes its number, and saves it, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from time import sleep
from typing import Any

from tests.webadmin.nursery import fork_for_each_line
from webadmin.decisions.service import clock
from webadmin.jobs.context import Around, JobContext, Stop
from webadmin.jobs.worker import Worker
from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.record import Record

LEASE = timedelta(seconds=0.4)


def steps(context: JobContext, arguments: Mapping[str, Any]) -> dict[str, Any]:
    total = arguments["steps"]
    for number in range(context.resumed or 0, total):
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
