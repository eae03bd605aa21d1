"""`fairlead worker` looks at new events while it runs, and ends when asked."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from tests.patience import LONG, until
from tests.webadmin.signals.conftest import DIVERTED, LOST, SOLD, TRANSFER, kept, states, tell
from webadmin.jobs.child import COMMAND
from webadmin.secondengine.process import SecondEngine
from webadmin.store.record import Record


def seen(record: Record, expected: list[tuple[str, str, str]]) -> bool:
    """Wait until signals stand so."""
    return until(lambda: states(record) == expected, pause=0.05)


def test_a_worker_looks_at_what_is_told_while_it_runs(penal: Record, engine: SecondEngine, tmp_path: Path) -> None:
    assert engine.available().is_available
    address = penal.engine.url.render_as_string(hide_password=False)
    worker = subprocess.Popen(
        COMMAND[:-1],
        env={**os.environ, "DATABASE_URL": address, "FAIRLEAD_HEADS": f"{tmp_path}/heads.json"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        tell(penal, LOST, SOLD)
        assert seen(penal, [(DIVERTED, "c1", "raised")])
        tell(penal, TRANSFER)
        assert seen(penal, [(DIVERTED, "c1", "withdrawn")])
    finally:
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=LONG)

    assert worker.returncode == 0, said
    assert "events-looked" in said
    assert [each for each in ("c1", "am-1", "lost") if f" {each} " in said] == []
    assert len(kept(penal)) == 1
