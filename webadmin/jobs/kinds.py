"""Every kind of job: its name, and the function that does it."""

from __future__ import annotations

from collections.abc import Mapping

from webadmin.jobs import comparing, importing, reassigning, recomputing, reevaluating, verifying
from webadmin.jobs.worker import Kind

KINDS: Mapping[str, Kind] = {
    importing.KIND: importing.run,
    verifying.KIND: verifying.run,
    comparing.KIND: comparing.run,
    reassigning.KIND: reassigning.run,
    "recompute": recomputing.run,
    "reevaluate": reevaluating.run,
}
"""Kind → what it does. The result is plain data, bounded, and kept with the job."""
