"""Thousands of requests made from the description: no fault of ours, and no answer that is not described.

Seeded: the same commit passes or fails alike everywhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from policy.engine import load_folder
from tests.webadmin.api.conftest import DECIDE, ORDER, Api, proposed
from tests.webadmin.api.test_happenings import LOST
from webadmin.api.openapi import as_data
from webadmin.api.operations import OPERATIONS

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CASES = 60
"""Drawn of each operation in each mode; drawing costs more than asking, so each is asked in three variants."""

REQUESTS = 2 * 174
"""Of each operation at least, but for those of `FEW`."""

FEW = {"propose": 8}
"""Operations of which fewer cases are drawn: each request that fits checks everything in effect."""


@pytest.fixture(scope="module")
def asked(rules: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return facts that fit, of every policy in effect."""
    found = []
    for name, policy in load_folder(rules).items():
        for each in policy.rule_set.cases if not name.startswith("penalty.") else ():
            facts = policy.reader.plain(each.given)
            found.append((name, {"facts": _plain(facts), "as_of": each.as_of}))
    return found


@pytest.fixture(scope="module")
def described(near: Api) -> BaseSchema:
    """Return the description, read once; with it goes what the requests are drawn from besides: texts in the source."""
    schema = schemathesis.openapi.from_dict(as_data())
    schema.app = near.app
    return schema


def _plain(value: Any) -> Any:
    """Return facts as a client without decimals would send them."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, bool | str):
        return value
    return float(value) if hasattr(value, "as_tuple") else str(value)


def test_enough_is_asked() -> None:
    assert (len(OPERATIONS) - len(FEW)) * REQUESTS >= 5000


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("name", OPERATIONS)
def test_answers_keep_to_the_description(
    near: Api, described: BaseSchema, asked: list[tuple[str, dict[str, Any]]], name: str, mode: GenerationMode
) -> None:
    operation = described.find_operation_by_id(name)
    token = near.other(per_minute=1_000_000).token
    cases = FEW.get(name, CASES)
    known = [near.post(DECIDE, {"facts": ORDER}).json["id"] for _ in range(3)]
    if "/proposals/" in OPERATIONS[name].path:
        known = [proposed(near) for _ in range(3)]
    sent = 0

    def send(case: Any, language: str) -> None:
        nonlocal sent
        sent += 1
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        case.call_and_validate(headers=headers, checks=CHECKS)

    @settings(max_examples=cases, suppress_health_check=list(HealthCheck), deadline=None, phases=[Phase.generate])
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def run(case: Any, data: st.DataObject) -> None:
        send(case, "en")
        for language in ("en", "zh"):
            _sensible(case, name, data, asked, known)
            send(case, language)

    run()
    assert sent >= REQUESTS / 2 * cases / CASES


def _sensible(
    case: Any, name: str, data: st.DataObject, asked: list[tuple[str, dict[str, Any]]], known: list[str]
) -> None:
    """Put something into a request that gets it past the first checks."""
    policy, body = data.draw(st.sampled_from(asked))
    if "policy" in (case.path_parameters or {}):
        case.path_parameters = {**case.path_parameters, "policy": policy}
    if "id" in (case.path_parameters or {}) and name not in ("read-job", "cancel-job"):
        case.path_parameters = {**case.path_parameters, "id": data.draw(st.sampled_from(known))}
    if name == "decide" and data.draw(st.booleans()):
        case.body, case.media_type = body, "application/json"
    if name == "decide-batch" and isinstance(case.body, dict) and isinstance(case.body.get("items"), list):
        case.body = {**case.body, "items": [*case.body["items"][:3], body]}
    if name == "tell-events" and isinstance(case.body, list):
        case.body = [*case.body[:3], {**LOST, "id": data.draw(st.sampled_from("abc"))}]
