"""Asking another policy, and what a decision records of everything it used."""

from __future__ import annotations

from typing import Any

import pytest

import policy
from tests.acceptance.support import DAY, FLAG, errors, findings, reference, render, said, vocabulary

NUM = {"type": "number", "scale": 2}
STR = {"type": "string"}
GRADE = {"type": "string", "one_of": ["A", "B"]}


def scored(name: str, inputs: dict[str, Any], rules: list[dict[str, Any]], **keys: Any) -> str:
    """Return a policy that gives `grade`."""
    declared = [{"c.id": STR}, *[{path: how} if how is not None else path for path, how in inputs.items()]]
    base: dict[str, Any] = {
        "policy": name,
        "title": "T",
        "owner": "o",
        "language": 1,
        "subject": {"id": "c.id", "about": ["c.id"]},
        "inputs": declared,
    }
    return render({**base, "outputs": {"grade": GRADE}, "hit_policy": "first", "rules": rules, **keys})


ASKED = scored(
    "scorecard.value",
    {"c.revenue": NUM},
    [{"id": "top", "when": {"c.revenue": ">= 100"}, "then": {"grade": "A"}}, {"id": "rest", "then": {"grade": "B"}}],
)


def asker(
    inputs: dict[str, Any] | None = None,
    *,
    when: Any = 'c.grade = "A"',
    ask: dict[str, Any] | None = None,
    name: str = "scorecard.t",
    **keys: Any,
) -> str:
    rules = [{"id": "t", "when": when, "then": {"r": "yes"}}]
    derived = {"c.grade": {"policy": "scorecard.value", "take": "grade", **(ask or {})}}
    return scored(name, inputs or {}, rules, **{"outputs": FLAG, "derived": derived, **keys})


def decide(text: str, others: list[str], **c: Any) -> Any:
    return policy.load(text, others=others).decide({"c": {"id": "c1", **c}}, as_of=DAY)


def test_inputs_of_the_asked_policy_come_from_the_same_paths() -> None:
    text = asker({"c.revenue": NUM})
    assert decide(text, [ASKED], revenue=100).hits == ["t"]
    assert decide(text, [ASKED], revenue=99).hits == []


def test_what_is_not_declared_here_is_inherited() -> None:
    loaded = policy.load(asker(), others=[ASKED])
    assert loaded.decide({"c": {"id": "c1", "revenue": 100}}, as_of=DAY).hits == ["t"]
    with pytest.raises(policy.FactsError) as refused:
        loaded.decide({"c": {"id": "c1"}}, as_of=DAY)
    assert [p.pointer for p in refused.value.problems] == ["/c/revenue"]


def test_with_gives_an_input_from_another_path() -> None:
    text = asker({"c.expected": NUM}, ask={"with": {"c.revenue": "c.expected"}})
    assert decide(text, [ASKED], expected=100).hits == ["t"]
    assert decide(text, [ASKED], expected=1).hits == []


def test_with_takes_expressions() -> None:
    text = asker({"c.expected": NUM}, ask={"with": {"c.revenue": "c.expected * 2 + 1"}})
    assert decide(text, [ASKED], expected=49).hits == []
    assert decide(text, [ASKED], expected=50).hits == ["t"]


def test_with_takes_derived_values_from_above() -> None:
    derived = {
        "c.twice": "c.expected * 2",
        "c.grade": {"policy": "scorecard.value", "take": "grade", "with": {"c.revenue": "c.twice"}},
    }
    assert decide(asker({"c.expected": NUM}, derived=derived), [ASKED], expected=50).hits == ["t"]


def test_what_with_gives_is_not_inherited() -> None:
    loaded = policy.load(asker({"c.expected": NUM}, ask={"with": {"c.revenue": "c.expected"}}), others=[ASKED])
    with pytest.raises(policy.FactsError) as refused:
        loaded.decide({"c": {"id": "c1", "expected": 1, "revenue": 5}}, as_of=DAY)
    assert [p.pointer for p in refused.value.problems] == ["/c/revenue"]


def test_defaults_of_the_asked_policy_hold() -> None:
    asked = scored(
        "scorecard.value",
        {"c.revenue": {**NUM, "default": 500}},
        [
            {"id": "top", "when": {"c.revenue": ">= 100"}, "then": {"grade": "A"}},
            {"id": "rest", "then": {"grade": "B"}},
        ],
    )
    assert decide(asker(), [asked]).hits == ["t"]
    assert decide(asker(), [asked], revenue=1).hits == []


