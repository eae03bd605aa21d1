"""A slow, obvious interpreter of expressions: the meaning the compiler is held against.

It walks the tree with a plain dict of names, knows no types beforehand, computes with fractions rounded to 34 digits,
and compares in its own way. It shares with the product only the tree, the value types and the library of built-in
functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from policy.feel import nodes as n
from policy.feel.builtins import BUILTINS, chosen, packed
from policy.feel.builtins.registry import KNOWN
from policy.feel.builtins.temporal import PROPERTIES
from policy.feel.temporal import DAY, DateTime, DaysDuration, MonthsDuration, Time
from policy.feel.values import NO_BOUND, Function, Range

DIGITS = 34
LARGEST = 6144
LONGEST_DURATION = 10**30


class Interpreter:
    """Evaluates trees.

    Attributes:
        unknown: Whether a comparison with something missing is unknown (the reading of policies).
        surroundings: `today`, `now` and `lookup`.
        subject: The value of `?`.
    """

    def __init__(self, *, unknown: bool, surroundings: Any = None, subject: Any = None) -> None:
        self.unknown = unknown
        self.surroundings = surroundings
        self.subject = subject

    def value(self, node: n.Node, names: Mapping[str, Any]) -> Any:
        """Return the value of a node, given the values of names."""
        return getattr(self, type(node).__name__)(node, names)

    # values

    def Literal(self, node: n.Literal, _names: Mapping[str, Any]) -> Any:
        return node.value

    def BadLiteral(self, _node: n.BadLiteral, _names: Mapping[str, Any]) -> Any:
        return None

    def Subject(self, _node: n.Subject, _names: Mapping[str, Any]) -> Any:
        return self.subject

    def Name(self, node: n.Name, names: Mapping[str, Any]) -> Any:
        return names.get(node.name)

    def Path(self, node: n.Path, names: Mapping[str, Any]) -> Any:
        return member(self.value(node.source, names), node.name)

    def ListLiteral(self, node: n.ListLiteral, names: Mapping[str, Any]) -> Any:
        return [self.value(item, names) for item in node.items]

    def ContextLiteral(self, node: n.ContextLiteral, names: Mapping[str, Any]) -> Any:
        made: dict[str, Any] = {}
        for entry in node.entries:
            if entry.key in made:
                return None
            made[entry.key] = self.value(entry.value, {**names, **made})
        return made

    def Range(self, node: n.Range, names: Mapping[str, Any]) -> Any:
        low, high = self.value(node.low, names), self.value(node.high, names)
        if low is not None and high is not None and order(low, high) is None:
            return None
        return Range(low, high, node.low_included, node.high_included)

    def UnaryTest(self, node: n.UnaryTest, names: Mapping[str, Any]) -> Any:
        end = self.value(node.operand, names)
        return {
            "=": Range(end, end, True, True),
            "!=": None,
            "<": Range(NO_BOUND, end, False, False),
            "<=": Range(NO_BOUND, end, False, True),
            ">": Range(end, NO_BOUND, False, False),
            ">=": Range(end, NO_BOUND, True, False),
        }[node.sign]

    def FunctionLiteral(self, node: n.FunctionLiteral, names: Mapping[str, Any]) -> Any:
        parameters = tuple(each.name for each in node.parameters)
        return Function(
            "",
            parameters,
            lambda *given: self.value(node.body, {**names, **dict(zip(parameters, given, strict=True))}),
        )

    # operators

    def Negation(self, node: n.Negation, names: Mapping[str, Any]) -> Any:
        value = self.value(node.operand, names)
        if isinstance(value, DaysDuration):
            return DaysDuration(-value.nanos)
        if isinstance(value, MonthsDuration):
            return MonthsDuration(-value.months)
        return decimal(-Fraction(value)) if isinstance(value, Decimal) else None

    def Arithmetic(self, node: n.Arithmetic, names: Mapping[str, Any]) -> Any:
        return arithmetic(node.sign, self.value(node.left, names), self.value(node.right, names))

    def Comparison(self, node: n.Comparison, names: Mapping[str, Any]) -> Any:
        asked = any(isinstance(side, n.Literal) and side.value is None for side in (node.left, node.right))
        return self.compared(node.sign, self.value(node.left, names), self.value(node.right, names), asked=asked)

    def compared(self, sign: str, left: Any, right: Any, *, asked: bool = False) -> bool | None:
        if sign in ("=", "!="):
            if asked and not (left is not None and right is not None):
                result: bool | None = left is None and right is None
            else:
                result = self.same(left, right)
            return opposite(result) if sign == "!=" else result
        placed = order(left, right)
        if placed is None:
            return None
        return {"<": placed < 0, "<=": placed <= 0, ">": placed > 0, ">=": placed >= 0}[sign]

    def same(self, left: Any, right: Any) -> bool | None:
        if left is None or right is None:
            return None if self.unknown else left is right
        if type(left) is not type(right):
            return None
        if isinstance(left, list):
            return False if len(left) != len(right) else conjunction(map(self.same, left, right))
        if isinstance(left, dict):
            if set(left) != set(right):
                return False
            return conjunction(self.same(left[name], right[name]) for name in left)
        if isinstance(left, Range):
            if (left.low_included, left.high_included) != (right.low_included, right.high_included):
                return False
            return conjunction(
                one is other if NO_BOUND in (one, other) else self.same(one, other)
                for one, other in ((left.low, right.low), (left.high, right.high))
            )
        if isinstance(left, Function):
            return left is right
        if isinstance(left, bool | str):
            return left == right
        if isinstance(left, Time | DateTime) and (left.utc_offset is None) != (right.utc_offset is None):
            return False
        placed = order(left, right)
        return None if placed is None else placed == 0

    def Both(self, node: n.Both, names: Mapping[str, Any]) -> Any:
        return conjunction(truth(self.value(part, names)) for part in node.parts)

    def Either(self, node: n.Either, names: Mapping[str, Any]) -> Any:
        return disjunction(truth(self.value(part, names)) for part in node.parts)

    def If(self, node: n.If, names: Mapping[str, Any]) -> Any:
        test = truth(self.value(node.test, names))
        if test is None and self.unknown:
            return None
        return self.value(node.yes if test else node.no, names)

    def Between(self, node: n.Between, names: Mapping[str, Any]) -> Any:
        value = self.value(node.value, names)
        return conjunction(
            [
                self.compared(">=", value, self.value(node.low, names)),
                self.compared("<=", value, self.value(node.high, names)),
            ]
        )

    def InstanceOf(self, node: n.InstanceOf, names: Mapping[str, Any]) -> Any:
        classes = {"number": Decimal, "string": str, "boolean": bool, "date": date, "list": list, "context": dict}
        return isinstance(self.value(node.value, names), classes[node.type.name])

    # tests

    def In(self, node: n.In, names: Mapping[str, Any]) -> Any:
        value = self.value(node.value, names)
        return disjunction([self.passes(value, test, names) for test in node.tests])

    def Tests(self, node: n.Tests, names: Mapping[str, Any]) -> Any:
        if not node.tests:
            return True
        held = disjunction(
            [
                truth(self.value(test, names))
                if not isinstance(test, n.UnaryTest) and any(isinstance(each, n.Subject) for each in n.walk(test))
                else self.passes(self.subject, test, names)
                for test in node.tests
            ]
        )
        return opposite(held) if node.negated else held

    def passes(self, value: Any, test: n.Node, names: Mapping[str, Any]) -> bool | None:
        if isinstance(test, n.UnaryTest):
            asked = isinstance(test.operand, n.Literal) and test.operand.value is None
            return self.compared(test.sign, value, self.value(test.operand, names), asked=asked)
        if isinstance(test, n.Literal) and test.value is None:
            return value is None
        if isinstance(test, n.Range):
            low, high = self.value(test.low, names), self.value(test.high, names)
            return self.inside(value, Range(low, high, test.low_included, test.high_included))
        given = self.value(test, names)
        if isinstance(given, Range) and not isinstance(value, Range):
            return self.inside(value, given)
        if isinstance(given, list):
            return self.among(value, given)
        return self.same(value, given)

    def inside(self, value: Any, span: Range) -> bool | None:
        above = span.low is NO_BOUND or self.compared(">=" if span.low_included else ">", value, span.low)
        below = span.high is NO_BOUND or self.compared("<=" if span.high_included else "<", value, span.high)
        return conjunction([above, below])

    def among(self, value: Any, items: list[Any]) -> bool | None:
        if isinstance(value, list) and self.same(value, items) is True:
            return True
        return disjunction(
            self.inside(value, item)
            if isinstance(item, Range) and not isinstance(value, Range)
            else self.item_equals(value, item)
            for item in items
        )

    def item_equals(self, value: Any, item: Any) -> bool | None:
        if self.unknown:
            if value is None or item is None:
                return None
            return False if type(value) is not type(item) else self.same(value, item)
        return self.same(value, item) is True

    # filters and loops

    def Filter(self, node: n.Filter, names: Mapping[str, Any]) -> Any:
        source = self.value(node.source, names)
        items = source if isinstance(source, list) else [] if source is None else [source]

        def tested(item: Any) -> Any:
            fields = item if isinstance(item, dict) else {}
            return self.value(node.test, {**names, "item": item, **fields})

        first = tested(items[0] if items else None)
        if isinstance(first, Decimal):
            return at_position(items, first)
        if first is not None and not isinstance(first, bool):
            return None
        if self.unknown and source is None:
            return None
        results = [tested(item) for item in items]
        if self.unknown and any(not isinstance(result, bool) for result in results):
            return None
        return [item for item, result in zip(items, results, strict=True) if result is True]

    def source(self, each: n.Each, names: Mapping[str, Any]) -> list[Any] | None:
        value = self.value(each.source, names)
        if each.to is not None:
            return counted(value, self.value(each.to, names))
        if isinstance(value, Range):
            steps = counted(value.low, value.high)
            if steps is None or order(value.low, value.high) == 1:
                return None
            return steps[not value.low_included : len(steps) - (not value.high_included)]
        return value if isinstance(value, list) else None if value is None else [value]

    def For(self, node: n.For, names: Mapping[str, Any]) -> Any:
        found: list[Any] = []

        def run(number: int, bound: Mapping[str, Any]) -> bool:
            if number == len(node.each):
                found.append(self.value(node.result, {**bound, "partial": list(found)}))
                return True
            items = self.source(node.each[number], bound)
            ran = [run(number + 1, {**bound, node.each[number].name: item}) for item in items or []]
            return items is not None and all(ran)

        return found if run(0, names) else None

    def Quantified(self, node: n.Quantified, names: Mapping[str, Any]) -> Any:
        join = conjunction if node.every else disjunction

        def run(number: int, bound: Mapping[str, Any]) -> bool | None:
            if number == len(node.each):
                return truth(self.value(node.test, bound))
            items = self.source(node.each[number], bound)
            if items is None:
                return None
            return join([run(number + 1, {**bound, node.each[number].name: item}) for item in items])

        return run(0, names)

    # calls

    def Call(self, node: n.Call, names: Mapping[str, Any]) -> Any:
        arguments = tuple(self.value(argument, names) for argument in node.arguments)
        if isinstance(node.function, n.Name) and not isinstance(names.get(node.function.name), Function):
            return self.built_in(node.function.name, arguments, node)
        function = self.value(node.function, names)
        if not isinstance(function, Function) or function.parameters is None:
            return None
        if node.names is not None:
            if sorted(node.names) != sorted(function.parameters):
                return None
            given = dict(zip(node.names, arguments, strict=True))
            arguments = tuple(given[name] for name in function.parameters)
        return function.apply(*arguments) if len(arguments) == len(function.parameters) else None

    def built_in(self, name: str, arguments: tuple[Any, ...], node: n.Call) -> Any:
        if name == "not":
            return opposite(truth(arguments[0])) if len(arguments) == 1 else None
        if name == "today":
            return self.surroundings.today
        if name == "list contains" and len(arguments) == 2 and self.unknown:
            return self.contained(arguments, asked=isinstance(node.arguments[1], n.Literal))
        if name not in BUILTINS:
            return None
        if self.unknown and name in ("is", "index of", "sort") and not self.asks_null(node):
            return self.known(name, self.arranged(arguments, node), node)
        return self.carried_out(name, arguments, node)

    def carried_out(self, name: str, arguments: tuple[Any, ...], node: n.Call) -> Any:
        if node.names is None:
            function, signature = chosen(name, len(arguments))
            return None if signature is None else function(*packed(signature, arguments))
        for signature in BUILTINS[name]:
            places = signature.order(node.names)
            if places is not None:
                return signature.call(*(None if place is None else arguments[place] for place in places))
        return None

    def asks_null(self, node: n.Call) -> bool:
        return any(isinstance(each, n.Literal) and each.value is None for each in node.arguments)

    def arranged(self, arguments: tuple[Any, ...], node: n.Call) -> tuple[Any, ...] | None:
        if node.names is None:
            return arguments
        orders = [signature.order(node.names) for signature in BUILTINS[node.function.name]]
        return next((tuple(arguments[place] for place in places) for places in orders if places is not None), None)

    def known(self, name: str, arguments: tuple[Any, ...] | None, node: n.Call) -> Any:
        """What is missing is unknown, unless the call asks for `null`."""
        if arguments is None or len(arguments) not in ((1, 2) if name == "sort" else (2,)):
            return None
        first, second = arguments if len(arguments) == 2 else (*arguments, None)
        if name == "is":
            if first is None or second is None:
                return None
            alike = type(first) is type(second) and not isinstance(first, Time | DateTime)
            return self.same(first, second) if alike else self.carried_out(name, arguments, node)
        items = first if isinstance(first, list) or first is None else [first]
        if items is None:
            return None
        if name == "index of":
            found = [self.item_equals(second, item) for item in items]
            return None if None in found else [Decimal(at) for at, each in enumerate(found, 1) if each]
        if len(arguments) == 2:
            return KNOWN["sort"][0].call(items, second)
        return None if len(items) > 1 and None in items else self.carried_out(name, arguments, node)

    def contained(self, arguments: tuple[Any, ...], *, asked: bool) -> bool | None:
        items, element = arguments
        if items is None:
            return None
        items = items if isinstance(items, list) else [items]
        if element is None and asked:
            return any(item is None for item in items)
        return disjunction(self.item_equals(element, item) for item in items)


# three-valued logic


def truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def conjunction(values: Any) -> bool | None:
    values = list(values)
    return False if False in values else None if None in values else True


def disjunction(values: Any) -> bool | None:
    values = list(values)
    return True if True in values else None if None in values else False


# numbers, order and temporal arithmetic


def decimal(value: Fraction) -> Decimal | None:
    """Round a fraction to 34 digits, half to even; None beyond the largest exponent."""
    if value == 0:
        return Decimal(0)
    bits = value.numerator.bit_length() - value.denominator.bit_length()
    exponent = bits * 30103 // 100_000 - DIGITS  # near it; the exact one is found from there
    while abs(value) / Fraction(10) ** exponent >= 10**DIGITS:
        exponent += 1
    while abs(value) / Fraction(10) ** exponent < 10 ** (DIGITS - 1):
        exponent -= 1
    digits = round(value / Fraction(10) ** exponent)
    if len(str(abs(digits))) + exponent - 1 > LARGEST:
        return None
    return Decimal((value < 0, tuple(map(int, str(abs(digits)))), exponent))


def order(left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1; None where the two have no order."""
    if type(left) is not type(right):
        return None
    if isinstance(left, Decimal):
        one, other = Fraction(left), Fraction(right)
        return (one > other) - (one < other)
    if isinstance(left, str):
        codes = [[ord(letter) for letter in text] for text in (left, right)]
        return (codes[0] > codes[1]) - (codes[0] < codes[1])
    if isinstance(left, Time | DateTime):
        if (left.utc_offset is None) != (right.utc_offset is None):
            return None
        return (left.moment > right.moment) - (left.moment < right.moment)
    if isinstance(left, date):
        return (left.toordinal() > right.toordinal()) - (left.toordinal() < right.toordinal())
    if isinstance(left, DaysDuration):
        return (left.nanos > right.nanos) - (left.nanos < right.nanos)
    if isinstance(left, MonthsDuration):
        return (left.months > right.months) - (left.months < right.months)
    return None


