"""Kills of the server at random moments under load: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from time import monotonic, sleep

from tests.endurance.client import Server, troubles
from webadmin.store.record import Record


@dataclass
class Endured:
    """What came of it.

    Attributes:
        acknowledged: Decisions whose ids the client was told.
        starts: Seconds from each start to the first decision kept.
        troubles: What is wrong with the record.
    """

    kills: int = 0
    acknowledged: int = 0
    starts: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def endure(address: str, kills: int, seed: int = 1) -> Endured:
    """Kill a server `kills` times, every tenth time while it starts, and look at the record after each ten.

    Args:
        address: A record with the shipped policies.
        kills: How often.
        seed: Of the random moments.
    """
    chance = random.Random(seed)
    known: dict[str, str] = {}
    endured = Endured()
    for number in range(1, kills + 1):
        server = Server(address, f"r{number}")
        if number % 10 == 5:
            sleep(chance.uniform(0, 1))
        elif not server.until(lambda server=server: bool(server.kept), 30):  # type: ignore[misc]
            endured.troubles.append(f"no decision within 30 s of start {number}")
        else:
            endured.starts.append(server.first or 0)
            sleep(chance.uniform(0, 0.4))
        server.kill()
        endured.troubles += server.wrong
        known |= server.kept
        if number % 10 == 0 or number == kills:
            endured.troubles += examined(address, known)
        if endured.troubles:
            break
    endured.kills, endured.acknowledged = number, len(known)
    return endured


def examined(address: str, known: dict[str, str]) -> list[str]:
    """Return what is wrong with a record."""
    record = Record.open(address)
    try:
        return troubles(record, known)
    finally:
        record.close()


def told(endured: Endured, began: float) -> str:
    """Return the figures on one line."""
    slowest = max(endured.starts, default=0)
    return (
        f"kills: {endured.kills}, acknowledged: {endured.acknowledged}, slowest start: {slowest:.2f} s, "
        f"seconds: {monotonic() - began:.0f}, troubles: {len(endured.troubles)}"
    )
