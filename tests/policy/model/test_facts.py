"""Facts: a mapping or JSON in, structs out, or every problem at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy.errors import FactsError, Place
from policy.feel.temporal import MonthsDuration, Time
from policy.model.canonical import canonical_json
from policy.model.document import FieldType as Type
from policy.model.facts import LARGEST, Facts, FactsReader
from policy.model.fields import Field, tree
from policy.model.problems import MOST_PROBLEMS
from policy.model.reading import LONGEST_LIST
from policy.model.written import Entries, Entry, Items, Marks, Raw, Scalar
from policy.values import Language

FIELDS = [
    Field("order.id", Type.STRING),
    Field("order.amount", Type.NUMBER, scale=2, min=Decimal(0), max=Decimal(10**12)),
    Field("order.discount", Type.NUMBER, scale=4, max=Decimal(1), has_default=True, default=Decimal("0.0000")),
    Field("order.prepaid", Type.BOOLEAN, has_default=True, default=False),
    Field("order.rate", Type.NUMBER, optional=True),
    Field("customer.tier", Type.STRING, one_of=("A", "B", "C")),
    Field("customer.since", Type.DATE, optional=True, min=date(1990, 1, 1)),
    Field("customer.needs", Type.LIST, of=Type.STRING, optional=True),
    Field("客户.名称", Type.STRING, optional=True),
    Field("visit.at", Type.TIME, optional=True),
    Field("visit.pause", Type.MONTHS_DURATION, has_default=True, default=MonthsDuration(1)),
    Field("notes", Type.CONTEXT, optional=True),
    Field("tags", Type.LIST, optional=True),
    Field("level", Type.NUMBER, optional=True, one_of=(Decimal(1), Decimal(2))),
    Field("credits", Type.LIST, has_default=True, default=[]),
    Field("credits[].amount", Type.NUMBER, scale=2),
    Field("credits[].split", Type.NUMBER, has_default=True, default=Decimal(1)),
    Field("credits[].buyer.name", Type.STRING, optional=True),
    Field("credits[].buyer.tier", Type.STRING, optional=True),
    Field("credits[].seller.id", Type.STRING, optional=True, has_default=False),
    Field("credits[].parts[].id", Type.STRING),
    Field("credits[].parts[].extra", Type.CONTEXT, optional=True),
]
READER = FactsReader(tree({field.path: field for field in FIELDS}))
LEAST: dict[str, Any] = {"order": {"id": "o1", "amount": 100}, "customer": {"tier": "A"}}


def json_of(facts: Mapping[str, Any]) -> bytes:
    return canonical_json(facts).encode()


def codes(facts: Any) -> list[tuple[str, str]]:
    with pytest.raises(FactsError) as caught:
        READER.read(facts)
    assert all(problem.text(language) for problem in caught.value.problems for language in Language)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def at(facts: Facts, path: str) -> Any:
    """Return the value at a path, by the attributes the reader names for it."""
    value: Any = facts
    for name in (READER.attribute(tuple(path.split("."))) or "no such path").split("."):
        value = getattr(value, name)
    return value


@pytest.mark.parametrize("source", [LEAST, json_of(LEAST), json_of(LEAST).decode()], ids=["mapping", "bytes", "text"])
def test_missing_values_are_none_or_their_default(source: Any) -> None:
    facts = READER.read(source)

    assert at(facts, "order.amount") == Decimal(100)
    assert at(facts, "order.prepaid") is False
    assert at(facts, "order.rate") is None
    assert at(facts, "visit.pause") == MonthsDuration(1)
    assert at(facts, "客户.名称") is None
    assert at(facts, "credits") == []


@pytest.mark.parametrize("convert", [lambda facts: facts, json_of], ids=["mapping", "json"])
def test_items_of_a_list_are_dicts_with_every_declared_name(convert: Callable[[Any], Any]) -> None:
    item = {"amount": Decimal("1.5"), "buyer": {"tier": "B"}, "parts": [{"id": "p", "extra": {"n": 1}}]}

    facts = READER.read(convert({**LEAST, "credits": [item, {"amount": 2, "parts": [], "split": None}]}))

    assert at(facts, "credits") == [
        {
            "amount": Decimal("1.50"),
            "split": Decimal(1),
            "buyer": {"name": None, "tier": "B"},
            "seller": {"id": None},
            "parts": [{"id": "p", "extra": {"n": Decimal(1)}}],
        },
        {
            "amount": Decimal(2),
            "split": Decimal(1),
            "buyer": {"name": None, "tier": None},
            "seller": {"id": None},
            "parts": [],
        },
    ]


def test_null_says_missing() -> None:
    nulls = {"rate": None, "discount": None, **LEAST["order"]}

    facts = READER.read(json_of({**LEAST, "order": nulls, "visit": None, "notes": None, "credits": None}))

    assert READER.plain(facts) == READER.plain(READER.read(LEAST))


def test_plain_leaves_out_what_is_missing() -> None:
    assert READER.plain(READER.read(LEAST)) == {
        "order": {"id": "o1", "amount": Decimal(100), "discount": Decimal(0), "prepaid": False},
        "customer": {"tier": "A"},
        "visit": {"pause": MonthsDuration(1)},
        "credits": [],
    }


def test_paths_have_attributes() -> None:
    paths = [("order",), ("order", "amount"), ("credits",), (), ("credits", "amount"), ("order", "x"), ("x",)]

    assert [READER.attribute(path) for path in paths] == ["f0", "f0.f1", "f7", None, None, None, None]


def test_every_problem_comes_at_once_in_order_of_the_facts() -> None:
    facts = (
        '{"amount":1,"order":{"id":1,"amount":"100","amont":3,"amount":1e99},"customer":{"tier":"a"},'
        '"credits":[{"amount":1,"parts":[{}]},3]}'
    )

    assert codes(facts) == [
        ("/amount", "facts-unknown"),
        ("/order/amount", "facts-key-twice"),
        ("/order/id", "value-type"),
        ("/order/amount", "value-above-max"),
        ("/order/amont", "facts-unknown"),
        ("/customer/tier", "value-not-one-of"),
        ("/credits/0/parts/0/id", "facts-missing"),
        ("/credits/1", "value-type"),
    ]


def test_no_more_problems_than_anybody_reads() -> None:
    found = codes({f"name {at}": at for at in range(5000)})

    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1] == ("", "facts-more")


def test_names_every_field_that_is_missing() -> None:
    assert codes({"customer": None}) == [
        ("/order/id", "facts-missing"),
        ("/order/amount", "facts-missing"),
        ("/customer/tier", "facts-missing"),
    ]


@pytest.mark.parametrize(
    ("name", "suggestion"), [("custmer", "customer"), ("amount", "order.amount"), ("Order", "order")], ids=str
)
def test_suggests_a_name(name: str, suggestion: str) -> None:
    with pytest.raises(FactsError) as caught:
        READER.read({**LEAST, name: 1})

    assert caught.value.problems[0].values["suggestion"] == suggestion


REFUSED = [
    ("", ("", "facts-json")),
    ("[1]", ("", "value-type")),
    ("{} x", ("", "facts-json")),
    ('{"order":', ("", "facts-json")),
    ("\ufeff{}", ("", "facts-json")),
    (b'{"order":"\xff"}', ("", "facts-encoding")),
    ('{"order":"\ud800"}', ("", "facts-encoding")),
    (b" " * LARGEST + b"{}", ("", "facts-too-large")),
    (b'{"notes":' + b"[" * 100_000, ("", "facts-too-deep")),
    (b'{"order":{"amount":1e99999999999999999999}}', ("", "value-exponent")),
]


@pytest.mark.parametrize(("body", "problem"), REFUSED, ids=[f"{at}-{case[1][1]}" for at, case in enumerate(REFUSED)])
def test_refuses_a_text_as_a_whole(body: Any, problem: tuple[str, str]) -> None:
    assert codes(body)[0] == problem


def with_least(text: str) -> str:
    return json_of(LEAST).decode()[:-1] + f",{text}}}"


TOO_MUCH = [
    ('"level":NaN', ("/level", "value-not-finite")),
    ('"level":-Infinity', ("/level", "value-not-finite")),
    (f'"level":{"1" * 5000}', ("/level", "value-digits")),
    ('"客户":{"名称":"\\udc00"}', ("/客户/名称", "value-surrogate")),
    ('"notes":{"a":{"b":1,"b":2}}', ("/notes/a/b", "facts-key-twice")),
    ('"tags":[{"b":1,"b":1}]', ("/tags/0/b", "facts-key-twice")),
    ('"order":{"id":"o1","amount":100}', ("/order", "facts-key-twice")),
    ('"visit":{"at":"10:00:00","at":null}', ("/visit/at", "facts-key-twice")),
    ('"credits":[{"amount":1,"parts":[{"id":":","id":""}]}]', ("/credits/0/parts/0/id", "facts-key-twice")),
    (f'"notes":{{"a":{"[" * 63}{"]" * 63}}}', ("/notes/a" + "/0" * 62, "facts-too-deep")),
    (f'"tags":[{"0," * LONGEST_LIST}0]', ("/tags", "facts-list-too-long")),
    (f'"credits":[{"0," * LONGEST_LIST}0]', ("/credits", "facts-list-too-long")),
]


@pytest.mark.parametrize(
    ("member", "problem"), TOO_MUCH, ids=[f"{at}-{case[1][1]}" for at, case in enumerate(TOO_MUCH)]
)
def test_refuses_a_member(member: str, problem: tuple[str, str]) -> None:
    assert codes(with_least(member)) == [problem]


def test_sixty_four_levels_are_taken() -> None:
    depth = 62
    facts = READER.read(with_least(f'"notes":{{"a":{"[" * depth}{"]" * depth}}}'))

    assert json.dumps(READER.plain(facts)["notes"]).count("[") == depth


def test_colons_and_quotes_in_texts_are_no_keys() -> None:
    name = 'a:b":"c\\" : {"id":"x","id":"y"}'
    facts = {**LEAST, "客户": {"名称": name}, "visit": {"at": "10:00:00"}, "notes": {":": [{"::": ":"}]}}

    assert at(READER.read(json_of(facts)), "客户.名称") == name
    assert at(READER.read(json_of(facts)), "visit.at") == Time(36_000 * 10**9)


def test_escaped_names_are_names() -> None:
    assert codes('{"\\u006frder":{},"order":{},"customer":{"tier":"A"}}')[0] == ("/order", "facts-key-twice")


class Tier(StrEnum):
    """A text as a program may hold it."""

    A = "A"


def test_a_member_of_an_enumeration_is_its_text() -> None:
    facts = READER.read({**LEAST, "customer": {"tier": Tier.A}})

    assert type(at(facts, "customer.tier")) is str


def test_keys_of_a_mapping_are_texts() -> None:
    assert codes({**LEAST, 1: 2}) == [("", "facts-key")]


def test_numbers_of_a_mapping_are_finite() -> None:
    assert codes({**LEAST, "order": {"id": "", "amount": Decimal("sNaN")}}) == [("/order/amount", "value-not-finite")]


def test_texts_of_a_mapping_are_whole() -> None:
    assert codes({**LEAST, "order": {"id": "\udfff", "amount": 1}}) == [("/order/id", "value-surrogate")]


def written(value: Any, line: int = 1) -> Raw:
    """Return plain data as a document holds it, one line per member."""
    place = Place("p.yaml", line, 1)
    if isinstance(value, dict):
        entries = [
            Entry(key, Place("p.yaml", at, 1), written(below, at))
            for at, (key, below) in enumerate(value.items(), line)
        ]
        return Entries(tuple(entries), place)
    if isinstance(value, list):
        return Items(tuple(written(item, at) for at, item in enumerate(value, line)), place)
    return Scalar(value, plain=True, marks=Marks("p.yaml", ((0, line, 5),)))


def test_reads_what_is_written_in_a_document() -> None:
    given_facts = {
        "order": {"id": "012", "amount": "100", "rate": "~"},
        "customer": {"tier": "A", "needs": ["NO"]},
        "credits": [{"amount": "1", "parts": [{"id": "1:30"}]}],
    }

    facts, findings = READER.from_entries(written(given_facts))

    assert findings == []
    assert facts == READER.read(
        {
            "order": {"id": "012", "amount": 100},
            "customer": {"tier": "A", "needs": ["NO"]},
            "credits": [{"amount": 1, "parts": [{"id": "1:30"}]}],
        }
    )


def test_findings_stand_where_facts_are_written() -> None:
    given_facts = {"order": {"id": "1", "amount": "012", "colour": "red"}, "credits": ["1"]}

    facts, findings = READER.from_entries(written(given_facts))

    assert facts is None
    assert [(finding.code, finding.place.line) for finding in findings] == [
        ("value-leading-zero", 2),
        ("facts-unknown", 3),
        ("value-type", 2),
        ("facts-missing", 1),
    ]


# --- laws: the fast way and the slow one agree, on facts and on anything near to them -------------------------------

NUMBERS = st.decimals(min_value=0, max_value=10**12, places=2) | st.integers(0, 10**12)
TEXTS = st.text(max_size=8)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS, below, max_size=3),
    max_leaves=6,
)
SOUND: Mapping[Type, st.SearchStrategy[Any]] = {
    Type.STRING: TEXTS,
    Type.NUMBER: NUMBERS,
    Type.BOOLEAN: st.booleans(),
    Type.DATE: st.dates(min_value=date(1990, 1, 1)),
    Type.TIME: st.sampled_from(["10:00:00", "09:30:15.25Z", "23:59:59+08:00", "00:00:00@Asia/Shanghai"]),
    Type.MONTHS_DURATION: st.sampled_from(["P1M", "-P2Y", "P0M"]),
    Type.LIST: st.lists(ANYTHING, max_size=3),
    Type.CONTEXT: st.dictionaries(TEXTS, ANYTHING, max_size=3),
}
ODD = st.sampled_from(
    ["100", "NaN", Decimal("0.00001"), 10**40, Decimal("1E+7000"), -1, "E", "2026-02-30", [], {}, ":"]
)


def sound(field: Field) -> st.SearchStrategy[Any]:
    if field.one_of is not None:
        return st.sampled_from(field.one_of)
    if field.path == "order.discount":
        return st.decimals(min_value=0, max_value=1, places=4)
    return st.lists(TEXTS, max_size=3) if field.of is Type.STRING else SOUND[field.type]


def members(prefix: str, value: Callable[[Field], st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return facts of the fields below a prefix; those that may be missing are missing sometimes."""
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for field in FIELDS:
        name, dot, _ = field.path.removeprefix(prefix).partition(".")
        if not field.path.startswith(prefix) or name in required or name in optional:
            continue
        if name.endswith("[]"):
            optional.pop(name[:-2], None)
            required[name[:-2]] = st.lists(members(f"{prefix}{name}.", value), max_size=2)
        elif dot:
            required[name] = members(f"{prefix}{name}.", value)
        else:
            (required if field.required else optional)[name] = (
                value(field) if field.required else st.none() | value(field)
            )
    return st.fixed_dictionaries(required, optional=optional)


