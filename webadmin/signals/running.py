"""The thread of a worker that looks at events for as long as the worker runs."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Thread
from traceback import extract_tb

from sqlalchemy.exc import SQLAlchemyError

from webadmin.jobs.context import Around
from webadmin.jobs.worker import TROUBLED
from webadmin.secondengine.process import SecondEngine
from webadmin.signals.looking import Looker
from webadmin.store.record import Record
from webadmin.store.writer import BusyError

STALLED = 30
"""Seconds before looking goes on after an error of the program; nothing is passed over."""

log = logging.getLogger("fairlead.signals")


class Looking(Thread):
    """Looks at events until the worker ends.

    Args:
        record: The database.
        around: Clock, pause between two looks, and whether to end.
        engine: The second engine; it is closed at the end.
    """

    def __init__(self, record: Record, around: Around, engine: SecondEngine) -> None:
        super().__init__(name="looking", daemon=True)
        self._looker = Looker(record, engine, around.clock)
        self._engine = engine
        self._around = around

    def run(self) -> None:
        """Look until asked to end."""
        stop = self._around.stop
        while not stop.asked:
            try:
                found = self._looker.step()
            except (BusyError, OSError, SQLAlchemyError) as error:
                log.warning("database-unreachable error=%s", type(error).__name__)
                stop.wait(TROUBLED)
            except Exception as error:  # noqa: BLE001 - one bad event must not end the worker's jobs
                last = extract_tb(error.__traceback__)[-1]
                place = f"{Path(last.filename).name}:{last.lineno}"
                log.error("looking-broken error=%s place=%s", type(error).__name__, place)  # noqa: TRY400 - no values
                stop.wait(STALLED)
            else:
                if not found:
                    stop.wait(self._around.idle)
        self._engine.close()
