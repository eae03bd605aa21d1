"""`python -m tests.endurance --kills 100 --fills 10`: the long version of what the suite does a few times."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from tests.endurance import disks, kills
from tests.endurance.client import ROOT, Server, token_of
from webadmin.decisions.service import clock, today
from webadmin.store import shipped
from webadmin.store.record import Record
from webadmin.store.revisions import SYSTEM, Act


def published(address: str) -> str:
    """Publish the shipped policies in an empty record, and return a token of its API."""
    record = Record.open(address)
    now = clock()
    shipped.publish_folder(record, ROOT / "rules", Act(SYSTEM, now, today(now)))
    token = token_of(record)
    record.close()
    return token


def filled(database: Path, token: str, fills: int) -> disks.Filled:
    """Fill a small disk under a copy of a database."""

    def way(_: Server, chance: random.Random) -> Callable[[], None]:
        return disks.fill(folder, chance.randrange(0, 65536))

    with tempfile.TemporaryDirectory() as name, disks.small_disk(Path(name)) as folder:
        shutil.copy(database, folder / "record.db")
        return disks.endure(folder / "record.db", token, fills, way)


def limited(database: Path, token: str, fills: int) -> disks.Filled:
    """Limit the size of files of a server over a copy of a database."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(shutil.copy(database, name)).rename(Path(name) / "record.db")

        def way(server: Server, chance: random.Random) -> Callable[[], None]:
            return disks.limit(server, copy.with_name("record.db-wal"), chance.uniform(0, 0.9))

        return disks.endure(copy, token, fills, way)


def main() -> int:
    """Run both and print the figures; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--fills", type=int, default=10)
    parser.add_argument("--database", help="address of an empty database, for instance of PostgreSQL")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    troubles: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        empty = Path(name) / "empty.db"
        token = published(f"sqlite:///{empty}")
        for what, run in (("fills of the disk", filled), ("limits of files", limited)):
            if not asked.fills:
                break
            done = run(empty, token, asked.fills)
            print(disks.told(what, done), flush=True)
            troubles += done.troubles
        address = asked.database or f"sqlite:///{empty}"
        if asked.database:
            token = published(address)
        began = monotonic()
        endured = kills.endure(address, token, Path(name), asked.kills, asked.seed)
        print(kills.told(endured, began))
        troubles += endured.troubles
    print(*troubles[:20], sep="\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