@pytest.mark.parametrize(
    ("ask", "word"),
    [
        ({"policy": "scorecard.valeu"}, "scorecard.value"),
        ({"take": "grad"}, "grade"),
        ({"with": {"c.revenu": "1"}}, "c.revenue"),
        ({"with": {"c.revenue": "c.expectd"}}, "expectd"),
        ({"with": {"c.revenue": "= 1"}}, ""),
        ({"wiht": {"c.revenue": "1"}}, "with"),
    ],
)
def test_slips_in_asking_are_findings(ask: dict[str, Any], word: str) -> None:
    found = errors(asker({"c.expected": NUM, "c.revenue": NUM}, ask=ask), ASKED)
    assert found
    assert word in said(found), said(found)


def test_an_unknown_policy_is_a_finding_at_its_line() -> None:
    text = asker()
    line = next(i for i, each in enumerate(text.splitlines(), 1) if "scorecard.value" in each)
    assert any(f.place.line == line for f in errors(text)), said(errors(text))


@pytest.mark.parametrize("clash", [STR, {"type": "boolean"}, {"type": "date"}, {"type": "list", "of": "number"}])
def test_a_clash_of_types_is_a_finding(clash: dict[str, Any]) -> None:
    assert errors(asker({"c.revenue": clash}), ASKED)


def test_a_clash_of_types_in_with_is_a_finding() -> None:
    assert errors(asker(ask={"with": {"c.revenue": '"much"'}}), ASKED)


def test_two_asked_policies_that_disagree_about_a_type_are_a_finding() -> None:
    other = scored("scorecard.risk", {"c.revenue": STR}, [{"id": "rest", "then": {"grade": "B"}}])
    derived = {
        "c.grade": {"policy": "scorecard.value", "take": "grade"},
        "c.risk": {"policy": "scorecard.risk", "take": "grade"},
    }
    assert errors(asker(derived=derived), ASKED, other)


def loop(name: str, asks: str) -> str:
    return scored(
        name,
        {},
        [{"id": "t", "when": 'g = "A"', "then": {"grade": "A"}}, {"id": "u", "then": {"grade": "B"}}],
        derived={"g": {"policy": asks, "take": "grade"}},
    )


def test_a_cycle_is_a_finding() -> None:
    found = errors(loop("scorecard.a", "scorecard.b"), loop("scorecard.b", "scorecard.a"))
    assert any(
        "scorecard.a" in f.text(policy.Language.EN) and "scorecard.b" in f.text(policy.Language.EN) for f in found
    ), said(found)


def test_asking_itself_is_a_finding() -> None:
    assert errors(loop("scorecard.a", "scorecard.a"))


def test_a_long_cycle_is_a_finding() -> None:
    names = [f"scorecard.n{i}" for i in range(40)]
    texts = [loop(name, names[(i + 1) % 40]) for i, name in enumerate(names)]
    assert errors(texts[0], *texts[1:])


def test_a_long_chain_is_no_cycle() -> None:
    texts = [loop(f"scorecard.n{i}", f"scorecard.n{i + 1}") for i in range(40)]
    last = scored(
        "scorecard.n40",
        {"c.revenue": NUM},
        [{"id": "t", "when": "c.revenue > 1", "then": {"grade": "A"}}, {"id": "u", "then": {"grade": "B"}}],
    )
    loaded = policy.load(texts[0], others=[*texts[1:], last])
    assert loaded.decide({"c": {"id": "1", "revenue": 2}}, as_of=DAY).outcome == {"grade": "A"}
    assert loaded.decide({"c": {"id": "1", "revenue": 1}}, as_of=DAY).outcome == {"grade": "B"}
    assert len(loaded.decide({"c": {"id": "1", "revenue": 1}}, as_of=DAY).closure) == 41


def test_it_is_asked_only_when_its_value_is_read() -> None:
    """The asked policy meets an error here; who does not read its value never meets it."""
    asked = scored(
        "scorecard.value",
        {"c.revenue": {**NUM, "optional": True}},
        [{"id": "top", "when": "c.revenue > 1", "then": {"grade": "A"}}],
    )
    text = asker(when='c.id = "other" and c.grade = "A"')
    decision = decide(text, [asked])
    assert (decision.status, decision.missing) == ("decided", [])


def test_if_it_is_not_decided_the_value_is_unknown() -> None:
    asked = scored(
        "scorecard.value",
        {"c.revenue": {**NUM, "optional": True}},
        [{"id": "top", "when": "c.revenue > 1", "then": {"grade": "A"}}],
    )
    decision = decide(asker(), [asked])
    assert decision.status == "undetermined"
    assert any("scorecard.value" in each and "c.revenue" in each for each in decision.missing), decision.missing


@pytest.mark.parametrize(
    ("why", "rules", "hit_policy"),
    [
        ("no_hit", [{"id": "top", "when": "c.revenue > 100", "then": {"grade": "A"}}], "first"),
        ("conflict", [{"id": "a", "then": {"grade": "A"}}, {"id": "b", "then": {"grade": "B"}}], "unique"),
    ],
)
def test_no_hit_and_conflict_of_the_asked_are_unknown_too(
    why: str, rules: list[dict[str, Any]], hit_policy: str
) -> None:
    asked = scored("scorecard.value", {"c.revenue": NUM}, rules, hit_policy=hit_policy)
    decision = decide(asker(), [asked], revenue=1)
    assert decision.status == "undetermined", why
    assert any("scorecard.value" in each for each in decision.missing), decision.missing


