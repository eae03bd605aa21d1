"""A list asked for with a filter there is none of is the list all the same, not a page that is missing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

LISTS = (
    "/contests",
    "/customers",
    "/decisions",
    "/imports",
    "/people",
    "/policies",
    "/signals",
    "/simulations",
    "/simulations/compare",
    "/simulations/many",
    "/simulations/plans/new",
    "/search",
)
FILTERS = ("state", "status", "kind", "team", "tier", "of", "show", "sort", "policy", "day", "page", "before", "cursor")


@pytest.mark.parametrize("address", LISTS)
def test_an_unknown_filter_value_leaves_the_list(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200

    answers = {name: client.get(f"{address}?{name}=x").status_code for name in FILTERS}

    assert set(answers.values()) == {200}, answers
