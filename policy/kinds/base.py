"""What a kind's meaning is given to work with, and how it says that it cannot know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from policy.model.written import Condition, Expression


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

    def read(self, path: str) -> Any:
        """Return the value at a declared path (`requester.id`, `managers`), None when it is missing or undeclared."""

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
        missing: Paths whose value is missing, in order.
    """

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = list(missing)
        super().__init__(", ".join(missing))
