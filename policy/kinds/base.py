"""What a kind's meaning is given to work with, and how it says that it cannot know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, Overflow
from typing import Any, Protocol

from policy.errors import EvaluationError
from policy.model.written import Condition, Expression, Raw
from policy.values import NUMBERS, shortest


class Scope(Protocol):
    """Names with their values, and the compiled expressions of one policy over them.

    Unknown is None everywhere. Values are FEEL's: Decimal, str, bool, date, list, dict and the temporal types.
    """

    @property
    def today(self) -> date:
        """Return the day the decision is for, in the policy's time zone."""

    def value(self, expression: Expression) -> Any:
        """Return the value of an expression of the section."""

    def holds(self, condition: Condition | None) -> bool | None:
        """Say whether a condition is true, false or unknown; no condition is true."""

    def output(self, name: str) -> Any:
        """Return an output of this decision (or of this item, under `each`), unrounded."""

    def output_of(self, section: str) -> Any:
        """Return the output whose items are ids of `section` (`of: stages`), None when it has no value."""

    def literal(self, raw: Raw, output: str) -> Any:
        """Return what a value written in the section means as a value of `output`."""

    def read(self, path: str) -> Any:
        """Return the value at a path, declared or of a bound name (`requester.id`, `managers`, `manager.years`).

        None when it is missing or undeclared. Items of lists hold every declared field, None where it is missing.
        """

    def missing(self, *slots: Condition | Expression | None) -> list[str]:
        """Return the paths these read whose value is missing here, in order, without doubles."""

    def unit(self, expression: Expression) -> str | None:
        """Return the unit of an expression's value where it is known: a currency code, or another unit."""

    def binding(self, names: Mapping[str, Any]) -> Scope:
        """Return a scope that also knows the names the kind provides itself (`manager`, `approver`, `credited`)."""

    @property
    def items(self) -> Sequence[Scope]:
        """Return one scope per item under `each`, in order; only this one without."""


class Undetermined(Exception):  # noqa: N818 - not an error: the decision says what was missing
    """The section cannot be carried out because something is missing.

    Attributes:
        missing: Paths whose value is missing, in order; empty where a value is unknown for another reason,
            as after a division by zero.
        slot: The key of the section that has no value: `measure`, `stages`.
    """

    def __init__(self, missing: Iterable[str], slot: str) -> None:
        self.missing = list(dict.fromkeys(missing))
        self.slot = slot
        super().__init__(f"{slot}: {', '.join(self.missing)}")


def number(value: Any, slot: str) -> Decimal | None:
    """Return a value that must be a number, None when it is unknown.

    Raises:
        EvaluationError: it is something else.
    """
    if value is None or isinstance(value, Decimal):
        return value
    code = "section-not-a-number"
    raise EvaluationError(code, slot=slot)


def truth(value: Any) -> bool | None:
    """Return a value as true, false or unknown; what is no boolean is unknown."""
    return value if isinstance(value, bool) else None


def records(scope: Scope, path: str) -> list[Mapping[str, Any]]:
    """Return the items of a list in the facts that have fields of their own, an empty list when it is missing.

    Raises:
        EvaluationError: it is no such list.
    """
    items = scope.read(path)
    if items is None:
        return []
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        code = "section-not-records"
        raise EvaluationError(code, list=path)
    return items


def people(scope: Scope, path: str) -> list[Mapping[str, Any]]:
    """Return the persons of a list in the facts, an empty list when it is missing.

    Raises:
        EvaluationError: it is no list of persons, or an id stands in it twice.
    """
    persons = records(scope, path)
    seen: set[Any] = set()
    for person in persons:
        known = person.get("id")
        if known in seen:
            code = "person-twice"
            raise EvaluationError(code, list=path, id=str(known))
        if known is not None:
            seen.add(known)
    return persons


def chosen(scope: Scope, section: str, known: Sequence[str]) -> list[str]:
    """Return the ids of a section that the outcome names, in the section's order.

    Lists within the list, as `collect` leaves them without `union`, are taken together.

    Args:
        scope: Gives the output whose items are ids of the section.
        section: The section's key.
        known: Its ids in order.

    Raises:
        Undetermined: the output, or an id in it, has no value.
        EvaluationError: it names an id the section does not have.
    """
    named = list(_flat(scope.output_of(section)))
    if None in named:
        raise Undetermined([], section)
    for each in named:
        if each not in known:
            code = "outcome-id-unknown"
            raise EvaluationError(code, section=section, found=str(each), expected=tuple(known))
    return [each for each in known if each in named]


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _flat(each)
    else:
        yield value


def summed(values: Iterable[Decimal]) -> Decimal:
    """Add numbers, zero where there are none."""
    total = Decimal(0)
    for each in values:
        total = NUMBERS.add(total, each)
    return total


def trimmed(value: Decimal) -> Decimal:
    """Return a number without trailing zeros, so that equal numbers are written alike."""
    return Decimal(shortest(value))


@contextmanager
def computing(slot: str) -> Iterator[None]:
    """Refuse, by the key it is computed for, a number beyond the exponents of decimals.

    Raises:
        EvaluationError: a calculation inside gave such a number.
    """
    try:
        yield
    except Overflow as error:
        code = "section-too-large"
        raise EvaluationError(code, slot=slot) from error
