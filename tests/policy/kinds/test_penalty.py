"""What is proposed, what it still needs, and the limits no rule can switch off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from policy.errors import EvaluationError
from policy.kinds.base import Undetermined
from policy.kinds.penalty import ACTS, Evidence, Measure, PenaltySection, Proposal, result
from policy.model.document import Duration, Id
from tests.policy.kinds.world import NOWHERE, World, fx

LADDER = PenaltySection(
    (
        Measure(NOWHERE, Id("talk")),
        Measure(
            NOWHERE,
            Id("warning"),
            (Evidence(NOWHERE, "any", 1),),
            acts=(Id("hearing"), Id("notice")),
            points=3,
            expires=Duration("P12M"),
        ),
        Measure(NOWHERE, Id("compensation"), (Evidence(NOWHERE, "document", 2, 1),), amount=fx("claim")),
    )
)


def proposal(measure: str, case: dict[str, Any] | None = None, claim: Any = None, unit: str = "CNY") -> Proposal:
    scope = World({"case": case or {}, "claim": claim}, {"measures": [measure]}, units={"claim": unit})
    (got,) = result(LADDER, scope).proposed
    return got


def piece(kind: str, source: str | None = None, **more: str) -> dict[str, Any]:
    return {"kind": kind, "source": source, **more}


def test_measures_come_in_the_order_of_the_ladder() -> None:
    got = result(LADDER, World({"case": {}}, {"measures": ["warning", "talk"]}))

    assert [each.measure for each in got.proposed] == ["talk", "warning"]


def test_nothing_is_ever_final() -> None:
    assert result(LADDER, World(outputs={"measures": []})).to_data() == {"proposed": [], "final": False}


def test_unknown_measures_are_undetermined() -> None:
    with pytest.raises(Undetermined) as unknown:
        result(LADDER, World(outputs={"measures": None}))

    assert unknown.value.slot == "measures"


def test_a_measure_the_ladder_does_not_have_is_refused() -> None:
    with pytest.raises(EvaluationError, match=r"`dismissal`.*`measures`"):
        result(LADDER, World(outputs={"measures": ["dismissal"]}))


def test_a_measure_says_what_it_still_needs() -> None:
    assert proposal("warning").to_data() == {
        "measure": "warning",
        "needs": {
            "evidence": [{"kind": "any", "count": 1, "have": 0, "missing": 1, "independent": 0}],
            "acts": ["notice", "answer-window", "decision-by-a-person", "appeal-window", "hearing"],
        },
        "points": 3,
        "expires": "P12M",
        "amount": None,
    }


def test_every_measure_needs_the_acts_no_rule_can_switch_off() -> None:
    assert proposal("talk").acts == ACTS


@pytest.mark.parametrize(
    ("pieces", "reporter", "have", "missing"),
    [
        (None, None, 0, 2),
        ([piece("photo", "crm")], None, 0, 2),
        ([piece("document", "crm")], "tip", 1, 1),
        ([piece("document", "crm"), piece("document", "crm")], "tip", 2, 0),
        ([piece("document", "tip"), piece("document", "tip")], "tip", 2, 1),
        ([piece("document", "crm"), piece("document", "crm")], None, 2, 1),
        ([piece("document", "crm"), piece("document", "bank")], None, 2, 0),
        ([piece("document"), piece("document")], "tip", 2, 1),
        ([piece("document", "crm", id="d1"), piece("document", "bank", id="d1")], "tip", 1, 1),
    ],
    ids=[
        "nothing on file",
        "another kind",
        "one of two",
        "two from a source that did not report",
        "the reporter is not independent",
        "an unnamed reporter may be the only source",
        "an unnamed reporter can be one of two sources only",
        "a piece without source is not independent",
        "one piece listed twice counts once",
    ],
)
def test_evidence_is_held_against_the_file(pieces: Any, reporter: str | None, have: int, missing: int) -> None:
    (need,) = proposal("compensation", {"evidence": pieces, "reporter": reporter, "proven_loss": 9}).evidence

    assert (need.have, need.missing) == (have, missing)


@pytest.mark.parametrize("evidence", ["a document", ["document"]])
def test_evidence_without_fields_is_refused(evidence: Any) -> None:
    with pytest.raises(EvaluationError, match=r"`case\.evidence\[\]\.id`"):
        proposal("warning", {"evidence": evidence})


@pytest.mark.parametrize(
    ("claim", "loss", "unit", "amount", "limited"),
    [
        ("100.005", "1000", "CNY", "100.01", False),
        ("100.4", "1000", "JPY", "100", False),
        ("100.0004", "1000", "BHD", "100.000", False),
        ("2000", "1000", "CNY", "1000.00", True),
        ("100.005", "100.005", "CNY", "100.00", True),
        ("1", "-5", "CNY", "0.00", True),
        ("100", "1000", "points", "100.00", False),
    ],
)
def test_an_amount_is_rounded_once_and_never_above_the_proven_loss(
    claim: str,
    loss: str,
    unit: str,
    amount: str,
    limited: bool,
) -> None:
    got = proposal("compensation", {"proven_loss": Decimal(loss)}, Decimal(claim), unit).to_data()

    assert str(got["amount"]) == amount
    assert got.get("limited_by") == ("case.proven_loss" if limited else None)


@pytest.mark.parametrize(
    ("claim", "loss", "missing"),
    [(None, 9, ["claim"]), (9, None, ["case.proven_loss"]), (None, None, ["claim", "case.proven_loss"])],
)
def test_an_amount_that_is_not_known_is_unknown_and_never_zero(claim: Any, loss: Any, missing: list[str]) -> None:
    got = proposal("compensation", {"proven_loss": loss}, claim).to_data()

    assert (got["amount"], got["missing"]) == ("unknown", missing)


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(EvaluationError, match="`compensation` is -1"):
        proposal("compensation", {"proven_loss": 9}, -1)
