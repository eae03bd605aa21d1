"""What every test shares: where the shipped policies and the outside cases lie, and repeatable property tests."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# Derandomized: the same commit passes or fails alike everywhere. No deadline: shared build machines pause.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("repeatable")

# Many tests start the program, which takes twice as long where each start compiles its modules anew: they are kept also
# where the machine's environment says otherwise, as that of containers often does.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - pytest makes a folder of its own there
"""A disk in memory, and the bytes that must be free on it: a run leaves hundreds of small databases."""


def _keep_in_memory() -> None:
    """Have databases and folders of tests made where nothing waits for a disk, unless the caller says where.

    The website commits as durably as anywhere; on a disk each of some ten thousand commits waits for milliseconds.
    """
    if not MEMORY.is_dir() or "PYTEST_DEBUG_TEMPROOT" in os.environ:
        return
    there = os.statvfs(MEMORY)
    runs = not there.f_flag & os.ST_NOEXEC  # some tests write programs and start them
    if runs and os.access(MEMORY, os.W_OK) and there.f_bavail * there.f_frsize >= ROOM:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


_keep_in_memory()

ONCE = (
    "tests/browser/",
    "tests/webadmin/api/test_schema_conformance.py",
    "tests/webadmin/demo/",
    "tests/webadmin/jobs/test_kills.py",
    "tests/webadmin/test_hostile.py",
    "tests/webadmin/signals/test_kills.py",
    "tests/webadmin/store/test_endurance.py",
    "tests/policy/test_maven",
)
"""Tests that take long and say nothing about a version of Python."""


LONG = ("tests/browser/", "tests/webadmin/api/test_schema_conformance.py", "tests/webadmin/test_hostile.py")
"""Tests that take seconds each."""


REPEATING = (
    "tests/acceptance/test_undetermined_reference.py",
    "tests/policy/conditions/test_conditions.py::test_any_text_is_kept",
    "tests/policy/feel/test_reckoning.py::test_loading",
    "tests/policy/feel/test_reckoning.py::test_threads",
    "tests/policy/model/test_comparison.py::test_shipped_policies_differ",
    "tests/policy/test_editor.py::test_random_edits",
    "tests/policy/test_maven",
    "tests/policy/test_reader.py::test_reading_a_large_policy",
)
"""Tests that go through the same lines again and again, with much or random data.

Coverage makes each line cost several times as much; it is measured by all the others, which reach the lines that
these reach. Property tests are left out of it likewise, but those in `ALONE`.
"""

ALONE = ("tests/policy/feel/", "tests/policy/test_yamltext.py")
"""Where property tests reach lines that no other test reaches."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what one version of Python is enough for, and what coverage is not measured by.

    The first are those tests, and those that run on PostgreSQL besides SQLite. The long ones come first: none is left
    to the end, when other processes have nothing more to do.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    for item in items:
        if item.nodeid.startswith(ONCE) or "postgresql" in item.name:
            item.add_marker("once")
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if item.nodeid.startswith(REPEATING) or (is_property and not item.nodeid.startswith(ALONE)):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Spend less on looking for garbage: a fifth of the time of many tests went there, mostly to what stays anyway."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="session")
def rules() -> Path:
    """Return the folder of the shipped policies."""
    return ROOT / "rules"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of outside cases and data; the test is skipped where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    return folder
