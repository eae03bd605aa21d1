"""The description of the API: valid, complete, made from the code, with examples that work."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from jsonschema import Draft202012Validator

from tests.webadmin.api.conftest import Api, proposed, signalled
from webadmin.access.scopes import MEANINGS, Scope
from webadmin.api.openapi import as_data
from webadmin.api.operations import OPERATIONS
from webadmin.api.problemtexts import KINDS
from webadmin.api.registry import Example, Operation

EXAMPLES = [(each, example) for each in OPERATIONS.values() for example in each.examples]


def test_it_is_a_valid_description() -> None:
    schemathesis.openapi.from_dict(as_data()).validate()


def test_every_form_is_a_json_schema() -> None:
    for name, schema in as_data()["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema.get("description"), name


def test_every_route_of_the_api_is_described(near: Api) -> None:
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), method)
        for rule in near.app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method.upper()) for path, methods in as_data()["paths"].items() for method in methods}

    assert routes == described


def test_every_code_a_caller_can_meet_is_described() -> None:
    told = str(as_data()["paths"])

    assert {code for code in KINDS if f"`{code}`" not in told} == {"not-found", "method"}  # they belong to no operation
    assert set(MEANINGS) == set(Scope)


def test_it_is_served_to_everybody(near: Api) -> None:
    answer = near.client.get("/openapi.json")

    assert (answer.status_code, answer.json) == (200, as_data())


def validator(operation: Operation) -> Draft202012Validator:
    document = as_data()
    answers = document["paths"][operation.path][operation.method.lower()]["responses"]
    schema = answers[str(operation.status)]["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": document["components"]})


@pytest.mark.parametrize(("operation", "example"), EXAMPLES, ids=[f"{each.name}: {it.title}" for each, it in EXAMPLES])
def test_examples_work_and_answers_are_as_described(near: Api, operation: Operation, example: Example) -> None:
    made = {"{decision}": near.decided, "{signal}": lambda: signalled(near), "{proposal}": lambda: proposed(near)}
    values = {name: made[value]() if value in made else value for name, value in example.path.items()}
    path = operation.path.format(**values)
    answer = near.client.open(
        path,
        method=operation.method,
        query_string=dict(example.query),
        headers={"Authorization": f"Bearer {near.other(*operation.scopes[:1]).token}"},
        **({} if example.body is None else {"json": example.body}),
    )

    assert answer.status_code == operation.status, answer.text
    assert list(validator(operation).iter_errors(answer.json)) == []
    assert answer.json.get("refused", 0) == ("items" in (example.body or ()))  # only the batch has an item that is


def test_inputs_are_json_schema_that_takes_the_facts(near: Api) -> None:
    for brief in near.get("/api/v1/policies").json["items"]:
        told: dict[str, Any] = near.get(f"/api/v1/policies/{brief['policy']}").json
        Draft202012Validator.check_schema(told["inputs"])
        policy = near.record.catalogue  # the tests that travel with a policy fit its inputs
        with near.record.engine.connect() as connection:
            found = policy.of_closure(connection, brief["policy"], told["closure"])
        assert found is not None
        assert (told["digest"], told["publications"][0]["digest"]) == (found.digest, found.digest)
        assert set(told["outputs"]) == set(found.rule_set.outputs)
