"""The lines of an explanation that show how a section came to its result: stages, ranking, statement, needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from policy.kinds import KindResult
from policy.kinds.approval import ApprovalResult, StageResult, Truth
from policy.kinds.assignment import AssignmentResult, Excluded, Ranked
from policy.kinds.penalty import PenaltyResult, Proposal
from policy.kinds.scorecard import ScorecardResult
from policy.kinds.statement import IncentiveResult, Line, LineKind
from policy.messages import Said, sentence
from policy.values import Language, readable


def details(result: KindResult, language: Language) -> list[str]:
    """Show how a section came to its result, a line for each stage, candidate, line of a statement or measure.

    Args:
        result: The section's result.
        language: The reader's language.

    Returns:
        Lower case, no full stop; empty where the first sentence of the explanation says it all.
    """
    match result:
        case ScorecardResult():
            return []
        case ApprovalResult():
            return [line for stage in result.stages for line in _stage(stage, language)]
        case AssignmentResult():
            return [*_ranking(result, language), *(_excluded(each, language) for each in result.excluded)]
        case IncentiveResult():
            return [_line(line, language) for line in result.lines] + list(_awards(result, language))
        case PenaltyResult():
            return [_proposal(each, language) for each in result.proposed]
    assert_never(result)


def _say(code: str, language: Language, **values: Said) -> str:
    return sentence(code, values, language)


def _stage(stage: StageResult, language: Language) -> Iterator[str]:
    if stage.skipped:
        yield _say("detail-stage-skipped", language, stage=stage.id)
        return
    if stage.unless is Truth.UNKNOWN:
        yield _say("detail-stage-unsure", language, stage=stage.id)
    if stage.actors is None:
        yield _say("detail-stage", language, stage=stage.id, need=stage.need, who=stage.who)
        return
    nobody = _say("says-nobody", language)
    yield _say("detail-stage-actors", language, stage=stage.id, need=stage.need, who=stage.actors.may_act or nobody)
    for barred in stage.actors.barred:
        yield _say("detail-barred", language, stage=stage.id, person=barred.approver or "?", by=barred.by)
    for unsure in stage.actors.unknown:
        values: dict[str, Said] = {"stage": stage.id, "person": unsure.approver or "?", "by": unsure.by}
        yield sentence("detail-unsure", {**values, "missing": unsure.missing}, language)


def _ranking(result: AssignmentResult, language: Language) -> Iterator[str]:
    for place, each in enumerate(result.ranked, 1):
        yield _ranked(place, each, language)


def _ranked(place: int, each: Ranked, language: Language) -> str:
    if each.score is None:
        return _say("detail-ranked-unscored", language, place=place, manager=each.manager)
    terms = tuple(
        _say("detail-term", language, term=term.id, weight=readable(term.weight), value=readable(term.value))
        for term in each.terms
    )
    score = readable(each.score)
    return _say("detail-ranked", language, place=place, manager=each.manager, score=score, terms=terms)


def _excluded(each: Excluded, language: Language) -> str:
    if not each.unknown:
        return _say("detail-excluded", language, manager=each.manager, by=each.by)
    if each.by:
        return _say("detail-excluded-also", language, manager=each.manager, by=each.by, unknown=each.unknown)
    values: dict[str, Said] = {"manager": each.manager, "unknown": each.unknown, "missing": each.missing or ("?",)}
    return sentence("detail-excluded-unknown", values, language)


def _line(line: Line, language: Language) -> str:
    values: dict[str, Said] = {"line": line.id, "amount": f"{line.amount:,f}", "running": f"{line.running:,f}"}
    if line.kind is LineKind.BAND and line.base is not None and line.rate is not None and line.to is not None:
        values |= {"base": readable(line.base), "rate": readable(line.rate)}
        values |= {"from": "0" if line.from_ is None else readable(line.from_), "to": readable(line.to)}
        return sentence("detail-band", values, language)
    return sentence("detail-line", values, language)


def _awards(result: IncentiveResult, language: Language) -> Iterator[str]:
    for award in result.awards:
        yield _say("detail-award", language, award=award.id, give=award.give)


def _proposal(each: Proposal, language: Language) -> str:
    if not each.points:
        return _say("detail-measure", language, measure=each.measure)
    if each.expires is None:
        return _say("detail-measure-points", language, measure=each.measure, points=each.points)
    return _say("detail-measure-expires", language, measure=each.measure, points=each.points, expires=each.expires)
