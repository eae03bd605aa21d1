"""What every test shares: where the shipped policies and the outside cases lie, and repeatable property tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# Derandomized: the same commit passes or fails alike everywhere. No deadline: shared build machines pause.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("repeatable")


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
