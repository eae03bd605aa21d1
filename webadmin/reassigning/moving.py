"""Makes a move out of a ranking: who takes a customer over, and what is told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from webadmin.reassigning.proposal import Cause, Move, Tie
from webadmin.reassigning.ranking import Choice, Ranking, Rival
from webadmin.reassigning.scene import Scene


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
    others = [each for each in ranking.choices if each is not chosen and not each.passes] if chosen else []
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
        terms=() if chosen is None else chosen.terms,
        rival=Rival(others[0].person, others[0].score, others[0].terms) if others else None,
        tie=_tie(scene, chosen, others),
        status=customer.status,
        alone=_alone(ranking) if chosen is None else {},
    )


def _alone(ranking: Ranking) -> dict[str, int]:
    """Return the rows that exclude some candidates all by themselves, with how many."""
    rows = [*ranking.excluded.values(), *(each.passes for each in ranking.choices)]
    single = Counter(each[0] for each in rows if len(set(each)) == 1)
    return dict(single.most_common())


def _tie(scene: Scene, chosen: Choice | None, others: Sequence[Choice]) -> Tie | None:
    """Return how whoever was chosen was told apart from others of the same score; None where there are none."""
    same = [each.person for each in others if chosen is not None and each.score == chosen.score]
    return Tie(scene.told_apart(chosen.person, same[0]), len(same)) if chosen is not None and same else None
