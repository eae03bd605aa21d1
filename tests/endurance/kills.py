"""Kills of `fairlead serve` at random moments under load: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from tests.endurance.client import Client, Server, troubles, unproven
from webadmin.store.record import Record

EVERY = 10
"""Kills between two looks at the record."""

SOME = 3
"""Decisions that are kept before a server is killed, unless it is killed while it starts."""


@dataclass
class Endured:
    """What came of it.

    Attributes:
        acknowledged: Decisions whose ids the client was told.
        again: Those of them that were asked for once more after a kill.
        starts: Seconds from each start to the first decision kept.
        spent: Seconds of processor time each server took until then.
        troubles: What is wrong with the record.
    """

    kills: int = 0
    acknowledged: int = 0
    again: int = 0
    starts: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def endure(address: str, token: str, folder: Path, kills: int, seed: int = 1) -> Endured:
    """Kill a server `kills` times, every tenth time while it starts, and look at the record after each ten.

    Args:
        address: A record with the shipped policies.
        token: Of the HTTP API of it.
        folder: Where heads are exported to.
        kills: How often.
        seed: Of the random moments.
    """
    chance = random.Random(seed)
    endured = Endured()
    client = Client(token)
    try:
        while endured.kills < kills and not endured.troubles:
            _once(client, Server(address, folder / "heads.json"), endured, chance)
            if endured.kills % EVERY == 0 or endured.kills == kills:
                endured.troubles += examined(address, dict(client.kept))
    finally:
        client.close()
    endured.acknowledged, endured.again = len(client.kept), client.again
    endured.troubles += examined(address, client.kept, folder / "heads.json")
    return endured


def _once(client: Client, server: Server, endured: Endured, chance: random.Random) -> None:
    client.server, before = server, len(client.kept)
    endured.kills += 1
    if endured.kills % EVERY == EVERY // 2:
        sleep(chance.uniform(0, 2))
    elif server.until(lambda: len(client.kept) > before):
        endured.starts.append(monotonic() - server.began)
        endured.spent.append(server.spent())
        if not server.until(lambda: len(client.kept) >= before + SOME):
            endured.troubles.append(f"decisions end after start {endured.kills}: {' '.join(server.said)}")
        sleep(chance.uniform(0, 0.4))
    else:
        endured.troubles.append(f"no decision after start {endured.kills}: {' '.join(server.said)}")
    server.kill()
    endured.troubles += client.wrong


def examined(address: str, known: dict[str, str], heads: Path | None = None) -> list[str]:
    """Return what is wrong with a record; with the exported heads, also what cannot be verified."""
    record = Record.open(address)
    try:
        return troubles(record, known) + ([] if heads is None else unproven(record, heads))
    finally:
        record.close()


def told(endured: Endured, began: float) -> str:
    """Return the figures on one line."""
    slowest = max(endured.starts, default=0)
    middle = sorted(endured.starts)[len(endured.starts) // 2] if endured.starts else 0
    return (
        f"kills: {endured.kills}, acknowledged: {endured.acknowledged}, asked again after a kill: {endured.again}, "
        f"start to first decision: {middle:.2f} s, slowest {slowest:.2f} s, "
        f"seconds: {monotonic() - began:.0f}, troubles: {len(endured.troubles)}"
    )
