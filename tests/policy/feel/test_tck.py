"""The expression cases of the DMN TCK, and those of this domain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policy import feel
from tests import tck

KNOWN_TO_DIFFER = {
    ("0068-feel-equality", "datetime_003_a"): "a tenth of a millisecond is a difference here",
    ("0070-feel-instance-of", "list_018"): "the type is declared in the model, not in the expression",
    ("0070-feel-instance-of", "number_013"): "the type is declared in the model, not in the expression",
}
CASES = [case for case in tck.cases() if not case.get("extended_year")]


def domain() -> Iterator[Any]:
    path = tck.CASES / "feel_domain.json"
    for row in json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal) if path.exists() else []:
        for number, case in enumerate(row["cases"]):
            yield pytest.param(row, case, id=f"{row['id']}-{number}")


def plain(value: Any) -> Any:
    """Return a value whose tagged parts are read."""
    if isinstance(value, dict):
        return tck.value(value) if set(value) == {"t", "v"} else {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else feel.from_python(value)


@pytest.mark.skipif(not CASES, reason=f"there is no {tck.CASES}")
@pytest.mark.parametrize("group", ["value", "null"])
def test_the_tck_agrees(group: str) -> None:
    """At least 99 of 100 agree, and only the known ones do not."""
    outcomes = [outcome for outcome in map(tck.run, CASES) if outcome.group == group]
    differing = {(each.case["suite"], each.case["case"]) for each in outcomes if not each.agrees}

    assert differing <= KNOWN_TO_DIFFER.keys()
    assert len(differing) * 100 <= len(outcomes)


def test_where_there_are_no_cases_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tck, "CASES", tmp_path)

    assert tck.main() == 1
    assert str(tmp_path) in capsys.readouterr().err


@pytest.mark.parametrize(("row", "case"), list(domain()))
def test_the_domain_agrees(row: dict[str, Any], case: dict[str, Any]) -> None:
    inputs = plain(case["input"])
    if row["kind"] == "cell":
        subject = inputs
        for name in row["cell_input"].split("."):
            subject = (subject or {}).get(name)
        got = feel.unary_test(row["expr"], subject, inputs)
    else:
        got = feel.evaluate(row["expr"], inputs)

    assert tck.agree(got, plain(case["expected"])), case["note"]
