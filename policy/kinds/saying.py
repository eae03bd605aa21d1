"""The first sentence of an explanation: what a section came to, in zh and en."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, assert_never

from policy.kinds import KindResult
from policy.kinds.approval import ApprovalResult, StageResult
from policy.kinds.assignment import AssignmentResult, Otherwise
from policy.kinds.penalty import ACTS, ANY, PenaltyResult, Proposal
from policy.kinds.scorecard import ScorecardResult
from policy.kinds.statement import IncentiveResult
from policy.messages import Said
from policy.messages import sentence as written
from policy.values import Language, Text, shortest

_NUMBERS = (
    Text("零", "no"),
    Text("一", "one"),
    Text("两", "two"),
    Text("三", "three"),
    Text("四", "four"),
    Text("五", "five"),
    Text("六", "six"),
    Text("七", "seven"),
    Text("八", "eight"),
    Text("九", "nine"),
    Text("十", "ten"),
)


def sentence(result: KindResult, language: Language, labels: Mapping[str, Text] | None = None) -> str:
    """Say in one sentence what a section came to.

    Args:
        result: The section's result.
        language: The reader's language.
        labels: What outputs and rows of the section are called, by name and id; one without a label stands as it is.

    Returns:
        Lower case, no full stop: `assigned to am-07 with score 0.82 over am-03 0.79`.
    """
    labels = labels or {}
    match result:
        case ScorecardResult():
            return _scorecard(result, language, labels)
        case ApprovalResult():
            return _approval(result, language, labels)
        case AssignmentResult():
            return _assignment(result, language)
        case IncentiveResult():
            return _incentive(result, language, labels)
        case PenaltyResult():
            return _penalty(result, language, labels)
    assert_never(result)


def _say(code: str, language: Language, **values: Said) -> str:
    return written(code, values, language)


def _scorecard(result: ScorecardResult, language: Language, labels: Mapping[str, Text]) -> str:
    return _say(
        "says-grade",
        language,
        give=labels.get(result.give, result.give),
        value=_plain(result.value),
        points=shortest(result.points),
        of=labels.get(result.of, result.of),
    )


def _plain(value: Any) -> str:
    return shortest(value) if isinstance(value, Decimal) else str(value)


def _called(name: str, language: Language, labels: Mapping[str, Text]) -> str:
    label = labels.get(name)
    return name if label is None else label.to(language)


def _approval(result: ApprovalResult, language: Language, labels: Mapping[str, Text]) -> str:
    if not result.stages:
        return _say("says-approval-none", language)
    if not result.needed:
        return _say(
            "says-approval-skipped",
            language,
            skipped=tuple(_called(stage.id, language, labels) for stage in result.stages),
        )
    count = _approvals(sum(stage.need for stage in result.open), language)
    stages = tuple(_stage(stage, language, labels) for stage in result.open)
    lacking = [stage.id for stage in result.open if stage.actors is not None and not stage.actors.enough]
    short = tuple(_called(each, language, labels) for each in lacking)
    if short:
        return _say("says-approval-short", language, count=count, stages=stages, short=short)
    return _say("says-approval", language, count=count, stages=stages)


def _approvals(count: int, language: Language) -> str:
    if count == 1:
        return _say("says-approvals-one", language)
    return _say("says-approvals", language, number=_NUMBERS[count] if count < len(_NUMBERS) else count)


def _stage(stage: StageResult, language: Language, labels: Mapping[str, Text]) -> str:
    name = _called(stage.id, language, labels)
    return name if stage.need == 1 else _say("says-times", language, what=name, count=stage.need)


def _assignment(result: AssignmentResult, language: Language) -> str:
    if not result.ranked:
        return _nobody(result, language)
    first, *others = result.ranked
    if first.score is None:
        return _say("says-assigned-unscored", language, manager=first.manager, count=len(result.ranked))
    score = shortest(first.score)
    if not others:
        return _say("says-assigned-only", language, manager=first.manager, score=score)
    second = others[0]
    code = "says-assigned-tie" if second.score == first.score else "says-assigned"
    second_score = "" if second.score is None else shortest(second.score)
    return _say(code, language, manager=first.manager, score=score, second=second.manager, second_score=second_score)


def _nobody(result: AssignmentResult, language: Language) -> str:
    code = "says-pool" if result.otherwise is Otherwise.POOL else "says-unassigned"
    if not result.excluded:
        return _say(f"{code}-empty", language)
    return _say(code, language, count=len(result.excluded))


def _incentive(result: IncentiveResult, language: Language, labels: Mapping[str, Text]) -> str:
    parts = (
        _say("says-earned", language, amount=_money(result.earned, result.currency, language)),
        *(
            _say(
                "says-line",
                language,
                what=_called(line.id, language, labels),
                amount=_money(line.amount, result.currency, language),
            )
            for line in result.adjusted
            if line.amount
        ),
    )
    if result.total < 0:
        carried = _money(result.carried, result.currency, language)
        return _say("says-carried", language, carried=carried, parts=parts)
    return _say("says-paid", language, paid=_money(result.paid, result.currency, language), parts=parts)


def _grouped(amount: Decimal) -> str:
    return f"{amount:,f}"


def _money(amount: Decimal, currency: str | None, language: Language) -> str:
    if currency is None:
        return _grouped(amount)
    return _say("says-money", language, amount=_grouped(amount), currency=currency)


def _penalty(result: PenaltyResult, language: Language, labels: Mapping[str, Text]) -> str:
    if not result.proposed:
        return _say("says-proposes-nothing", language)
    return _say("says-proposes", language, measures=tuple(_measure(each, language, labels) for each in result.proposed))


def needs(proposal: Proposal, language: Language) -> list[str]:
    """Say what a measure still needs before a person may decide it: evidence, then acts."""
    return [*_evidence(proposal, language), *_acts(proposal.acts, language)]


def _measure(proposal: Proposal, language: Language, labels: Mapping[str, Text]) -> str:
    asked, name = proposal.compensation, _called(proposal.measure, language, labels)
    if asked is None:
        return name
    if asked.amount is None:
        return _say("says-compensation-unknown", language, measure=name)
    amount = _money(asked.amount, asked.currency, language)
    return _say("says-compensation", language, measure=name, amount=amount)


def _evidence(proposal: Proposal, language: Language) -> Iterable[str]:
    for row in proposal.evidence:
        if row.missing:
            code = "says-evidence-any" if row.kind == ANY else "says-evidence"
            yield _say(code, language, count=row.missing, kind=row.kind)


def _acts(acts: Iterable[str], language: Language) -> Iterable[str]:
    return (_say(f"says-act-{act}", language) if act in ACTS else act for act in acts)
