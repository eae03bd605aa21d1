"""Shares typed as numbers of per cent: `> 8` in a column that holds fractions means 800 %, and hardly ever is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from policy.model.fields import Field
from policy.values import readable

_NUMBERS = re.compile(r'(?<![\w"])(?<!(?<!\.)\.)\d+(?:\.\d+)?(?![\w"])(?!\.\d)')
_TEST = re.compile(r"[\d\s.,<>=()\[\]-]|not")
_RANGE = re.compile(r"[\[(]?\s*(?P<low>[\d.]+?)\s*\.\.\s*(?P<high>[\d.]+)")

MOST = 100
"""Beyond this no number of per cent is meant either."""

PLAINLY = 2
"""From this on a share that is not bounded is doubted: it may well be 1.2, of growth or of a quota."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A condition on a share that has two readings.

    Attributes:
        read: What it says as it stands, with its numbers as per cent: `> 800%`.
        meant: What is likely meant: `> 8%`.
    """

    read: str
    meant: str


def doubt(text: str, field: Field | None) -> Doubt | None:
    """Return the readings of a condition on a share; None for nothing to doubt: a share that may be so large, too.

    Example:
        >>> from policy.model.document import FieldType
        >>> share = Field("order.discount", FieldType.NUMBER, min=Decimal(0), max=Decimal(1), scale=4)
        >>> doubt("> 8", share), doubt("[5..12.5]", share)
        (Doubt(read='> 800%', meant='> 8%'), Doubt(read='[500%..1,250%]', meant='[5%..12.5%]'))
        >>> doubt("[0.05..15]", share), doubt("> 0.08", share), doubt("> 500", share)
        (Doubt(read='[5%..1,500%]', meant='[0.05..15%]'), None, None)
    """
    if field is None or not field.is_share or _TEST.sub("", text):
        return None
    numbers = [Decimal(each) for each in _NUMBERS.findall(text)]
    if not any(_is_beyond(each, field) for each in numbers) or max(numbers) > MOST:
        return None
    read = _NUMBERS.sub(lambda found: f"{readable(Decimal(found[0]).scaleb(2))}%", text)
    return Doubt(read, _mended(text, field))


def _mended(text: str, field: Field) -> str:
    """Return a condition with its large numbers as per cent; with all of them where a range would be empty else."""
    found = _RANGE.search(text)
    if found is not None:
        low, high = Decimal(found["low"]), Decimal(found["high"])
        if not _is_beyond(low, field) and low > high.scaleb(-2):
            return _NUMBERS.sub(r"\g<0>%", text)
    return _NUMBERS.sub(lambda each: f"{each[0]}%" if _is_beyond(Decimal(each[0]), field) else each[0], text)


def _is_beyond(number: Decimal, field: Field) -> bool:
    return number > field.max if field.max is not None else number >= PLAINLY
