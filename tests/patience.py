"""How long a test waits before it says that something hangs."""

from __future__ import annotations

HANGS = 15.0
"""Seconds of processor time: a net for cost that grows without bound, which takes minutes where it is not caught.

How long things really take depends on the machine, so that no test asks it;
`bench/` and `python -m tests.fuzz` measure.
"""

PATIENCE = 120.0
"""Seconds by the clock that a test waits for another process, thread or page: only what hangs takes as long."""
