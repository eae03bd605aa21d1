"""Makes processes that look at events: whoever writes a line is told the id of a new one, forked before anything runs.

Each looks at few events at a time, so that a kill mostly falls into the middle of something.
"""

from __future__ import annotations

from datetime import date

from tests.webadmin.nursery import fork_for_each_line
from webadmin.decisions.service import clock
from webadmin.jobs.context import Around, Stop
from webadmin.secondengine.process import SecondEngine
from webadmin.signals import running
from webadmin.signals.coverage import Coverage
from webadmin.signals.looking import Looker
from webadmin.store.record import Record


def work(address: str) -> None:
    record = Record.open(address)
    looking = running.Looking(record, Around(clock, Stop(), idle=0.01), SecondEngine())
    looking._looker = Looker(record, looking._engine, clock, batch=3)  # noqa: SLF001 - few at a time
    looking.run()


def warm(address: str) -> None:
    """Compile the policies once, for all who are forked from here."""
    record = Record.open(address)
    with record.engine.connect() as connection:
        Coverage(record.catalogue).between(connection, date(2020, 1, 1), None)
    record.close()


if __name__ == "__main__":
    fork_for_each_line(work, warm)
