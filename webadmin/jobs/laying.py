"""Lays the files that were handed over with a job out in a folder, as readers of tables want them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webadmin.jobs.context import JobContext
from webadmin.store import handed, jobs
from webadmin.store.jobs import State

FOLDER = "fairlead-import-"
"""Beginning of the names of the folders files are laid out in; the id of the job and a dot follow."""

MAPPING = ""
"""Name the mapping of a step is kept by."""


@contextmanager
def laid_out(context: JobContext, step: int) -> Iterator[Path]:
    """Lay the files of a step out in a folder; folders that killed workers left here go first."""
    _sweep(context)
    with context.record.engine.connect() as connection:
        files = handed.of_step(connection, context.job.id, step)
    outer = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{context.job.id}."))
    try:
        folder = outer / "files"
        folder.mkdir()
        (outer / "mapping.yaml").write_bytes(files.pop(MAPPING, b""))
        for name, content in files.items():
            (folder / name).write_bytes(content)
        yield folder
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def _sweep(context: JobContext) -> None:
    """Remove the folders of jobs of this record that nobody works on any more, and of this one."""
    for each in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        name = each.name.removeprefix(FOLDER).partition(".")[0]
        with context.record.engine.connect() as connection:
            job = jobs.find(connection, name)
        if job is not None and (name == context.job.id or job.state is not State.RUNNING):
            shutil.rmtree(each, ignore_errors=True)
