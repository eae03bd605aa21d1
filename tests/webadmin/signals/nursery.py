"""Makes processes that look at events: whoever writes a line is told the id of a new one, forked before anything runs.

Each looks at few events at a time, so that a kill mostly falls into the middle of something.
"""

from __future__ import annotations

import os
import sys
from datetime import date

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


def main() -> None:
    for line in sys.stdin:
        warm(line.strip())
        made = os.fork()
        if not made:
            sys.stdin.close()
            work(line.strip())
        print(made, flush=True)
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
