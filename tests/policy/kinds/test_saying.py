"""The first sentence of an explanation, in both languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from policy.kinds import KindResult
from policy.kinds.approval import Actors, ApprovalResult, StageResult, Truth
from policy.kinds.assignment import AssignmentResult, Excluded, Otherwise, Ranked
from policy.kinds.penalty import ACTS, Compensation, EvidenceNeed, PenaltyResult, Proposal
from policy.kinds.saying import needs, sentence
from policy.kinds.scorecard import ScorecardResult
from policy.kinds.statement import IncentiveResult, Line, LineKind
from policy.values import Language, Text


def stage(name: str, need: int = 1, unless: Truth | None = None, *, enough: bool | None = None) -> StageResult:
    actors = None if enough is None else Actors((), (), (), enough)
    return StageResult(name, need, None, None, unless, "true", actors)


def approval(*stages: StageResult) -> ApprovalResult:
    return ApprovalResult(stages)


def assigned(
    *ranked: tuple[str, str | None], excluded: int = 0, otherwise: Otherwise | None = None
) -> AssignmentResult:
    scored = (Ranked(name, None if score is None else Decimal(score), ()) for name, score in ranked)
    return AssignmentResult(tuple(scored), (Excluded("x", ("region",), (), ()),) * excluded, otherwise)


def paid(*amounts: tuple[str, str], earned: str = "18000.00", currency: str | None = "CNY") -> IncentiveResult:
    running = Decimal(earned)
    lines = [Line("band-0", LineKind.BAND, running, running)]
    for name, amount in amounts:
        running += Decimal(amount)
        lines.append(Line(name, LineKind.ADD, Decimal(amount), running))
    return IncentiveResult(currency, None, None, tuple(lines), Decimal(earned), Decimal("0.00"), (), ())


def proposed(*rows: tuple[str, dict[str, Any]]) -> PenaltyResult:
    plain: dict[str, Any] = {"evidence": (), "acts": ACTS, "points": 0, "expires": None, "compensation": None}
    return PenaltyResult(tuple(Proposal(measure=name, **{**plain, **keys}) for name, keys in rows))


def evidence(kind: str, missing: int) -> dict[str, Any]:
    return {"evidence": (EvidenceNeed(kind, missing, 0, missing, 0),)}


ACTS_EN = "notice, time to answer, a decision by a person, time to appeal"
ACTS_ZH = "告知本人、申辩期、由人作出决定、申诉期"

CASES: list[tuple[KindResult, str, str]] = [
    (
        ScorecardResult("points", Decimal("92.0"), "grade", "A", Decimal(80)),
        "grade A with 92 points",
        "grade A，points 92",
    ),
    (
        ScorecardResult("points", Decimal(3), "percent", Decimal("0.50"), Decimal(0)),
        "percent 0.5 with 3 points",
        "percent 0.5，points 3",
    ),
    (approval(), "needs no approval", "无须审批"),
    (approval(stage("lead")), "needs one approval: lead", "须经一项审批：lead"),
    (
        approval(stage("lead", unless=Truth.UNKNOWN), stage("director"), stage("finance", enough=True)),
        "needs three approvals: lead, director, finance",
        "须经三项审批：lead、director、finance",
    ),
    (
        approval(stage("lead"), stage("finance", 2, enough=False)),
        "needs three approvals: lead, finance × 2; of the persons given, too few may act in finance",
        "须经三项审批：lead、finance × 2；所列人员中，有权处理 finance 的人数不足",
    ),
    (approval(stage("board", 11)), "needs 11 approvals: board × 11", "须经11项审批：board × 11"),
    (approval(stage("lead", unless=Truth.TRUE)), "needs no approval: skipped are lead", "无须审批：已跳过 lead"),
    (
        assigned(("am-07", "0.820000"), ("am-03", "0.790000")),
        "assigned to am-07 with score 0.82 over am-03 0.79",
        "分配给 am-07，得分 0.82，其次是 am-03，得分 0.79",
    ),
    (
        assigned(("am-03", "0.5"), ("am-07", "0.5")),
        "assigned to am-03 with score 0.5, equal with am-07 and first by the tie break",
        "分配给 am-03，得分 0.5，与 am-07 同分，按同分规则居前",
    ),
    (
        assigned(("am-03", "0.5"), excluded=2),
        "assigned to am-03 with score 0.5, the only eligible candidate",
        "分配给 am-03，得分 0.5，是唯一符合条件的人选",
    ),
    (
        assigned(("am-03", None), ("am-07", None)),
        "assigned to am-03, first by the tie break among 2 eligible",
        "分配给 am-03，在 2 名符合条件者中按同分规则居首",
    ),
    (
        assigned(excluded=4, otherwise=Otherwise.UNASSIGNED),
        "unassigned: none of the 4 candidates is eligible",
        "未分配：4 名候选人均不符合条件",
    ),
    (assigned(otherwise=Otherwise.UNASSIGNED), "unassigned: there are no candidates", "未分配：没有候选人"),
    (
        assigned(excluded=4, otherwise=Otherwise.POOL),
        "goes to the pool: none of the 4 candidates is eligible",
        "转入公海：4 名候选人均不符合条件",
    ),
    (assigned(otherwise=Otherwise.POOL), "goes to the pool: there are no candidates", "转入公海：没有候选人"),
    (
        paid(("clawback", "-500.00"), ("draw", "0.00")),
        "comes to 17,500.00 CNY: earned 18,000.00 CNY, clawback -500.00 CNY",
        "应付 17,500.00 CNY：计得 18,000.00 CNY、clawback -500.00 CNY",
    ),
    (paid(currency=None), "comes to 18,000.00: earned 18,000.00", "应付 18,000.00：计得 18,000.00"),
    (
        paid(("clawback", "-20000.00")),
        (
            "comes to nothing, -2,000.00 CNY is carried to the next statement: "
            "earned 18,000.00 CNY, clawback -20,000.00 CNY"
        ),
        "本期不付，-2,000.00 CNY 结转下期：计得 18,000.00 CNY、clawback -20,000.00 CNY",
    ),
    (proposed(), "proposes nothing", "不建议采取措施"),
    (
        proposed(("warning", evidence("document", 2))),
        "proposes warning; a person decides",
        "建议 warning，须由人作出决定",
    ),
    (
        proposed(
            ("talk", {"acts": (*ACTS, "hearing")}),
            ("warning", evidence("any", 1)),
            ("fee", {**evidence("photo", 0), "compensation": Compensation(Decimal("9.00"), "CNY")}),
        ),
        "proposes talk, warning, fee of 9.00 CNY; a person decides",
        "建议 talk、warning、fee 9.00 CNY，须由人作出决定",
    ),
    (
        proposed(("loss", {"compensation": Compensation(None, "CNY")})),
        "proposes loss of an amount not known yet; a person decides",
        "建议 loss（金额尚未确定），须由人作出决定",
    ),
]


@pytest.mark.parametrize(("result", "en", "zh"), CASES, ids=[en[:40] for _, en, _ in CASES])
def test_the_first_sentence(result: KindResult, en: str, zh: str) -> None:
    assert (sentence(result, Language.EN), sentence(result, Language.ZH)) == (en, zh)


def test_outputs_are_called_by_their_labels() -> None:
    result = ScorecardResult("points", Decimal(92), "grade", "A", Decimal(80))
    labels = {"points": Text("得分", "points scored"), "grade": Text("等级", "grade")}

    assert sentence(result, Language.ZH, labels) == "等级 A，得分 92"
    assert sentence(result, Language.EN, labels) == "grade A with 92 points scored"


def test_what_a_measure_still_needs() -> None:
    result = proposed(("warning", {**evidence("document", 2), "acts": (*ACTS, "hearing")}))

    needed = [needs(result.proposed[0], language) for language in (Language.EN, Language.ZH)]

    assert needed[0] == ["2 × document", *ACTS_EN.split(", "), "hearing"]
    assert needed[1] == ["document 2 份", *ACTS_ZH.split("、"), "hearing"]
