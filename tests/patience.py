"""How long a test waits before it says that something hangs."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

HANGS = 15.0
"""Seconds of processor time: a net for cost that grows without bound, which takes minutes where it is not caught.

How long things really take depends on the machine, so that no test asks it;
`bench/` and `python -m tests.fuzz` measure.
"""

LONG = 300.0
"""Seconds on the clock that another process is waited for: how soon it gets its turn is the machine's business."""


def until(holds: Callable[[], object], seconds: float = LONG, *, pause: float = 0.01) -> bool:
    """Wait until something holds, and say whether it came to that."""
    end = monotonic() + seconds
    while not (found := holds()) and monotonic() < end:
        sleep(pause)
    return bool(found)