def test_a_test_for_null_sees_that_it_is_not_decided() -> None:
    asked = scored(
        "scorecard.value", {"c.revenue": NUM}, [{"id": "top", "when": "c.revenue > 100", "then": {"grade": "A"}}]
    )
    assert decide(asker(when="c.grade = null"), [asked], revenue=1).hits == ["t"]


def test_the_grade_of_a_scorecard_can_be_taken() -> None:
    asked = scored(
        "scorecard.value",
        {"c.revenue": NUM},
        [{"id": "all", "then": {"points": "= c.revenue"}}],
        outputs={"points": {"type": "number", "scale": 1, "combine": "sum", "default": 0}, "grade": GRADE},
        hit_policy="collect",
        grades={"of": "points", "give": "grade", "rows": [{"from": 0, "value": "B"}, {"from": 60, "value": "A"}]},
    )
    assert decide(asker(), [asked], revenue=60).hits == ["t"]
    assert decide(asker(), [asked], revenue=59).hits == []


def test_asked_twice_with_different_givens() -> None:
    derived = {
        "c.now": {"policy": "scorecard.value", "take": "grade"},
        "c.then": {"policy": "scorecard.value", "take": "grade", "with": {"c.revenue": "c.expected"}},
    }
    text = asker({"c.expected": NUM}, when='c.now = "B" and c.then = "A"', derived=derived)
    assert decide(text, [ASKED], revenue=1, expected=100).hits == ["t"]
    assert decide(text, [ASKED], revenue=100, expected=100).hits == []


def test_as_of_is_passed_on() -> None:
    asked = scored(
        "scorecard.value",
        {},
        [
            {"id": "t", "when": 'today() = date("2025-05-05")', "then": {"grade": "A"}},
            {"id": "u", "then": {"grade": "B"}},
        ],
    )
    loaded = policy.load(asker(), others=[asked])
    assert loaded.decide({"c": {"id": "1"}}, as_of="2025-05-05").hits == ["t"]
    assert loaded.decide({"c": {"id": "1"}}, as_of="2025-05-06").hits == []


# --- closure


def test_the_closure_holds_every_text_used() -> None:
    words = vocabulary({"c.id": STR, "c.revenue": NUM})
    rates = reference("rate", ["k"], {"k": STR, "v": NUM}, [{"from": "2020-01-01", "k": "x", "v": 100}])
    asked = scored(
        "scorecard.value",
        {"c.revenue": None},
        [
            {"id": "top", "when": 'c.revenue >= lookup("rate", "x").v', "then": {"grade": "A"}},
            {"id": "rest", "then": {"grade": "B"}},
        ],
    )
    text = asker()
    others = [words, rates, asked]
    decision = policy.load(text, others=others).decide({"c": {"id": "1", "revenue": 100}}, as_of=DAY)
    assert decision.hits == ["t"]
    asked_digest = policy.load(asked, others=[words, rates]).digest
    assert set(decision.closure) == {"scorecard.t", "scorecard.value", "vocabulary", "reference/rate"}
    assert decision.closure["scorecard.value"] == asked_digest
    assert decision.closure["scorecard.t"] == policy.load(text, others=others).digest == decision.revision


def test_the_closure_leaves_out_what_has_nothing_to_do_with_it() -> None:
    stranger = scored("scorecard.other", {}, [{"id": "t", "then": {"grade": "A"}}])
    assert set(
        policy.load(asker(), others=[ASKED, stranger]).decide({"c": {"id": "1", "revenue": 1}}, as_of=DAY).closure
    ) == {"scorecard.t", "scorecard.value"}


def test_the_order_of_the_other_documents_does_not_matter() -> None:
    words = vocabulary({"c.id": STR, "c.revenue": NUM})
    given = {"c": {"id": "1", "revenue": 1}}
    texts = [
        policy.load(asker(), others=others).decide(given, as_of=DAY).to_json()
        for others in ([ASKED, words], [words, ASKED])
    ]
    assert texts[0] == texts[1]


def test_two_vocabularies_are_a_finding() -> None:
    assert errors(asker(), ASKED, vocabulary({"a": NUM}), vocabulary({"b": NUM}))


def test_without_a_vocabulary_local_declarations_suffice() -> None:
    assert not [f for f in findings(ASKED) if f.grade == "error"]


