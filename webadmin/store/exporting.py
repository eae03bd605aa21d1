"""Exports the heads after commits: soon, but at most about once a second, and never over heads the database lost.

A crash may lose the last second; verification then says that what lies after the last exported head cannot be proven
against cutting off. Where the database no longer holds what was exported, the files stay as they are, or the proof
would be gone with the next write.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock, Timer

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from webadmin.store.heads import Heads, HeadsError, Outside, Place, check_contained, current, everything

EVERY = 1
"""Seconds from a commit to the export of its head."""

LINE_EVERY = timedelta(hours=1)
"""How far apart the lines of the history are at least."""

_LOG = logging.getLogger(__name__)


class Exporter:
    """Exports the heads of one database from this process; others may do the same.

    Args:
        engine: The database.
        place: Where to.
        clock: Tells the instant it is.

    Attributes:
        place: Where they are exported to.
        problem: Why the last export failed; None where it did not.
    """

    def __init__(self, engine: Engine, place: Place, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self.place = place
        self._clock = clock
        self._lock = Lock()
        self._exporting = Lock()
        self._timer: Timer | None = None
        self.problem: str | None = None

    def committed(self) -> None:
        """Take notice of a commit: its head will be exported within a second."""
        if self._timer is not None:  # the common case while much is written, without a lock
            return
        with self._lock:
            if self._timer is None:
                self._timer = Timer(EVERY, self._due)
                self._timer.daemon = True
                self._timer.start()

    def _due(self) -> None:
        self._timer = None  # before reading: a commit from now on needs another export
        self.export()

    def export(self) -> None:
        """Export now; what goes wrong is logged, and kept in `problem`."""
        try:
            with self._exporting:
                self._export()
        except (HeadsError, OSError, SQLAlchemyError) as error:
            said = str(error)
            if said != self.problem:
                _LOG.warning("the heads of the record could not be exported: %s", said)
            self.problem = said
        else:
            self.problem = None

    def _export(self) -> None:
        self.place.path.parent.mkdir(parents=True, exist_ok=True)
        with self.place.locked():
            before = self.place.newest()
            with self._engine.connect() as connection:
                if before is not None:
                    check_contained(connection, before)
                now = current(connection, self._clock())
            if before is not None and before.marks == now.marks and self.place.path.exists():
                return
            self.place.write(now)
            self._remember(now)

    def _remember(self, heads: Heads) -> None:
        last = self.place.remembered()
        if last is None or heads.at - last.at >= LINE_EVERY:
            self.place.remember(heads)

    def outside(self) -> Outside:
        """Return all that was exported."""
        return everything(self.place)

    def close(self) -> None:
        """Export what was committed last."""
        with self._lock:
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            self.export()
        with self._exporting:  # one that began by itself ends first
            pass