def outcome(read: Callable[[Any], Facts], facts: Any) -> Any:
    """Return what reading came to, written so that equal means the same bytes."""
    try:
        return canonical_json(READER.plain(read(facts)))
    except FactsError as error:
        return {(problem.pointer, problem.code) for problem in error.problems}


def slowly(facts: Any) -> Facts:
    return READER._read_slowly(facts)  # noqa: SLF001 - the plain walk is the reference for the generated function


@given(members("", sound))
def test_sound_facts_read_the_same_from_everywhere(facts: dict[str, Any]) -> None:
    expected = outcome(slowly, facts)

    assert isinstance(expected, str)
    assert outcome(READER.read, facts) == expected
    assert outcome(READER.read, json_of(facts)) == expected
    assert (
        outcome(READER.read, json.dumps(json.loads(json_of(facts)), indent=2).encode()) == expected or "E" in expected
    )


@given(members("", sound))
def test_what_is_recorded_reads_the_same(facts: dict[str, Any]) -> None:
    read = READER.read(facts)

    assert READER.read(json_of(READER.plain(read))) == read
    assert READER.read(READER.plain(read)) == read


@given(members("", lambda field: sound(field) | ODD | ANYTHING))
def test_odd_facts_come_to_the_same_from_everywhere(facts: dict[str, Any]) -> None:
    expected = outcome(slowly, facts)

    assert outcome(READER.read, facts) == expected
    assert outcome(READER.read, json_of(facts)) == expected


PIECES = st.sampled_from(
    [
        '"id":"x",',
        ',"id":1',
        '"',
        ":",
        ",",
        "{",
        "}",
        "[",
        "]",
        "null",
        "\\",
        "\\u0069",
        "\\ud800",
        "\\n",
        "NaN",
        "0",
        "-",
        "e5",
        " ",
        "\x00",
        "é",
    ]
)


@settings(max_examples=400)
@given(members("", sound), st.data())
@example(LEAST, None)
def test_a_damaged_text_is_never_taken_for_something_else(facts: dict[str, Any], data: Any) -> None:
    text = json_of(facts).decode()
    if data is not None:
        begin = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(begin, min(len(text), begin + 6)))
        text = text[:begin] + data.draw(PIECES) + text[end:]
    try:
        got = READER.plain(READER.read(text))
    except FactsError:
        return

    parsed = json.loads(text, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=once)
    assert got == READER.plain(slowly(parsed))


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), "a key that occurs twice is refused"
    return dict(pairs)
