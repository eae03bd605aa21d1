"""The short version of `python -m tests.endurance`: a few kills on both databases, a few disks without room."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.endurance import disks, kills
from tests.endurance.__main__ import published
from tests.endurance.client import Server
from tests.patience import HANGS
from tests.webadmin.store.conftest import Databases


@pytest.fixture
def token(tmp_path: Path) -> str:
    """Return a token of the API of a database on this disk."""
    return published(f"sqlite:///{tmp_path / 'record.db'}")


@pytest.fixture
def small(tmp_path: Path, token: str) -> Path:
    """Return the path of that database."""
    assert token
    return tmp_path / "record.db"


def test_nothing_acknowledged_is_lost_or_doubled_by_kills(databases: Databases, tmp_path: Path) -> None:
    address = databases.empty()

    endured = kills.endure(address, published(address), tmp_path, 3)

    assert endured.troubles == []
    assert endured.acknowledged >= 3 * kills.SOME
    assert max(endured.spent) < HANGS  # 4 s


def test_a_full_disk_refuses_and_recovers(small: Path, token: str, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()

    def way(_: Server, chance: random.Random) -> Callable[[], None]:
        return disks.fill(folder, chance.randrange(0, 65536))

    try:
        with disks.small_disk(folder):
            shutil.copy(small, folder)
            done = disks.endure(folder / small.name, token, 2, way)
    except disks.UnmountableError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"a small file system cannot be mounted here: {error}")

    assert (done.fills, done.troubles) == (2, [])


def test_a_disk_that_fails_refuses_and_recovers(small: Path, token: str) -> None:
    def way(server: Server, chance: random.Random) -> Callable[[], None]:
        return disks.limit(server, small.with_name("record.db-wal"), chance.uniform(0, 0.9))

    done = disks.endure(small, token, 2, way)

    assert (done.fills, done.troubles) == (2, [])