def arithmetic(sign: str, left: Any, right: Any) -> Any:
    """Give `left sign right`; None where it has no meaning."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return number_arithmetic(sign, Fraction(left), Fraction(right))
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    if sign == "+" and not isinstance(left, date) and isinstance(right, date):
        return arithmetic("+", right, left)
    if sign in ("+", "-") and isinstance(left, date):
        return date_arithmetic(sign, left, right)
    if isinstance(left, DaysDuration | MonthsDuration) or isinstance(right, DaysDuration | MonthsDuration):
        return duration_arithmetic(sign, left, right)
    return None


def number_arithmetic(sign: str, left: Fraction, right: Fraction) -> Any:
    if sign == "/":
        return decimal(left / right) if right else None
    if sign == "**":
        return decimal(left ** int(right)) if left or right > 0 else Decimal(1) if not right else None
    operations: dict[str, Callable[[], Fraction]] = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
    }
    return decimal(operations[sign]())


def date_arithmetic(sign: str, left: date, right: Any) -> Any:
    if sign == "-" and type(right) is date:
        return DaysDuration((left.toordinal() - right.toordinal()) * DAY)
    by = -1 if sign == "-" else 1
    try:
        if isinstance(right, DaysDuration):
            return left + timedelta(days=by * right.nanos // DAY)
        if isinstance(right, MonthsDuration):
            return months_later(left, by * right.months)
    except (OverflowError, ValueError):
        return None
    return None


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            if last == 28:
                raise
    raise ValueError(day)


def duration_arithmetic(sign: str, left: Any, right: Any) -> Any:
    if sign == "*" and isinstance(left, Decimal):
        return duration_arithmetic("*", right, left)
    if not isinstance(left, DaysDuration | MonthsDuration):
        return None
    amount = left.nanos if isinstance(left, DaysDuration) else left.months
    if type(left) is type(right):
        other = right.nanos if isinstance(right, DaysDuration) else right.months
        if sign == "/":
            return decimal(Fraction(amount, other)) if other else None
        return bounded(type(left)(amount + other if sign == "+" else amount - other)) if sign in ("+", "-") else None
    if not isinstance(right, Decimal) or sign not in ("*", "/") or (sign == "/" and not right):
        return None
    scaled = decimal(Fraction(amount) * (Fraction(right) if sign == "*" else 1 / Fraction(right)))
    return None if scaled is None else bounded(type(left)(int(scaled)))


def bounded(duration: Any) -> Any:
    """Return the duration; None where it is longer than durations are kept."""
    amount = duration.nanos if isinstance(duration, DaysDuration) else duration.months
    return duration if abs(amount) < LONGEST_DURATION else None


def counted(low: Any, high: Any) -> list[Any] | None:
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        if low % 1 or high % 1:
            return None
        step = 1 if low <= high else -1
        return [Decimal(each) for each in range(int(low), int(high) + step, step)]
    if type(low) is date and type(high) is date:
        step = 1 if low <= high else -1
        return [date.fromordinal(each) for each in range(low.toordinal(), high.toordinal() + step, step)]
    return None


def at_position(items: list[Any], place: Decimal) -> Any:
    if place % 1 or not place or abs(place) > len(items):
        return None
    return items[int(place) - 1 if place > 0 else int(place)]


def member(value: Any, name: str) -> Any:
    """Give `value.name`."""
    if isinstance(value, list):
        return [member(item, name) for item in value]
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, Range):
        return {
            "start": None if value.low is NO_BOUND else value.low,
            "end": None if value.high is NO_BOUND else value.high,
            "start included": value.low_included,
            "end included": value.high_included,
        }.get(name)
    read = PROPERTIES.get(type(value), {}).get(name)
    return None if read is None else read(value)
