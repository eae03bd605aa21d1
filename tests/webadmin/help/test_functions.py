"""The reference of functions: every one, with its null rule, in words a rule author reads."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from policy.feel.builtins import NAMES
from policy.values import Language
from tests.webadmin.test_app import Page
from webadmin.help.functions import Function, groups


def functions(language: Language) -> dict[str, Function]:
    return {each.name: each for group in groups(language) for each in group.functions}


@pytest.mark.parametrize("language", Language)
def test_every_function_has_a_null_rule_or_takes_nothing(language: Language) -> None:
    found = functions(language)

    assert set(found) == NAMES
    assert [name for name, each in found.items() if not each.null_rule] == []


@pytest.mark.parametrize("language", Language)
def test_signatures_are_in_the_readers_words(language: Language) -> None:
    for name, each in functions(language).items():
        for form in each.forms:
            assert form.call.startswith(f"{name}(")
            words = " ".join([form.gives, *(argument.takes for argument in form.arguments)])
            assert "|" not in words
            assert not re.search(r"\b(string|item|first|boolean)\b", words), (name, words)
            if language is Language.ZH:
                assert not re.search(r"[a-z]{2,}", words.replace("true", "").replace("false", "")), (name, words)


def test_what_the_signature_decides_is_said_of_each_argument() -> None:
    found = functions(Language.EN)

    assert found["modulo"].null_rule[0] == "Null when `dividend` or `divisor` is null or of another kind."
    assert found["count"].null_rule[0] == "Null when `list` is null; a single value stands for a list of one."
    assert found["matches"].forms[0].arguments[2].takes == "text; may be left out, and null is like leaving it out"
    assert found["sum"].forms[0].arguments[0].takes == "one list of numbers, or any number of numbers"
    assert found["is"].null_rule == (
        "Null is the same as null and as nothing else; values of different kinds are never the same.",
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_index_leads_to_every_function(client: FlaskClient, language: str) -> None:
    page = Page(client.get("/help/functions", headers={"Accept-Language": language}).text)
    addresses = [each.get("id") for each in page.all("h3")]
    links = {str(each.get("href")) for each in page.all("a")}

    assert len(set(addresses)) == len(addresses) == len(NAMES)
    assert {f"#{each}" for each in addresses} <= links
