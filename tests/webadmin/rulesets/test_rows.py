"""Long lists in a form: what does not fit is refused, never left out."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from policy.model.document import FieldType
from policy.model.fields import Field, Group, tree
from webadmin.filling.typed import MOST_ROWS, from_form

TREE: Group = tree({"credits[].amount": Field("credits[].amount", FieldType.NUMBER)})


def form(count: int) -> MultiDict[str, str]:
    """Return a form with so many rows."""
    rows = [(f"credits.{row}", "") for row in range(count)]
    return MultiDict([*rows, *((f"credits.{row}.amount", "1") for row in range(count))])


def test_as_many_rows_as_a_form_shows_are_read() -> None:
    assert len(from_form(TREE, form(MOST_ROWS))["credits"]) == MOST_ROWS


@pytest.mark.parametrize("count", [MOST_ROWS + 1, 2_000])
def test_more_rows_are_refused(count: int) -> None:
    with pytest.raises(RequestEntityTooLarge):
        from_form(TREE, form(count))
