"""A scope over plain facts: what the runtime gives a section, here by interpreting each expression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from policy.errors import Place
from policy.feel import evaluate, parse
from policy.feel.checker import paths
from policy.model.written import Condition, Expression, Marks, Raw, Scalar

NOWHERE = Place("<test>", 1, 1)
MARKS = Marks("<test>", ((0, 1, 1),))


def fx(text: str) -> Expression:
    """Write an expression as a document would hold it."""
    return Expression(text, MARKS)


def scalar(text: str) -> Scalar:
    """Write a value as a document would hold it."""
    return Scalar(text, plain=True, marks=MARKS)


def values(given: Any) -> Any:
    """Turn integers of a test into the numbers of expressions."""
    if isinstance(given, Mapping):
        return {name: values(value) for name, value in given.items()}
    if isinstance(given, list):
        return [values(value) for value in given]
    return Decimal(given) if isinstance(given, int) and not isinstance(given, bool) else given


@dataclass(frozen=True)
class World:
    """Facts and outputs by name.

    Attributes:
        of: Section → the output that holds its ids.
        units: Text of an expression → unit of its value.
        each: One world per item; None: this one alone.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    of: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    each: tuple[World, ...] | None = None
    today: date = date(2026, 3, 1)

    @property
    def names(self) -> dict[str, Any]:
        """Return everything expressions can see."""
        return {**values(self.outputs), **values(self.facts)}

    def value(self, expression: Expression) -> Any:
        """Evaluate an expression."""
        return evaluate(expression.text, self.names, as_of=self.today, missing="unknown")

    def holds(self, condition: Condition | None) -> bool | None:
        """Evaluate a condition."""
        if condition is None:
            return True
        assert isinstance(condition, Expression)
        value = self.value(condition)
        return value if isinstance(value, bool) else None

    def output(self, name: str) -> Any:
        """Return an output by its name."""
        return values(self.outputs.get(name))

    def output_of(self, section: str) -> Any:
        """Return the output that holds ids of a section."""
        return self.output(self.of.get(section, section))

    def literal(self, raw: Raw, output: str) -> Any:
        """Return the text written."""
        assert isinstance(raw, Scalar)
        assert output
        return raw.text

    def read(self, path: str) -> Any:
        """Return the value at a path."""
        here: Any = self.names
        for name in path.split("."):
            here = here.get(name) if isinstance(here, Mapping) else None
        return here

    def missing(self, *slots: Condition | Expression | None) -> list[str]:
        """Return the paths read whose value is missing."""
        read = [".".join(path) for slot in slots if isinstance(slot, Expression) for path in paths(parse(slot.text))]
        return list(dict.fromkeys(path for path in read if self.read(path) is None))

    def unit(self, expression: Expression) -> str | None:
        """Return the unit declared for the text of an expression."""
        return self.units.get(expression.text)

    def binding(self, names: Mapping[str, Any]) -> World:
        """Return a world with more names."""
        return replace(self, facts={**self.facts, **names})

    @property
    def items(self) -> Sequence[World]:
        """Return one world per item."""
        return (self,) if self.each is None else self.each
