"""People in sentences of the engine stand by their names, and nothing else is touched."""

from __future__ import annotations

import pytest

from webadmin.wording.people import with_names

NAMES = {"am-1": "Li", "am-11": "Wu", "a.b": "Dot", "于": "Yu"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("assigned to am-1 over am-11", "assigned to Li over Wu"),
        ("分配给am-1，其次是am-11。", "分配给Li，其次是Wu。"),
        ("am-12, xam-1 and am-1-b stay", "am-12, xam-1 and am-1-b stay"),
        ("aXb is not a.b", "aXb is not Dot"),
    ],
)
def test_ids_are_replaced_whole(said: str, expected: str) -> None:
    assert with_names(said, NAMES) == expected


def test_nobody_is_named_who_is_not_known() -> None:
    assert with_names("assigned to am-1", {}) == "assigned to am-1"
