"""Makes a move out of a ranking: who takes a customer over, and what is told of it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from webadmin.reassigning.proposal import Cause, Move
from webadmin.reassigning.scene import Ranking, Scene


def made(  # noqa: PLR0913, PLR0917 - what a move is made of
    scene: Scene,
    name: str,
    giver: str,
    taker: str | None,
    ranking: Ranking,
    cause: Cause,
    since: date,
    until: date | None = None,
) -> Move:
    """Return a move as a ranking came to it."""
    customer = scene.customers[name]
    chosen = next((each for each in ranking.choices if each.person == taker), None)
    out: Counter[str] = Counter(row for rows in ranking.excluded.values() for row in rows)
    out.update(row for each in ranking.choices for row in each.passes)
    return Move(
        name,
        cause,
        giver,
        taker,
        since,
        until,
        customer.tier,
        customer.load,
        customer.value,
        None if chosen is None else chosen.score,
        ranking.stays,
        ranking.why,
        ranking.problems,
        dict(out.most_common()),
        () if chosen is None else chosen.pace,
    )
