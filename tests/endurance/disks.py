"""Disks without room under `fairlead serve`: a small file system that is filled up, a limit on the size of files.

The first makes SQLite say `SQLITE_FULL`, the second `SQLITE_IOERR`: with both, who writes is told to try again, nothing
is damaged, and decisions are kept again as soon as there is room, by the same process.
"""

from __future__ import annotations

import random
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from tests.endurance.client import Client, Server
from tests.endurance.kills import examined

ROOM = 64 * 1024 * 1024
"""Bytes of the small file system."""

PAUSE = 0.02
"""Seconds each connection rests after a decision: the file system is to be filled by us, not by them."""


class UnmountableError(Exception):
    """A file system cannot be mounted here."""


@dataclass
class Filled:
    """What came of it.

    Attributes:
        refused: Calls that were answered 503 with Retry-After.
        recoveries: Seconds until a decision was kept again, for each time.
    """

    fills: int = 0
    refused: int = 0
    acknowledged: int = 0
    recoveries: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a small file system in memory at a folder.

    Raises:
        UnmountableError: that is not permitted.
    """
    call = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    try:
        made = subprocess.run(call, capture_output=True, text=True, check=False)
    except OSError as error:
        raise UnmountableError(str(error)) from error
    if made.returncode:
        raise UnmountableError(made.stderr.strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


def fill(folder: Path, spare: int) -> Callable[[], None]:
    """Fill a disk up to some spare bytes; return what frees it again."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            file.truncate(max(file.tell() - spare, 0))
    return filler.unlink


def limit(server: Server, log: Path, share: float) -> Callable[[], None]:
    """Let the server write no file beyond a share of what its log has now; return what lifts that."""
    hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (int(log.stat().st_size * share), hard))
    return lambda: void(resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (hard, hard)))


def void(_: object) -> None:
    """Return nothing."""


def endure(
    database: Path, token: str, fills: int, way: Callable[[Server, random.Random], Callable[[], None]]
) -> Filled:
    """Take the room away from a server under load `fills` times, and give it back.

    Args:
        database: A file of SQLite with the shipped policies; the heads are exported beside it.
        token: Of the HTTP API of it.
        fills: How often.
        way: How the room goes; returns how it comes back.
    """
    chance = random.Random(1)
    done, heads = Filled(), database.with_name("heads.json")
    client = Client(token, pause=PAUSE)
    client.server = server = Server(f"sqlite:///{database}", heads)
    try:
        for number in range(1, fills + 1):
            done.troubles += _once(server, client, done, lambda: way(server, chance), chance.uniform(0.1, 0.4))
            done.troubles += client.wrong
            if done.troubles:
                break
            done.fills = number
            done.troubles += examined(f"sqlite:///{database}", dict(client.kept))
    finally:
        server.kill()
        client.close()
    done.troubles += examined(f"sqlite:///{database}", client.kept, heads)
    done.refused, done.acknowledged = client.busy, len(client.kept)
    return done


def _once(
    server: Server, client: Client, done: Filled, take: Callable[[], Callable[[], None]], rest: float
) -> list[str]:
    kept, busy = len(client.kept), client.busy
    if not server.until(lambda: len(client.kept) > kept + 20):
        return [f"no decisions were kept while there was room: {' '.join(server.said)}"]
    give_back = take()
    if not server.until(lambda: client.busy > busy + 20):
        return [f"nobody was refused while there was no room (busy: {client.busy - busy})"]
    sleep(rest)
    give_back()
    kept, begin = len(client.kept), monotonic()
    if not server.until(lambda: len(client.kept) > kept + 5):
        return ["no decisions were kept after there was room again"]
    done.recoveries.append(monotonic() - begin)
    return []


def told(name: str, done: Filled) -> str:
    """Return the figures on one line."""
    slowest = max(done.recoveries, default=0)
    return (
        f"{name}: {done.fills}, acknowledged: {done.acknowledged}, refused: {done.refused}, "
        f"slowest recovery: {slowest:.2f} s, troubles: {len(done.troubles)}"
    )
