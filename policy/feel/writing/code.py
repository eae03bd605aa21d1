"""A piece of generated Python, and what is known of its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from policy.feel.extents import Extent


class _Open:
    __slots__ = ()


_OPEN = _Open()


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of Python source.

    Attributes:
        source: A Python expression that needs no brackets around it as an argument.
        constant: Its value where that is known already.
        definite: Whether it is never None.
        unless: Where it is None without a reason if a condition holds: the condition, and the source otherwise.
        extent: What is known of the number it gives, if it gives one.
    """

    source: str
    constant: Any = _OPEN
    definite: bool = False
    unless: tuple[str, str] | None = None
    extent: Extent | None = None

    @property
    def is_constant(self) -> bool:
        """Say whether its value is known already."""
        return self.constant is not _OPEN


def unless(condition: str, source: str) -> Code:
    """Return the code of what is None where a condition holds."""
    return Code(f"(None if {condition} else {source})", unless=(condition, source))


TRUE = Code("True", constant=True, definite=True)
FALSE = Code("False", constant=False, definite=True)
NULL = Code("None", None)


def constant_code(value: Any) -> Code | None:
    """Return the code of a value Python can write; None where it needs a name."""
    if value is None:
        return NULL
    if value is True or value is False:
        return TRUE if value else FALSE
    return Code(repr(value), value, definite=True) if value.__class__ is str else None
