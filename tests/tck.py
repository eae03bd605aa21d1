"""Runs the expression cases of the DMN TCK and prints how many agree: `python -m tests.tck`.

The cases that expect a value and those that expect null are counted apart (an evaluator that always answers null
gets none of the first), and years outside 1 to 9999, which are refused, apart from both.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from policy import feel
from policy.errors import PolicyError
from policy.feel.temporal import read_date, read_date_time, read_duration, read_time

CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
"""Where the outside cases lie; they are not part of the repository."""

AS_OF = feel.DateTime(date(2026, 11, 21), 0, 0)
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one case gave.

    Attributes:
        case: The case as written.
        got: The value, or the error raised.
        agrees: Whether that is what the case expects.
    """

    case: Mapping[str, Any]
    got: Any
    agrees: bool

    @property
    def group(self) -> str:
        """Return "value", "null" or "extended year"."""
        if self.case.get("extended_year"):
            return "extended year"
        return "null" if self.case["expected"] is None else "value"


def cases() -> list[dict[str, Any]]:
    """Return all cases; none where they are not there."""
    path = CASES / "feel_tck.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


_READ = {
    "string": str,
    "boolean": lambda text: text == "true",
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
    "date": read_date,
    "time": read_time,
    "dateTime": read_date_time,
    "duration": read_duration,
}


def value(tagged: Any) -> Any:
    """Return the value of a tagged one."""
    if tagged is None:
        return None
    if not isinstance(tagged, Mapping):
        return feel.from_python(tagged)
    if tagged["t"] == "list":
        return [value(each) for each in tagged["v"]]
    if tagged["t"] == "context":
        return {name: value(each) for name, each in tagged["v"].items()}
    return _READ[tagged["t"]](tagged["v"])


def agree(got: Any, expected: Any) -> bool:
    """Say whether two values agree: numbers to 8 significant digits, the rest exactly."""
    if isinstance(expected, Decimal) and isinstance(got, Decimal):
        return got == expected or abs(got - expected) <= abs(expected) * Decimal(10) ** -_DIGITS
    if got.__class__ is not expected.__class__:
        return False
    if isinstance(expected, list):
        return len(got) == len(expected) and all(map(agree, got, expected))
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(agree(got[name], each) for name, each in expected.items())
    return bool(got == expected)


def run(case: Mapping[str, Any]) -> Outcome:
    """Evaluate one case."""
    inputs = {name: value(each) for name, each in case["inputs"].items()}
    expected = value(case["expected"])
    try:
        got = feel.evaluate(case["expr"], inputs, as_of=AS_OF)
    except PolicyError as error:
        return Outcome(case, error, expected is None and case["error"])
    try:
        return Outcome(case, got, agree(got, expected))
    except InvalidOperation:
        return Outcome(case, got, agrees=False)


def main() -> int:
    """Print the figures and every case that does not agree; return 1 where there are no cases."""
    outcomes = [run(case) for case in cases()]
    if not outcomes:
        print(f"there are no cases: {CASES / 'feel_tck.json'} is not there", file=sys.stderr)
        return 1
    for each in outcomes:
        if not each.agrees and each.group != "extended year":
            case = each.case
            shown = (
                feel.to_text(each.got)
                if not isinstance(each.got, Exception)
                else f"{type(each.got).__name__}: {each.got}"
            )
            wanted = "null" if case["expected"] is None else feel.to_text(value(case["expected"]))
            print(f"{case['suite']} {case['case']}: {case['expr']}\n    expected {wanted}, got {shown}")
    for group in ("value", "null", "extended year"):
        members = [each for each in outcomes if each.group == group]
        agreeing = sum(each.agrees for each in members)
        share = Decimal(100) * agreeing / len(members) if members else Decimal(0)
        print(f"{group}: {agreeing} of {len(members)} ({share:.2f} %)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
