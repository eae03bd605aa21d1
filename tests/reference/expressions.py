"""Random expressions over a fixed scope, and random values for that scope.

Everything is drawn from a `random.Random`, so the same generator serves Hypothesis (which shrinks) and long runs.
Most expressions are well typed; now and then an operand is of any other sort.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from policy.feel.builtins import BUILTINS, Parameter
from policy.feel.temporal import DAY, DaysDuration
from policy.feel.types import BOOLEAN, DATE, DAYS, NUMBER, STRING, ContextType, ListType, Type

LINE = ContextType({"qty": NUMBER, "sku": STRING, "paid": BOOLEAN})
SCOPE: dict[str, Type] = {
    "order": ContextType(
        {"amount": NUMBER, "rate": NUMBER, "since": DATE, "tags": ListType(STRING), "lines": ListType(LINE)}
    ),
    "客户": ContextType({"tier": STRING, "active": BOOLEAN, "open deals": NUMBER}),
    "n": NUMBER,
    "s": STRING,
    "b": BOOLEAN,
    "d": DATE,
    "t": DAYS,
    "xs": ListType(NUMBER),
}
NAMES = ("open deals",)
"""Declared names that hold spaces."""

PATHS = {
    "number": ["order.amount", "order.rate", "客户.open deals", "n", "xs[1]", "xs[-1]", "count(order.lines)", "d.year"],
    "string": ["客户.tier", "s", "order.tags[2]", "order.lines[1].sku"],
    "boolean": ["客户.active", "b", "order.lines[1].paid"],
    "date": ["order.since", "d"],
    "days": ["t"],
    "numbers": ["xs", "order.lines.qty", "[n, 1]", "xs[item > 1]"],
    "strings": ["order.tags", "order.lines.sku"],
    "lines": ["order.lines"],
}
ARGUMENTS = {
    "number": ["$number"],
    "string": ["$string"],
    "boolean": ["$boolean"],
    "date": ["$date"],
    "days": ["$days"],
    "time": ['time("10:00:00")'],
    "list": ["$numbers", "$strings", "$number"],
    "numbers": ["$numbers", "$number"],
    "context": ['{a: $number, "b": $string}'],
    "range": ["[$number..$number]", "[1..5)", "> $number", "<= $number", "[1..$number["],
    "function": ["function(x, y) x < y", "function(x, y) $boolean"],
    "any": ["$number", "$string", "$boolean", "$date", "$numbers", "[$number..5]", "< $number"],
}
"""Templates of arguments by the kind a parameter takes."""

GIVEN = {
    "number": ("number", "first", "item", "any"),
    "string": ("string", "item", "any"),
    "boolean": ("boolean",),
    "date": ("date", "item"),
    "days": ("first", "any"),
    "numbers": ("first", "list<number>", "list<any>", "list<item>", "list<items>"),
    "strings": ("first", "list<string>", "list<any>", "list<items>"),
}
CALLS = {
    kind: [each for signatures in BUILTINS.values() for each in signatures if each.result in results]
    for kind, results in GIVEN.items()
}
"""Signatures that may give each kind; some give another one, which is what errors of meaning are made of."""

TEXTS = ("A", "B", "", "客户", "a b")
NUMBERS = ("0", "1", "2", "3", "-1", "0.1", "1.005", "100000", "0.05", "12.50", "999999999999.99")
DATES = ("2026-01-01", "2026-02-28", "2024-02-29", "2026-12-31")
SPANS = ("P1D", "PT36H", "P0D", "-P7D")


def scope_values(random: Random) -> dict[str, Any]:
    """Draw values for the scope; any of them may be missing."""

    def maybe(value: Any) -> Any:
        return None if random.random() < 0.2 else value

    def number() -> Any:
        return maybe(Decimal(random.choice(NUMBERS)))

    def text() -> Any:
        return maybe(random.choice(TEXTS))

    def day() -> Any:
        return maybe(date(2026, 1, 1) + timedelta(days=random.randint(-400, 400)))

    def truth() -> Any:
        return maybe(random.random() < 0.5)

    def several(draw: Any) -> Any:
        return maybe([draw() for _ in range(random.randint(0, 3))])

    def line() -> dict[str, Any]:
        return {"qty": number(), "sku": text(), "paid": truth()}

    return {
        "order": {
            "amount": number(),
            "rate": number(),
            "since": day(),
            "tags": several(text),
            "lines": several(line),
        },
        "客户": {"tier": text(), "active": truth(), "open deals": number()},
        "n": number(),
        "s": text(),
        "b": truth(),
        "d": day(),
        "t": maybe(DaysDuration(random.randint(-3, 3) * DAY // 2)),
        "xs": several(number),
    }


class Writer:
    """Draws expressions.

    Attributes:
        random: Where choices come from.
        bound: Names bound by loops around, by kind.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.bound: dict[str, list[str]] = {}
        self.count = 0

    def draw(self, kind: str, depth: int) -> str:
        """Draw an expression of a kind; rarely of another one."""
        if kind != "line_test" and self.random.random() < 0.03:
            kind = self.random.choice(["number", "string", "boolean", "date", "days", "numbers"])
        if kind != "line_test" and (depth <= 0 or self.random.random() < 0.15):
            return self.leaf(kind)
        if kind in CALLS and self.random.random() < 0.15:
            return self.call(kind, depth - 1)
        return getattr(self, f"draw_{kind}")(depth - 1)

    def leaf(self, kind: str) -> str:
        if self.random.random() < 0.04:
            return "null"
        names = PATHS[kind] + 3 * self.bound.get(kind, [])
        if self.random.random() < 0.6:
            return self.random.choice(names)
        match kind:
            case "number":
                return self.random.choice(NUMBERS)
            case "string":
                return f'"{self.random.choice(TEXTS)}"'
            case "boolean":
                return self.random.choice(["true", "false"])
            case "date":
                return f'date("{self.random.choice(DATES)}")'
            case "days":
                return f'@"{self.random.choice(SPANS)}"'
            case "numbers":
                return "[" + ", ".join(self.leaf("number") for _ in range(self.random.randint(0, 3))) + "]"
            case "strings":
                return "[" + ", ".join(self.leaf("string") for _ in range(self.random.randint(0, 3))) + "]"
        return self.random.choice(names)

    def pick(self, *templates: str, depth: int) -> str:
        """Fill the holes of one template: `$number` and so on."""
        return re.sub(r"\$(\w+)", lambda hole: self.draw(hole[1], depth), self.random.choice(templates))

    def loop(self, kind: str, source: str, depth: int, form: str, inside: str) -> str:
        """Draw a loop whose variable is of `kind`."""
        self.count += 1
        name = f"v{self.count}"
        of = self.draw(source, depth)
        self.bound.setdefault(kind, []).append(name)
        body = self.draw(inside, depth)
        self.bound[kind].remove(name)
        return form.format(name=name, of=of, body=body)

    def draw_number(self, depth: int) -> str:
        if self.random.random() < 0.1:
            return "sum(" + self.loop("number", "numbers", depth, "for {name} in {of} return {body}", "number") + ")"
        return self.pick(
            "($number + $number)",
            "($number - $number)",
            "$number * $number",
            "($number / $number)",
            "-$number",
            "(if $boolean then $number else $number)",
            "min($number, $number)",
            "max($number, $number, $number)",
            "sum($numbers)",
            "count($numbers)",
            "round half up($number, 2)",
            "floor($number)",
            "abs($number)",
            "string length($string)",
            "($days / $days)",
            "($date - $date).days",
            "sum(order.lines[$line_test].qty)",
            "$numbers[2]",
            "abs(n: $number)",
            "(1.5 ** 3 + $number)",
            depth=depth,
        )

    def call(self, kind: str, depth: int) -> str:
        """Draw a call of any built-in function whose signature says it gives a kind."""
        signature = self.random.choice(CALLS[kind])
        parameters = [each for each in signature.parameters if not each.optional or self.random.random() < 0.5]
        arguments = [self.argument(each, depth) for each in parameters]
        if not signature.many and self.random.random() < 0.3:
            named = zip(parameters, arguments, strict=True)
            arguments = [f"{each.name}: {argument}" for each, argument in named]
        return f"{signature.name}({', '.join(arguments)})"

    def argument(self, parameter: Parameter, depth: int) -> str:
        kinds = ["numbers"] if parameter.many else [each for each in parameter.kinds if each in ARGUMENTS] or ["any"]
        return self.pick(*ARGUMENTS[self.random.choice(kinds)], depth=depth)

    def draw_line_test(self, depth: int) -> str:
        return self.pick(
            "paid", "qty > $number", 'sku = "A"', "sku = s and paid", "qty = null or paid", "item.qty <= n", depth=depth
        )

    def draw_string(self, depth: int) -> str:
        return self.pick(
            "($string + $string)",
            "(if $boolean then $string else $string)",
            "upper case($string)",
            "$strings[-2]",
            "string($number)",
            "substring($string, 1, 1)",
            depth=depth,
        )

    def draw_boolean(self, depth: int) -> str:
        choice = self.random.random()
        if choice < 0.08:
            word = self.random.choice(["some", "every"])
            kind, source = self.random.choice([("number", "numbers"), ("string", "strings")])
            return "(" + self.loop(kind, source, depth, word + " {name} in {of} satisfies {body}", "boolean") + ")"
        return self.pick(
            "($boolean and $boolean)",
            "($boolean or $boolean or $boolean)",
            "not($boolean)",
            "($number < $number)",
            "($number >= $number)",
            "($number = $number)",
            "($string = $string)",
            "($string != $string)",
            "($string > $string)",
            "($date <= $date)",
            "($date != $date)",
            "($days > $days)",
            "($boolean = $boolean)",
            "($numbers = $numbers)",
            "($number = null)",
            "(null != $string)",
            "($number between $number and $number)",
            "($number in [$number..$number))",
            "($number in ($number, null, > $number))",
            "($number in ($number, [$number..100]))",
            '($string in ("A", "B", "a b"))',
            "($string in $strings)",
            "($number in $numbers)",
            "($date in [$date..$date])",
            "($number in >= $number)",
            "list contains($strings, $string)",
            "list contains($numbers, $number)",
            "list contains($numbers, null)",
            'starts with($string, "a")',
            "($number instance of number)",
            "(if $boolean then $boolean else $boolean)",
            "(order.lines[$line_test] = [])",
            "($number in [1..$number])",
            "($number in [< $number, >= $number])",
            "(([$number..$number]) = <= $number)",
            "((> $number) = > $number)",
            "[1..$number[.start included",
            "is($number, $number)",
            "is($numbers, $numbers)",
            "is($string, null)",
            "(count(index of($numbers, $number)) > 0)",
            "(sort($numbers)[1] = $number)",
            "(index of(match: $string, list: $strings) = [1])",
            "(some l in order.lines satisfies l.paid and l.qty > $number)",
            depth=depth,
        )

    def draw_date(self, depth: int) -> str:
        return self.pick(
            "($date + $days)",
            "($date - $days)",
            '($date + duration("P1M"))',
            "(if $boolean then $date else $date)",
            depth=depth,
        )

    def draw_days(self, depth: int) -> str:
        return self.pick("($date - $date)", "($days + $days)", "($days * $number)", "-$days", depth=depth)

    def draw_numbers(self, depth: int) -> str:
        if self.random.random() < 0.2:
            return self.loop("number", "numbers", depth, "(for {name} in {of} return {body})", "number")
        return self.pick(
            "$numbers[item > $number]",
            "concatenate($numbers, $numbers)",
            "[$number, $number]",
            "order.lines[$line_test].qty",
            "sort($numbers, function(x, y) x < y)",
            "(for i in 1..3, j in $numbers return i * j)",
            "(for i in 1..3 return if i = 1 then $number else partial[-1] + i)",
            "append($numbers, $number)",
            "[{a: $number, b: a + 1}.b]",
            depth=depth,
        )

    def draw_strings(self, depth: int) -> str:
        return self.pick('$strings[item = "A"]', "[$string, $string]", "order.lines[$line_test].sku", depth=depth)

    def draw_lines(self, depth: int) -> str:
        return self.pick("order.lines[$line_test]", depth=depth)

    def cell(self, kind: str, depth: int) -> str:
        """Draw a cell for a subject of a kind."""
        tests = [self.test(kind, depth) for _ in range(self.random.randint(1, 3))]
        text = ", ".join(tests)
        return f"not({text})" if self.random.random() < 0.2 else text

    def test(self, kind: str, depth: int) -> str:
        if kind == "string":
            return self.pick('"A"', "$string", '!= "B"', "null", "? in $strings", "$strings", depth=depth)
        if kind == "boolean":
            return self.pick("true", "$boolean", "null", "not(?)", depth=depth)
        hole = "$" + kind
        return self.pick(
            hole, f"< {hole}", f">= {hole}", f"[{hole}..{hole})", "null", f"? > {hole} or b", f"= {hole}", depth=depth
        )
