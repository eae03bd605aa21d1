"""Bodies held against their forms: all that is wrong comes at once, and nothing that msgspec would refuse passes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy.values import Language
from tests.webadmin.api.conftest import DECIDE, ORDER, Api
from webadmin.api.fitting import MOST_NAMED, fitted, unfit
from webadmin.api.proposalshapes import ApproveBody, ProposeBody
from webadmin.api.shapes import BatchBody, CloudEvent, DecideBody
from webadmin.api.workshapes import JobBody, ReevaluateJob

FORMS: dict[str, Any] = {
    "decide": DecideBody,
    "batch": BatchBody,
    "event": CloudEvent,
    "propose": ProposeBody,
    "approve": ApproveBody,
    "job": JobBody,
}
NAMES = (
    *("facts", "as_of", "events", "items", "documents", "since", "until", "note", "comment", "kind", "policy"),
    *("recompute", "revision", "text", "specversion", "id", "source", "type", "time", "subject", "data", "a/b~c"),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 3),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            "",
            "1.0",
            "verify",
            "recompute",
            "reevaluate",
            "2026-03-01",
            "2026-02-30",
            "2026-03-01T09:00:00+08:00",
            "x" * 301,
        ]
    ),
    st.text(max_size=4),
)
VALUES = st.recursive(
    LEAVES,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), below),
    max_leaves=12,
)


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(value=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8) | VALUES)
def test_what_passes_is_what_the_form_takes(name: str, value: Any) -> None:
    faults, _ = unfit(value, FORMS[name])

    assert [each for each in faults if not _is_there(value, str(each.pointer), each.code)] == []
    if not faults:
        fitted(value, FORMS[name])  # raises nothing: what the walk lets pass, msgspec takes


def _is_there(value: Any, pointer: str, code: str) -> bool:
    """Say whether a pointer leads to something, or to where a member is missing."""
    *steps, last = [each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:]] or [""]
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    if not pointer:
        return True
    return isinstance(value, list) or (last in value) is (code != "body-missing")


@pytest.mark.parametrize(
    ("form", "right"),
    [
        (DecideBody, {"facts": {}, "as_of": None, "events": None}),
        (BatchBody, {"items": [1, {}]}),
        (ProposeBody, {"documents": {"a": "x"}, "since": "2026-03-01", "until": None}),
        (JobBody, {"kind": "reevaluate", "policy": "a.b", "since": "2026-03-01T09:00:00Z", "revision": 1}),
        (ApproveBody, {}),
    ],
)
def test_what_is_right_is_taken(form: Any, right: Any) -> None:
    assert unfit(right, form) == ([], 0)
    fitted(right, form)


def test_the_form_a_word_names_is_the_one_looked_at() -> None:
    assert isinstance(fitted({"kind": "reevaluate", "policy": "a.b"}, JobBody), ReevaluateJob)  # type: ignore[arg-type]


def test_only_the_first_faults_are_named_and_the_others_counted(near: Api) -> None:
    answer = near.post(DECIDE, {f"k{number}": 1 for number in range(500)}).json

    assert len(answer["errors"]) == MOST_NAMED
    assert answer["more"] == 501 - MOST_NAMED  # `facts` is missing, too
    assert "problems: 501" in answer["detail"]


def test_everything_wrong_with_a_proposal_is_told_in_both_languages() -> None:
    faults, _ = unfit({"documents": {"": 1}, "since": "tomorrow", "nte": "x" * 3000, "note": "x" * 2001}, ProposeBody)

    assert [(each.code, each.pointer) for each in faults] == [
        ("body-unknown", "/nte"),
        ("body-length", "/documents/"),
        ("body-type", "/documents/"),
        ("body-form", "/since"),
        ("body-length", "/note"),
    ]
    assert faults[0].suggestion == "note"
    for each in faults:
        zh, en = (each.detail.to(language) for language in Language)
        assert "应为" in zh
        assert "expected" in en


def test_a_list_that_belongs_under_a_name_is_told_so(near: Api) -> None:
    error = near.post(f"{DECIDE}/batch", [{"facts": ORDER}]).json["errors"][0]

    assert (error["code"], error["pointer"]) == ("body-list", "")
    assert "under `items`" in error["detail"]


def test_the_form_of_events_is_looked_at_with_the_rest(near: Api) -> None:
    errors = near.post(DECIDE, {"fact": ORDER, "events": 7, "as_of": 20260301}).json["errors"]

    assert [(each["code"], each["pointer"]) for each in errors] == [
        ("body-unknown", "/fact"),
        ("body-missing", "/facts"),
        ("body-type", "/as_of"),
        ("body-type", "/events"),
    ]


def test_every_form_of_a_body_is_one_the_walk_knows() -> None:
    for form in FORMS.values():
        for value in ({}, [], 7, "x", None):
            try:
                msgspec.convert(value, form)
            except msgspec.ValidationError:
                assert unfit(value, form)[0] != []
