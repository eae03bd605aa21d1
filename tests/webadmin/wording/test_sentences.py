"""Answers and rules read as sentences, in both languages, whatever a shipped policy decides."""

from __future__ import annotations

from pathlib import Path

import pytest

import policy
from policy.runtime.explain import DecisionExplanation
from policy.values import Language
from webadmin.wording import naming

POLICIES = policy.load_folder(Path(__file__).resolve().parents[3] / "rules")
LANGUAGES = pytest.mark.parametrize("language", Language)


def answers(name: str, language: Language) -> set[str]:
    """Return what the decisions of a policy's own tests answer."""
    loaded = POLICIES[name]
    made = [
        loaded.decide(loaded.reader.plain(case.given), as_of=case.as_of, explain=True)
        for case in loaded.rule_set.cases
        if case.as_of is not None and not case.events
    ]
    return {each.explanation.answer(language) for each in made if isinstance(each.explanation, DecisionExplanation)}


@LANGUAGES
@pytest.mark.parametrize("name", sorted(POLICIES))
def test_no_answer_is_a_list_of_names_and_values(name: str, language: Language) -> None:
    found = answers(name, language)

    assert found
    assert [each for each in found if "=" in each or each.startswith("gives ")] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.EN, "The customer is left with its owner, its pool is unchanged"),
        (Language.ZH, "客户的处理为留给原负责人，去向为不变"),
    ],
)
def test_a_customer_who_stays_is_said_to_stay(language: Language, said: str) -> None:
    assert said in answers("assignment.reclaim", language)


@LANGUAGES
@pytest.mark.parametrize("name", sorted(POLICIES))
def test_a_rule_is_told_of_whole_and_without_places_for_values(name: str, language: Language) -> None:
    """Where it did not hit there is no value to stand there: a reason such as "more than [Days]" says nothing."""
    rules = {each.id: each.because for each in POLICIES[name].rule_set.rules}

    told = naming.whole(POLICIES[name], language)

    assert set(told) == set(rules)
    assert [each for each in told.values() if each.endswith("…")] == []
    for rule, because in rules.items():
        if because is not None and "{" in because.to(language):
            assert told[rule] == naming.rules.by_id(POLICIES[name], language)[rule].when.striptags()
