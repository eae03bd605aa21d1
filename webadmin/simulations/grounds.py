"""Says why it is this person who takes a customer over: what the score is made of, and how the second best compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext, ngettext

from policy.engine import Policy
from policy.runtime.showing import ALL_CLASSES, Eyes
from policy.values import Language, Text
from webadmin import filters, language
from webadmin.reassigning.proposal import Move, Tie
from webadmin.reassigning.ranking import Rival, Share, in_points
from webadmin.reassigning.totals import apart


@dataclass(frozen=True, slots=True)
class Grounds:
    """Says it of the moves of one plan.

    Attributes:
        policy: What proposed; None where it is not kept any more.
        rows: What its rows are called, by id.
        name: Returns what a person is called.
    """

    policy: Policy | None
    rows: Mapping[str, Text]
    name: Callable[[str], str]
    language: Language

    def sentences(self, move: Move) -> list[str]:
        """Return what speaks for whoever takes a customer over, and how the second best compares."""
        return [each for each in (self.favour(move), self.compared(move), self.tie(move)) if each]

    def favour(self, move: Move) -> str:
        """Return what speaks for whoever takes a customer over; empty where nobody does, or nothing is told."""
        told = self.terms(move.terms)
        if move.taker is None or not told:
            return ""
        most = filters.number(sum((each.weight for each in move.terms), Decimal()))
        return str(gettext("Of %(most)s points: %(terms)s.", most=most, terms=told))

    def less(self, score: Decimal, best: Decimal, terms: Sequence[Share]) -> str:
        """Return how a score compares with the best, in points."""
        more, most = in_points(score - best, terms)
        told = {"points": filters.number(abs(more)), "most": filters.number(most)}
        if not more:
            return str(gettext("fits as well"))
        if more < 0:
            return str(gettext("fits less, by %(points)s of %(most)s points", **told))
        return str(gettext("fits better, by %(points)s of %(most)s points", **told))

    def costs(self, move: Move) -> list[str]:
        """Return what a choice by hand costs: how much less it fits, and which limits are set aside."""
        if not move.by_hand:
            return []
        limits = [f"“{self._called(each)}”" for each in (*move.passes, *move.pace)]
        said = [] if move.cost is None else [self._given_up(move, move.cost)]
        said += [str(gettext("Set aside by hand: %(limits)s.", limits=self._listed(limits)))] if limits else []
        return said

    def _given_up(self, move: Move, cost: Decimal) -> str:
        if move.is_left_alone:
            return self.unused(cost, move.terms)
        less, most = in_points(cost, move.terms)
        told = {"points": filters.number(abs(less)), "most": filters.number(most)}
        if not less:
            return str(gettext("Fits as well as whom the policy proposed."))
        if less > 0:
            return str(gettext("Fits less than whom the policy proposed, by %(points)s of %(most)s points.", **told))
        return str(gettext("Fits better than whom the policy proposed, by %(points)s of %(most)s points.", **told))

    def unused(self, best: Decimal, terms: Sequence[Share]) -> str:
        """Return what it costs that a customer stays with somebody who leaves or is away."""
        points, most = map(filters.number, in_points(best, terms))
        return str(
            gettext(
                "Nobody looks after it: the %(points)s of %(most)s points of whoever fits best go unused.",
                points=points,
                most=most,
            )
        )

    @staticmethod
    def in_all(moves: Sequence[Move]) -> str:
        """Return how much less some moves fit by all choices by hand; empty where that is nothing."""
        more = apart(moves)
        if more < 0:
            return str(gettext("fit less, by %(points)s points in all", points=filters.number(-more)))
        return str(gettext("fit better, by %(points)s points in all", points=filters.number(more))) if more else ""

    def terms(self, terms: Sequence[Share]) -> str:
        """Return the terms that add to a score with their points, the most first."""
        adding = sorted((each for each in terms if each.points), key=lambda each: -each.points)
        return self._listed([f"{self._called(each.id)} {filters.number(each.points)}" for each in adding])

    def compared(self, move: Move) -> str:
        """Return how the second best compares, or whom the policy proposed; empty where nothing is told."""
        if move.taker is None or not move.terms:
            return ""
        if move.rival is None:
            return str(gettext("Nobody else could take it."))
        return language.joined((self._introduced(move, move.rival), *self._differing(move.terms, move.rival.terms)))

    def _introduced(self, move: Move, rival: Rival) -> str:
        told = {"name": self.name(rival.person), "score": "–" if rival.score is None else filters.number(rival.score)}
        if move.by_hand:
            return str(gettext("Proposed was %(name)s with %(score)s.", **told))
        return str(gettext("Second best is %(name)s with %(score)s.", **told))

    def _differing(self, own: Sequence[Share], others: Sequence[Share]) -> list[str]:
        theirs = {each.id: each.points for each in others}
        unlike = [(each, theirs[each.id]) for each in own if theirs.get(each.id, each.points) != each.points]
        ahead = self._listed([self._pair(each, other) for each, other in unlike if each.points > other])
        behind = self._listed([self._pair(each, other) for each, other in unlike if each.points < other])
        said = [gettext("Ahead in %(terms)s.", terms=ahead)] if ahead else []
        said += [gettext("Behind in %(terms)s.", terms=behind)] if behind else []
        return list(map(str, said))

    def _pair(self, own: Share, other: Decimal) -> str:
        told = {"term": self._called(own.id), "own": filters.number(own.points), "other": filters.number(other)}
        return str(gettext("%(term)s (%(own)s against %(other)s)", **told))

    def tie(self, move: Move) -> str:
        """Return how a tie was broken; empty where there is none."""
        if move.tie is None or move.taker is None or move.rival is None:
            return ""
        same = ngettext("%(num)s other has the same score.", "%(num)s others have the same score.", move.tie.others)
        return f"{same} {self._broken(move.tie)}"

    def _broken(self, tie: Tie) -> str:
        if not tie.by or self.policy is None:
            return str(gettext("The policy says who comes first then."))
        if tie.by == "manager.id":
            return str(gettext("Then the lower reference number comes first, by the policy."))
        called = Eyes(self.policy.rule_set, ALL_CLASSES, self.language).label(tie.by)
        return str(gettext("Then the lower “%(field)s” comes first, by the policy.", field=called))

    def _called(self, row: str) -> str:
        return self.rows[row].to(self.language) if row in self.rows else row

    def _listed(self, parts: Sequence[str]) -> str:
        return str(gettext(", ")).join(parts)
