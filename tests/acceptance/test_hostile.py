"""Odd and hostile documents and facts: names, texts, sizes and bounds."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest

import policy
from tests.acceptance.support import DAY, FLAG, decide, document, errors, exact, facts, said, truth, value
from tests.patience import HANGS

NUM = {"type": "number", "scale": 2}
STR = {"type": "string"}

# --- names


SEGMENTS = [
    "订单", "金额", "Größe", "straße", "naïve", "имя", "λ", "名前", "__class__", "__init__", "class", "self", "import",
    "lambda", "None", "def", "async", "print", "exec", "data", "facts", "decide", "result", "hits", "value", "values",
    "keys", "items", "get", "count1", "a_b", "_", "x1", "policy",
]  # fmt: skip


@pytest.mark.parametrize("name", SEGMENTS)
def test_any_name_may_be_a_field(name: str) -> None:
    assert truth({f"o.{name}": "> 5"}, {f"o.{name}": NUM}, {"o": {name: 6}}) == "true"
    assert truth(f"o.{name} > 5", {f"o.{name}": NUM}, {"o": {name: 5}}) == "false"


@pytest.mark.parametrize("name", ["订单", "Größe", "lambda", "self", "__class__", "exec", "facts", "hits"])
def test_any_name_may_be_a_field_at_the_top(name: str) -> None:
    assert truth(f"{name} > 5", {name: NUM}, {name: 6}) == "true"


@pytest.mark.parametrize(
    "name",
    ["min", "sum", "count", "date", "string", "list", "time", "max", "now", "lookup", "context", "number", "today"],
)
def test_names_of_functions_are_taken_or_refused_but_never_confused(name: str) -> None:
    """An output or a field named like a function: either a finding when checked, or it simply works."""
    field = document(
        {f"o.{name}": NUM},
        outputs=FLAG,
        hit_policy="first",
        rules=[{"id": "t", "when": f"o.{name} > 5", "then": {"r": "yes"}}],
    )
    if not errors(field):
        assert policy.load(field).decide(facts(o={name: 6}), as_of=DAY).hits == ["t"]
    output = document(
        {},
        outputs={name: NUM},
        hit_policy="first",
        rules=[{"id": "t", "then": {name: "= min(2, 3) + sum([1, 2]) + count([1])"}}],
    )
    if not errors(output):
        assert policy.load(output).decide(facts(), as_of=DAY).outcome == {name: 6}
    top = document(
        {name: NUM},
        outputs=FLAG,
        hit_policy="first",
        rules=[{"id": "t", "when": f"{name} > 5 and min(2, 3) = 2 and count([1]) = 1", "then": {"r": "yes"}}],
    )
    if not errors(top):
        assert policy.load(top).decide(facts(**{name: 6}), as_of=DAY).hits == ["t"]


@pytest.mark.parametrize(
    "name",
    [
        "and",
        "or",
        "if",
        "then",
        "else",
        "true",
        "false",
        "null",
        "in",
        "between",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "not",
        "item",
        "function",
    ],
)
def test_words_of_the_language_are_refused_or_work(name: str) -> None:
    text = document(
        {f"o.{name}": NUM},
        outputs=FLAG,
        hit_policy="first",
        rules=[{"id": "t", "when": {f"o.{name}": "> 5"}, "then": {"r": "yes"}}],
    )
    if not errors(text):
        assert policy.load(text).decide(facts(o={name: 6}), as_of=DAY).hits == ["t"]


@pytest.mark.parametrize("name", ["order value", "a  b", "order-value", "a+b", "order's value", "unit price net"])
def test_names_with_spaces_and_signs_where_declared(name: str) -> None:
    text = document(
        {name: NUM, "order": NUM, "a": NUM, "b": NUM, "value": NUM},
        outputs=FLAG,
        hit_policy="first",
        rules=[{"id": "t", "when": {name: "> 5"}, "then": {"r": "yes"}}],
    )
    given = facts(**{name: 6, "order": 1, "a": 1, "b": 1, "value": 1})
    if not errors(text):
        assert policy.load(text).decide(given, as_of=DAY).hits == ["t"]


def test_the_longest_declared_name_wins() -> None:
    inputs = {"order": NUM, "order value": NUM, "order value net": NUM}
    given = {"order": 1, "order value": 2, "order value net": 3}
    assert truth("order value net = 3 and order value = 2 and order = 1", inputs, given) == "true"


def test_composed_and_decomposed_names_are_not_mixed_up_silently() -> None:
    """é written as one sign and as two: the same field, or a finding; never one that silently stays empty."""
    text = document(
        {"caf\u00e9": {**NUM, "optional": True}},
        outputs=FLAG,
        hit_policy="first",
        rules=[{"id": "t", "when": "cafe\u0301 > 5", "then": {"r": "yes"}}],
    )
    if not errors(text):
        assert policy.load(text).decide(facts(café=6), as_of=DAY).hits == ["t"]


def test_two_inputs_that_clash_are_refused() -> None:
    assert errors(document({"o": NUM, "o.amount": NUM}, outputs=FLAG, rules=[{"id": "t", "then": {"r": "yes"}}]))
    text = document({"o.amount": NUM}, outputs=FLAG, rules=[{"id": "t", "then": {"r": "yes"}}])
    assert errors(text.replace('  - {"o.amount"', '  - {"o.amount": {"type": "string"}}\n  - {"o.amount"'))


@pytest.mark.parametrize(
    "name",
    [
        "o..x",
        ".x",
        "o.",
        "",
        " ",
        "o.[]",
        "[]",
        "o[]",
        "1x",
        "o.1x",
        "a,b",
        "a:b",
        "{x}",
        "a\nb",
        "a\tb",
        "o.x[",
        "\u200b",
    ],
)
def test_broken_paths_are_refused_or_work(name: str) -> None:
    text = document({name: {**NUM, "optional": True}}, outputs=FLAG, rules=[{"id": "t", "then": {"r": "yes"}}])
    for finding in errors(text):
        assert finding.text(policy.Language.EN)


# --- texts


TEXTS = [
    '"',
    "\\",
    "\n",
    "\t",
    "'",
    '"); import os; ("',
    "{x}",
    "{{",
    "%s",
    "$(ls)",
    "</script>",
    "订单",
    "𠀀",
    "e\u0301",
    "a\u200cb",
    "",
    " ",
    "null",
    "true",
    "5",
    "x" * 5000,
]


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_itself(text: str) -> None:
    import json  # noqa: PLC0415

    quoted = json.dumps(text, ensure_ascii=False)
    assert truth(f"a = {quoted}", {"a": STR}, {"a": text}) == "true"
    assert truth(f"a = {quoted}", {"a": STR}, {"a": text + "."}) == "false"
    assert truth({"a": quoted}, {"a": STR}, {"a": text}) == "true"


@pytest.mark.parametrize("text", [each for each in TEXTS if each.strip() and "\u2028" not in each])
def test_any_text_may_be_a_member(text: str) -> None:
    declared = {"type": "string", "one_of": [text, "other"]}
    rules = [{"id": "t", "when": {"a": text}, "then": {"v": text}}, {"id": "u", "then": {"v": "other"}}]
    loaded = document({"a": declared}, outputs={"v": declared}, hit_policy="first", rules=rules)
    if not errors(loaded):
        assert decide(loaded, {"a": text}).outcome == {"v": text}
        assert decide(loaded, {"a": "other"}).outcome == {"v": "other"}


@pytest.mark.parametrize(
    "because",
    [
        "{",
        "}",
        "{}",
        "{x",
        "x}",
        "{{x}}",
        "{x.y}",
        "{x!r}",
        "{x:>10}",
        "{0}",
        "{x.__class__}",
        "{a}{a}",
        "%(a)s",
        "{a }",
        "{ a}",
    ],
)
def test_braces_in_because_never_crash_and_never_leak(because: str) -> None:
    text = document(
        {"a": NUM}, outputs=FLAG, hit_policy="first", rules=[{"id": "t", "then": {"r": "yes"}, "because": because}]
    )
    for finding in errors(text):
        assert finding.text(policy.Language.ZH)
    if not errors(text):
        shown = policy.load(text).decide(facts(a=5), as_of=DAY, explain=True).explanation.to_text(policy.Language.EN)
        assert "<class" not in shown
        assert "Decimal" not in shown


# --- sizes


def big_table(rows: int) -> str:
    rules = [
        {"id": f"r{i}", "when": {"a": f"[{i}..{i + 1})", "t": ["A", "B"] if i % 2 else "A"}, "then": {"n": i}}
        for i in range(rows)
    ]
    return document(
        {"a": NUM, "t": {"type": "string", "one_of": ["A", "B", "C"]}},
        outputs={"n": {"type": "number", "scale": 0}},
        hit_policy="unique",
        rules=rules,
    )


def test_a_table_of_two_thousand_rules() -> None:
    loaded = policy.load(big_table(2000))
    assert loaded.decide(facts(a=exact("1999.5"), t="A"), as_of=DAY).outcome == {"n": 1999}
    assert loaded.decide(facts(a=exact("1001.99"), t="B"), as_of=DAY).outcome == {"n": 1001}
    assert loaded.decide(facts(a=1000, t="B"), as_of=DAY).status == "no_hit"
    assert loaded.decide(facts(a=2000, t="A"), as_of=DAY).status == "no_hit"
    begun = time.process_time()
    for i in range(20):
        assert loaded.decide(facts(a=i * 97, t="A"), as_of=DAY).hits == [f"r{i * 97}"]
    assert time.process_time() - begun < HANGS


def test_two_thousand_unknown_rules_under_collect() -> None:
    rules = [{"id": f"r{i}", "when": f"a > {i}", "then": {"n": 1}} for i in range(2000)]
    text = document(
        {"a": {**NUM, "optional": True}},
        outputs={"n": {"type": "number", "scale": 0, "combine": "sum", "default": 0}},
        hit_policy="collect",
        rules=rules,
    )
    loaded = policy.load(text)
    begun = time.process_time()
    assert loaded.decide(facts(), as_of=DAY).status == "undetermined"
    assert time.process_time() - begun < HANGS
    assert loaded.decide(facts(a=1500), as_of=DAY).outcome == {"n": 1500}


@pytest.mark.parametrize("hit_policy", ["unique", "any", "priority", "first", "rule order", "output order"])
def test_forty_unknown_rules_do_not_explode(hit_policy: str) -> None:
    """Two to the forty ways to fill in the unknowns may not be tried one by one."""
    rules = [{"id": f"r{i}", "when": f"a > {i}", "then": {"v": "x" if i % 2 else "y"}} for i in range(40)]
    text = document(
        {"a": {**NUM, "optional": True}},
        outputs={"v": {"type": "string", "one_of": ["x", "y"]}},
        hit_policy=hit_policy,
        rules=rules,
    )
    begun = time.process_time()
    assert decide(text).status == "undetermined"
    assert time.process_time() - begun < HANGS


def test_forty_unknown_sums_that_can_cancel() -> None:
    rules = [{"id": f"r{i}", "when": f"a > {i}", "then": {"v": (-1) ** i * (i + 1)}} for i in range(40)]
    text = document(
        {"a": {**NUM, "optional": True}},
        outputs={"v": {"type": "number", "scale": 0, "combine": "sum", "default": 0}},
        hit_policy="collect",
        rules=rules,
    )
    begun = time.process_time()
    assert decide(text).status == "undetermined"
    assert time.process_time() - begun < HANGS


def test_a_thousand_derived_values_in_a_chain() -> None:
    chain = {f"d{i}": f"d{i - 1} + 1" if i else "a" for i in range(1000)}
    assert truth("d999 = 1000", {"a": NUM}, {"a": 1}, derived=chain) == "true"


def test_two_hundred_outputs_and_inputs() -> None:
    inputs = {f"g{i % 7}.f{i}": NUM for i in range(200)}
    outputs = {f"v{i}": {"type": "number", "scale": 0} for i in range(200)}
    given: dict[str, Any] = {}
    for i in range(200):
        given.setdefault(f"g{i % 7}", {})[f"f{i}"] = i
    rules = [{"id": "t", "then": {f"v{i}": f"= g{i % 7}.f{i}" for i in range(200)}}]
    assert decide(document(inputs, outputs=outputs, hit_policy="first", rules=rules), given).outcome == {
        f"v{i}": i for i in range(200)
    }


def test_ten_thousand_items() -> None:
    inputs = {"l": {"type": "list"}, "l[].q": NUM}
    given = {"l": [{"q": i} for i in range(10_000)]}
    assert truth("sum(l.q) = 49995000", inputs, given) == "true"
    assert truth("every i in l satisfies i.q >= 0", inputs, given) == "true"


# --- bounds of the language


COSTLY = {
    "a range without end": "count(for i in 1..1000000000 return i) > 0",
    "nested loops": "count(for i in 1..1000, j in 1..1000, k in 1..1000 return 1) > 0",
    "a power of a power": "9 ** 9 ** 9 > 0",
    "a huge power": "10 ** 100000 > 0",
    "a regular expression that backtracks": 'matches(t, "(a+)+$")',
    "a list that grows": "count(concatenate(l, l, l, l)) > 0",
}


@pytest.mark.parametrize("case", COSTLY)
def test_cost_is_bounded(case: str) -> None:
    """Refused when checked, an error with a code, unknown, or a quick answer: never a hang."""
    text = document(
        {"t": STR, "l": {"type": "list", "of": "number"}},
        outputs=FLAG,
        hit_policy="first",
        rules=[{"id": "t", "when": COSTLY[case], "then": {"r": "yes"}}],
    )
    begun = time.process_time()
    if not errors(text):
        with contextlib.suppress(policy.EvaluationError):
            policy.load(text).decide(facts(t="a" * 5000 + "!", l=list(range(1000))), as_of=DAY)
    assert time.process_time() - begun < HANGS


@pytest.mark.parametrize("depth", [200, 5000])
@pytest.mark.parametrize("shape", ["brackets", "nots", "sums", "lists", "ifs", "minus"])
def test_deep_expressions_are_findings_or_work(depth: int, shape: str) -> None:
    expression = {
        "brackets": "(" * depth + "a" + ")" * depth + " > 0",
        "nots": "not(" * depth + "a > 0" + ")" * depth,
        "sums": " + ".join(["a"] * min(depth, 4000)) + " > 0",
        "lists": "count(" + "[" * depth + "a" + "]" * depth + ") > 0",
        "ifs": "if a > 0 then true else " * min(depth, 700) + "false",
        "minus": "-" * depth + "a > 0",
    }[shape]
    text = document(
        {"a": NUM}, outputs=FLAG, hit_policy="first", rules=[{"id": "t", "when": expression, "then": {"r": "yes"}}]
    )
    found = errors(text)
    if not found:
        assert policy.load(text).decide(facts(a=1), as_of=DAY).status == "decided"
    assert all(f.text(policy.Language.ZH) for f in found)


def test_an_expression_that_is_a_book_is_a_finding() -> None:
    text = document(
        {"a": NUM},
        outputs=FLAG,
        hit_policy="first",
        rules=[{"id": "t", "when": "a > 0 " + "and a > 0 " * 5000, "then": {"r": "yes"}}],
    )
    assert any(f.place.line > 1 for f in errors(text)), said(errors(text))[:300]


def test_recursion_is_refused() -> None:
    expression = "{f: function(n) if n = 0 then 0 else f(n - 1), r: f(3)}.r = 0"
    text = document(
        {"a": NUM}, outputs=FLAG, hit_policy="first", rules=[{"id": "t", "when": expression, "then": {"r": "yes"}}]
    )
    if not errors(text):
        with contextlib.suppress(policy.EvaluationError):
            assert policy.load(text).decide(facts(a=1), as_of=DAY).status in {"undetermined", "decided"}


def test_numbers_at_the_edge_of_34_digits() -> None:
    nines = "9" * 34
    assert truth(f"{nines} + 1 > {nines}", {}, {}) == "true"
    assert value("1 / 3 * 3", {}, {}) == 1
    assert value("0.1 + 0.2 - 0.3", {}, {}) == 0


def test_overflow_is_no_answer() -> None:
    text = document(
        {"a": {"type": "number"}},
        outputs=FLAG,
        hit_policy="first",
        rules=[{"id": "t", "when": "a * a * a > 0", "then": {"r": "yes"}}],
    )
    try:
        decision = policy.load(text).decide(facts(a=exact("1e6000")), as_of=DAY)
    except policy.PolicyError:
        return
    assert decision.status == "undetermined"


@pytest.mark.parametrize("zero", ["0", "-0", "0.00", "-0.0", "0e5"])
def test_every_zero_is_zero(zero: str) -> None:
    assert truth("a = 0 and -a = 0 and a * -1 = 0", {"a": NUM}, {"a": exact(zero)}) == "true"
    rules = [{"id": "t", "then": {"v": "= -a"}}]
    written = decide(
        document({"a": NUM}, outputs={"v": NUM}, hit_policy="first", rules=rules), {"a": exact(zero)}
    ).to_json()
    assert '"v":0.00' in written


def test_a_computed_value_that_rounds_to_minus_nothing_is_zero() -> None:
    rules = [{"id": "t", "then": {"v": "= -0.001"}}]
    assert '"v":0.00' in decide(document({}, outputs={"v": NUM}, hit_policy="first", rules=rules)).to_json()


def test_empty_lists_everywhere() -> None:
    inputs = {"l": {"type": "list", "of": "number"}}
    assert truth("sum(l) = null", inputs, {"l": []}) == "true"
    assert truth("sum(l) > 0", inputs, {"l": []}) == "unknown"
    assert truth("count(l) = 0", inputs, {"l": []}) == "true"
    assert truth("list contains(l, 1)", inputs, {"l": []}) == "false"
    assert truth("max(l) > 0", inputs, {"l": []}) == "unknown"
    assert truth("every i in l satisfies i > 0", inputs, {"l": []}) == "true"
    assert truth("l[1] > 0", inputs, {"l": []}) == "unknown"
    assert truth("l = []", inputs, {"l": []}) == "true"


def test_empty_sections_are_findings() -> None:
    for keys in ({"rules": []}, {"outputs": {}}):
        base: dict[str, Any] = {
            "outputs": FLAG,
            "hit_policy": "first",
            "rules": [{"id": "t", "then": {"r": "yes"}}],
            **keys,
        }
        assert errors(document({}, **base)), keys


def test_deciding_leaves_no_trace_for_the_next() -> None:
    loaded = policy.load(big_table(50))
    texts = [loaded.decide(facts(a=a, t="A"), as_of=DAY).to_json() for a in (1, 49, 1)]
    assert texts[0] == texts[2] != texts[1]


def test_many_threads_decide_alike() -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    loaded = policy.load(big_table(50))
    alone = [loaded.decide(facts(a=a, t="A"), as_of=DAY).to_json() for a in range(50)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda a: loaded.decide(facts(a=a, t="A"), as_of=DAY).to_json(), range(50))) == alone
