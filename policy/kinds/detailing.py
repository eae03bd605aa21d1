"""The lines of an explanation that show how a section came to its result: stages, ranking, statement, needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol, assert_never

from policy.kinds import KindResult
from policy.kinds.approval import ApprovalResult, StageResult, Truth
from policy.kinds.assignment import AssignmentResult, Excluded, Ranked
from policy.kinds.penalty import PenaltyResult, Proposal
from policy.kinds.saying import needs
from policy.kinds.scorecard import ScorecardResult
from policy.kinds.statement import IncentiveResult, Line, LineKind
from policy.messages import Said, sentence
from policy.values import Language, Text, readable


class Teller(Protocol):
    """Knows what stands behind the rows of a result."""

    def row(self, row: str, person: str) -> str:
        """Return why a row of the section shuts a person out."""

    def stage(self, stage: str, person: str) -> str:
        """Return why a person is not meant by a stage."""

    def called(self, name: str) -> str:
        """Return what a row of the section is called, its id where it has no label."""

    def line(self, line: str) -> str | None:
        """Return the reason of a line or an award, None where the policy gives none."""


def details(result: KindResult, language: Language, teller: Teller) -> list[str]:
    """Show how a section came to its result, a line for each stage, candidate, line of a statement or measure.

    Args:
        result: The section's result.
        language: The reader's language.
        teller: Knows what stands behind the rows.

    Returns:
        Lower case, no full stop; empty where the first sentence of the explanation says it all.
    """
    match result:
        case ScorecardResult():
            return []
        case ApprovalResult():
            return [line for stage in result.stages for line in _stage(stage, language, teller)]
        case AssignmentResult():
            return [
                *_ranking(result, language, teller),
                *(_excluded(each, language, teller) for each in result.excluded),
            ]
        case IncentiveResult():
            return [*(_line(line, language, teller) for line in result.lines), *_awards(result, language, teller)]
        case PenaltyResult():
            return [_proposal(each, language, teller) for each in result.proposed]
    assert_never(result)


def _say(code: str, language: Language, **values: Said) -> str:
    return sentence(code, values, language)


def _stage(stage: StageResult, language: Language, teller: Teller) -> Iterator[str]:
    name = teller.called(stage.id)
    if stage.skipped:
        yield _say("detail-stage-skipped", language, stage=name)
        return
    if stage.unless is Truth.UNKNOWN:
        yield _say("detail-stage-unsure", language, stage=name)
    if stage.actors is None:
        yield _say("detail-stage", language, stage=name, need=stage.need, who=stage.who)
        return
    nobody = _say("says-nobody", language)
    yield _say("detail-stage-actors", language, stage=name, need=stage.need, who=stage.actors.may_act or nobody)
    unsure = {each.approver: each.by for each in stage.actors.unknown}
    for barred in stage.actors.barred:
        by = tuple(each for each in barred.by if each not in unsure.get(barred.approver, ()))
        if by:
            yield _barred(stage.id, barred.approver or "?", by, language, teller)
    for each in stage.actors.unknown:
        values: dict[str, Said] = {"stage": name, "person": each.approver or "?", "by": each.by}
        yield sentence("detail-unsure", {**values, "missing": each.missing or ("?",)}, language)


def _barred(stage: str, person: str, by: Sequence[str], language: Language, teller: Teller) -> str:
    why = tuple(teller.stage(stage, person) if each == "who" else teller.row(each, person) for each in by)
    return _say("detail-barred", language, stage=teller.called(stage), person=person, by=why)


def _ranking(result: AssignmentResult, language: Language, teller: Teller) -> Iterator[str]:
    for place, each in enumerate(result.ranked, 1):
        yield _ranked(place, each, language, teller)


def _ranked(place: int, each: Ranked, language: Language, teller: Teller) -> str:
    if each.score is None:
        return _say("detail-ranked-unscored", language, place=place, manager=each.manager)
    terms = tuple(
        _say(
            "detail-term",
            language,
            term=teller.called(term.id),
            weight=readable(term.weight),
            value=readable(term.value),
        )
        for term in each.terms
    )
    score = readable(each.score)
    return _say("detail-ranked", language, place=place, manager=each.manager, score=score, terms=terms)


def _excluded(each: Excluded, language: Language, teller: Teller) -> str:
    by = tuple(teller.row(row, each.manager) for row in each.by)
    if not each.unknown:
        return _say("detail-excluded", language, manager=each.manager, by=by)
    if each.by:
        return _say("detail-excluded-also", language, manager=each.manager, by=by, unknown=each.unknown)
    values: dict[str, Said] = {"manager": each.manager, "unknown": each.unknown, "missing": each.missing or ("?",)}
    return sentence("detail-excluded-unknown", values, language)


def _line(line: Line, language: Language, teller: Teller) -> str:
    values: dict[str, Said] = {"line": line.id, "amount": f"{line.amount:,f}", "running": f"{line.running:,f}"}
    if line.kind is LineKind.BAND and line.base is not None and line.rate is not None and line.to is not None:
        values |= {"base": readable(line.base), "rate": readable(line.rate)}
        values |= {"from": "0" if line.from_ is None else readable(line.from_), "to": readable(line.to)}
        return sentence("detail-band", values, language)
    because = teller.line(line.id) if line.amount else None
    if because is None:
        return sentence("detail-line", values, language)
    return sentence("detail-line-because", {**values, "because": because}, language)


def _awards(result: IncentiveResult, language: Language, teller: Teller) -> Iterator[str]:
    for award in result.awards:
        because = teller.line(award.id)
        values: dict[str, Said] = {"award": award.id, "give": award.give}
        if because is None:
            yield sentence("detail-award", values, language)
        else:
            yield sentence("detail-award-because", {**values, "because": because}, language)


def _proposal(each: Proposal, language: Language, teller: Teller) -> str:
    values: dict[str, Said] = {"measure": teller.called(each.measure), "needs": tuple(needs(each, language))}
    if not each.points:
        return sentence("detail-measure", values, language)
    values["points"] = each.points
    if each.expires is None:
        return sentence("detail-measure-points", values, language)
    return sentence("detail-measure-expires", {**values, "expires": duration(each.expires, language)}, language)


_PARTS = re.compile(r"(\d+)([YMWDHS])")
_UNITS = {
    "Y": Text("年", "years"),
    "W": Text("周", "weeks"),
    "D": Text("天", "days"),
    "H": Text("小时", "hours"),
    "S": Text("秒", "seconds"),
}
_MONTHS, _MINUTES = Text("个月", "months"), Text("分钟", "minutes")


def duration(written: str, language: Language) -> str:
    """Write an ISO 8601 duration in words.

    Example:
        >>> duration("P1Y6M", Language.EN), duration("P1DT30M", Language.ZH)
        ('1 year 6 months', '1 天 30 分钟')
    """
    days, _, clock = written.partition("T")
    said = [(count, _MONTHS if unit == "M" else _UNITS[unit]) for count, unit in _PARTS.findall(days)]
    said += [(count, _MINUTES if unit == "M" else _UNITS[unit]) for count, unit in _PARTS.findall(clock)]
    text = " ".join(f"{count} {_counted(unit.to(language), count)}" for count, unit in said) or written
    return f"-{text}" if written.startswith("-") else text


def _counted(unit: str, count: str) -> str:
    """Return a unit as it is said of so many: in English one of them has no `s`."""
    return unit.removesuffix("s") if count == "1" else unit
