"""What every test shares: where the shipped policies and the outside cases lie, and repeatable property tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# Derandomized: the same commit passes or fails alike everywhere. No deadline: shared build machines pause.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("repeatable")


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what one version of Python is enough for: those tests, and those that run on PostgreSQL besides SQLite."""
    for item in items:
        if item.nodeid.startswith(ONCE) or "postgresql" in item.name:
            item.add_marker("once")


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