def test_a_folder_is_loaded_whole(tmp_path: Any) -> None:
    for name, text in {
        "scorecard/value.yaml": ASKED,
        "scorecard/t.yaml": asker(),
        "vocabulary.yaml": vocabulary({"c.id": STR}),
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    loaded = policy.load_folder(tmp_path)
    assert set(loaded) == {"scorecard.value", "scorecard.t"}
    assert loaded["scorecard.t"].decide({"c": {"id": "1", "revenue": 100}}, as_of=DAY).hits == ["t"]


def test_a_folder_and_texts_decide_the_same_bytes(tmp_path: Any) -> None:
    (tmp_path / "value.yaml").write_text(ASKED, encoding="utf-8")
    (tmp_path / "t.yaml").write_text(asker(), encoding="utf-8")
    given = {"c": {"id": "1", "revenue": 100}}
    from_folder = policy.load_folder(tmp_path)["scorecard.t"].decide(given, as_of=DAY).to_json()
    assert from_folder == policy.load(asker(), others=[ASKED]).decide(given, as_of=DAY).to_json()


@pytest.mark.parametrize("hit_policy", ["rule order", "output order"])
def test_asking_for_a_list_of_outcomes_is_refused_or_gives_it(hit_policy: str) -> None:
    """The asked policy is decided: its value may not turn into an unknown that nobody explains."""
    rules = [{"id": "a", "then": {"grade": "A"}}, {"id": "b", "then": {"grade": "B"}}]
    asked = scored("scorecard.value", {}, rules, hit_policy=hit_policy)
    text = asker(when='list contains(c.grade, "A")')
    if not errors(text, asked):
        decision = decide(text, [asked])
        assert (decision.status, decision.hits) == ("decided", ["t"]), decision.missing


def test_asking_a_policy_that_runs_per_item_is_refused_or_gives_a_list() -> None:
    asked = scored(
        "scorecard.value",
        {"l": {"type": "list"}, "l[].x": NUM},
        [{"id": "a", "when": "i.x > 1", "then": {"grade": "A"}}, {"id": "b", "then": {"grade": "B"}}],
        each={"list": "l", "as": "i"},
    )
    text = asker(when='list contains(c.grade, "A")')
    if not errors(text, asked):
        decision = policy.load(text, others=[asked]).decide({"c": {"id": "1"}, "l": [{"x": 2}, {"x": 0}]}, as_of=DAY)
        assert (decision.status, decision.hits) == ("decided", ["t"]), decision.missing


@pytest.mark.parametrize(
    "as_of",
    [
        "2026-03-01T00:00:00Z",
        "2026-03-01T06:00:00Z",
        "2026-02-28T20:00:00Z",
    ],
)
def test_each_policy_turns_the_instant_into_its_own_day(as_of: str) -> None:
    """`time_zone` is the policy's: asked by another, it says what it says when it is asked directly."""
    rules = [
        {"id": "t", "when": 'today() = date("2026-03-01")', "then": {"grade": "A"}},
        {"id": "u", "then": {"grade": "B"}},
    ]
    asked = scored("scorecard.value", {}, rules, time_zone="America/New_York")
    given = {"c": {"id": "1"}}
    alone = policy.load(asked).decide(given, as_of=as_of).outcome["grade"]
    through = policy.load(asker(), others=[asked]).decide(given, as_of=as_of).hits
    assert through == (["t"] if alone == "A" else [])


@pytest.mark.parametrize(
    "stranger", ["foo: 1\n", "- a\n", "", "vocabulary: 2\nfields: {}\n", "reference: x\n", "policy: nonsense\n"]
)
def test_other_documents_are_checked_too(stranger: str) -> None:
    assert errors(ASKED, stranger)


@pytest.mark.parametrize(
    "text", [vocabulary({"a": NUM}), reference("r", ["k"], {"k": STR}, [{"from": "2026-01-01", "k": "a"}])]
)
def test_what_is_no_policy_cannot_be_loaded_as_one(text: str) -> None:
    with pytest.raises(policy.SourceError) as refused:
        policy.load(text)
    assert refused.value.findings


def test_files_may_be_given_as_others(tmp_path: Any) -> None:
    (tmp_path / "value.yaml").write_text(ASKED, encoding="utf-8")
    loaded = policy.load(asker(), others=[tmp_path / "value.yaml"])
    assert loaded.decide({"c": {"id": "1", "revenue": 100}}, as_of=DAY).hits == ["t"]


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Any) -> None:
    with pytest.raises((policy.PolicyError, OSError), match=r"nothing\.yaml"):
        policy.load(tmp_path / "nothing.yaml")


def test_an_empty_folder_is_refused(tmp_path: Any) -> None:
    with pytest.raises((policy.PolicyError, OSError)):
        policy.load_folder(tmp_path)
    with pytest.raises((policy.PolicyError, OSError)):
        policy.load_folder(tmp_path / "nowhere")
