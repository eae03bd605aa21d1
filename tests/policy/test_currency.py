"""Currency codes and the decimals they are paid in."""

from __future__ import annotations

import pytest

from policy.currency import MINOR_UNITS, is_currency, minor_units


@pytest.mark.parametrize(
    ("code", "places"), [("CNY", 2), ("USD", 2), ("EUR", 2), ("JPY", 0), ("ISK", 0), ("TND", 3), ("UYW", 4), (None, 2)]
)
def test_minor_units(code: str | None, places: int) -> None:
    assert minor_units(code) == places


def test_codes_are_three_capital_letters() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in MINOR_UNITS)


@pytest.mark.parametrize("unit", ["hours", "cny", "XYZ", "", None])
def test_other_units_are_no_currencies(unit: str | None) -> None:
    assert not is_currency(unit)
