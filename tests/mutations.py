"""Texts that look like expressions and mostly are none: mutated cases and drawn expressions, or random pieces.

The text of a number is always the same for one seed, so every failure can be had again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from policy.feel.builtins import NAMES
from policy.feel.builtins.described import DESCRIPTIONS
from tests.reference.expressions import Writer, scope_values
from tests.tck import CASES, value

_TOKEN = re.compile(r'\s+|"(?:\\.|[^"\\])*"|\d+(?:\.\d+)?|\w+|\*\*|\.\.|[<>!=]=|.', re.DOTALL)
_WORDS = r"""
if then else for in return some every satisfies and or not between instance of function external null true false item
partial list context range number string date time @ ? - , : ; . .. .... + * / ** = == != < <= > >= & && | || ! ~ ^ % $
# \ ' " ` ( ) [ ] { } ]( )[ // /* */ -> <- := 0 1 -1 00 .5 1. 1.. 0x1F 1e9 1E-400 9999999999 "" "A" "\u12" "\uD83D"
"\U01F600" "\" 'x' @"2026-02-30" @"P1D" @"PT" @"10:00:00@Mars/Base" date("2026-13-01") time("25:00:00") [1..5] (1..5)
duration("P1Y1D") ]1..5[ [1..100001] [5..1] {a:1} {a:1,a:2} function(x)x function(f)f(f) lookup today() now() n s b d t
xs xs[1] xs[0] order.amount 客户.tier 客户.open
"""
_SIGNS = (
    "，（）“”‘’＝＜＞！。；：？［］｛｝＋－×÷≤≥≠"  # noqa: RUF001 - what Chinese keyboards write
    "\x00\x01\x07\x08\x0b\x0c\x1b\x7f\x85\xa0\u00ad\u200b\u200d\u200e\u2028\u2029\u202e\u2066\u3000\ufeff\uffff"
    "\ud800\udfff\U0001f600\U000e0001\U0010ffff\u0301e\u0301ßİ\u0131ǅ\u017f\u212bﬁ\u0660²½Ⅷ\r\n\t"
)
_SORTS = (
    ("+", "-", "*", "/", "**"),
    ("=", "!=", "<", "<=", ">", ">="),
    ("and", "or"),
    ("some", "every"),
    ("true", "false", "null", "item"),
    ("0", "1", "2", "3", "0.5", "10", "100000", "9" * 34, "0." + "0" * 33 + "1"),
)
_OPENED = ("(", "[", "{a: ", "not(", "-", "if true then ", "[1, ", "some x in [1] satisfies ", "f(", '"', "for i in ")
_CLOSED = {"(": ")", "[": "]", "{a: ": "}", "not(": ")", "[1, ": "]", "f(": ")"}
_LOOPED = (
    "for i in 1..100000 return {0}",
    "some i in 1..300, j in 1..900 satisfies ({0}) = i",
    "sort(for i in 1..10000 return i, function(x, y) ({0}) < x)",
    "count(for i in 1..200, j in 1..200 return [{0}, i, string(j)])",
    "distinct values(for i in 1..100000 return {{a: i, b: {0}}})",
    "for i in 1..100000 return log(i) ** (1 / i) + ({0})",
)
_LONGEST = 30_000
_DEEPEST = 400


@dataclass(frozen=True, slots=True)
class Mutated:
    """One text.

    Attributes:
        number: Its number; with the seed it makes the text.
        inputs: Values for its names: those of the cases it was made from.
    """

    number: int
    text: str
    inputs: Mapping[str, Any]


@cache
def sources() -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Return what is mutated, texts with their inputs: outside cases where they are, and the functions' examples."""
    found: list[tuple[str, Mapping[str, Any]]] = [(each.example, {}) for each in DESCRIPTIONS.values()]
    for name in ("feel_tck.json", "feel_domain.json"):
        path = CASES / name
        for case in json.loads(path.read_text(encoding="utf-8")) if path.exists() else ():
            given = case["inputs"] if "inputs" in case else case["cases"][0]["input"]
            found.append((case["expr"], _values(given)))
    return tuple(found)


def _values(given: Any) -> Any:
    if isinstance(given, Mapping) and "t" not in given:
        return {name: _values(each) for name, each in given.items()}
    if isinstance(given, list):
        return [_values(each) for each in given]
    return value(given)


@cache
def _words() -> tuple[str, ...]:
    return (*_WORDS.split(), *sorted(NAMES))


def mutated(seed: int, number: int) -> Mutated:
    """Return the text of a number."""
    random = Random(f"{seed} {number}")
    text, inputs = _drawn(random) if random.random() < 0.2 else random.choice(sources())
    kind = random.random()
    if kind < 0.06:
        text = "".join(random.choice(_words()) + random.choice(("", " ")) for _ in range(random.randint(1, 40)))
    elif kind < 0.1:
        text = "".join(_sign(random) for _ in range(random.randint(0, 60)))
    elif kind < 0.5:
        for _ in range(random.randint(0, 3)):
            text, inputs = _grafted(random, text, inputs)
        text = _alike(random, text)
    else:
        for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            text = random.choices(_MUTATIONS, _WEIGHTS)[0](random, text)
    if random.random() < 0.005:
        text = random.choice(_LOOPED).format(text)
    return Mutated(number, text[:_LONGEST], inputs)


def _drawn(random: Random) -> tuple[str, Mapping[str, Any]]:
    """Draw an expression over the declared names, mostly well typed."""
    kind = random.choice(("number", "string", "boolean", "boolean", "date", "days", "numbers"))
    return Writer(random).draw(kind, random.randint(1, 4)), scope_values(random)


def _sign(random: Random) -> str:
    if random.random() < 0.5:
        return chr(random.randrange(32, 127))
    return random.choice(_SIGNS) if random.random() < 0.7 else chr(random.randrange(0x110000))


def _grafted(random: Random, text: str, inputs: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Put a whole other expression in place of a name or literal."""
    other, more = random.choice(sources())
    tokens = _tokens(text)
    places = [at for at, token in enumerate(tokens) if token[0].isalnum() or token[0] == '"']
    if not places:
        return text, inputs
    tokens[random.choice(places)] = f"({other})"
    return "".join(tokens), {**more, **inputs}


# mutations


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _place(random: Random, items: Sequence[Any]) -> int:
    return random.randrange(len(items) + 1)


def _alike(random: Random, text: str) -> str:
    """Change operators and literals into others of their sort: most such texts can still be read."""
    tokens = _tokens(text)
    for at, token in enumerate(tokens):
        sort = next((sort for sort in _SORTS if token in sort or (token[0].isdigit() and "0" in sort)), None)
        if sort is not None and random.random() < 0.4:
            tokens[at] = random.choice(sort)
    return "".join(tokens)


def _drop(random: Random, text: str) -> str:
    tokens = _tokens(text)
    at = _place(random, tokens)
    return "".join(tokens[:at] + tokens[at + random.choice((1, 1, 2, 4)) :])


def _double(random: Random, text: str) -> str:
    tokens = _tokens(text)
    at = _place(random, tokens)
    return "".join(tokens[:at] + tokens[at : at + random.choice((1, 2, 3))] + tokens[at:])


def _swap(random: Random, text: str) -> str:
    tokens = _tokens(text)
    if len(tokens) > 1:
        one, other = random.sample(range(len(tokens)), 2)
        tokens[one], tokens[other] = tokens[other], tokens[one]
    return "".join(tokens)


def _insert(random: Random, text: str) -> str:
    tokens = _tokens(text)
    tokens.insert(_place(random, tokens), f" {random.choice(_words())} " if random.random() < 0.5 else _other(random))
    return "".join(tokens)


def _replace(random: Random, text: str) -> str:
    tokens = _tokens(text)
    if tokens:
        tokens[random.randrange(len(tokens))] = random.choice(_words()) if random.random() < 0.6 else _other(random)
    return "".join(tokens)


def _other(random: Random) -> str:
    tokens = _tokens(random.choice(sources())[0])
    at = _place(random, tokens)
    return "".join(tokens[at : at + random.choice((1, 2, 5))])


def _splice(random: Random, text: str) -> str:
    other = random.choice(sources())[0]
    return text[: _place(random, text)] + other[_place(random, other) :]


def _bracket(random: Random, text: str) -> str:
    at = _place(random, text)
    return text[:at] + random.choice("()[]{}\"'`") + text[at:]


def _wrap(random: Random, text: str) -> str:
    opened = random.choice(_OPENED)
    return opened + text + _CLOSED.get(opened, "")


def _odd(random: Random, text: str) -> str:
    at = _place(random, text)
    return text[:at] + _sign(random) + text[at + random.randrange(2) :]


def _cut(random: Random, text: str) -> str:
    at = _place(random, text)
    return text[:at] if random.random() < 0.5 else text[at:]


def _digits(random: Random, text: str) -> str:
    number = "".join(random.choices("0123456789", k=random.choice((5, 20, 34, 35, 60, 400, 7000))))
    written = (number, f"0.{number}", f"-{number}", f"10**{number[:6]}", f"1e{number[:5]}", f"[1..{number}]")
    found = [match.span() for match in re.finditer(r"\d+", text)]
    low, high = random.choice(found) if found else (len(text), len(text))
    return text[:low] + random.choice(written) + text[high:]


def _long(random: Random, text: str) -> str:
    tokens = _tokens(text)
    at = _place(random, tokens)
    piece = "".join(tokens[at : at + random.choice((1, 2, 3, 6, 20))])
    times = random.choice((30, 300, _LONGEST // max(1, len(piece))))
    return ("".join(tokens[:at]) + piece * times + "".join(tokens[at:]))[:_LONGEST]


def _deep(random: Random, text: str) -> str:
    opened = random.choice(_OPENED)
    times = random.choice((5, 50, 99, 101, 180, _DEEPEST))
    closed = _CLOSED.get(opened, "") * (times if random.random() < 0.7 else random.randrange(times))
    at = _place(random, text)
    return text[:at] + opened * times + text[at:] + closed


_MUTATIONS: tuple[Callable[[Random, str], str], ...] = (
    _alike, _drop, _double, _swap, _insert, _replace, _splice, _bracket, _wrap, _odd, _cut, _digits, _long, _deep,
)  # fmt: skip
_WEIGHTS = (20, 10, 8, 8, 10, 14, 6, 6, 10, 8, 3, 8, 2, 3)
