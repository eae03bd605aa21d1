"""Shares typed as numbers of per cent: `> 8` in a column that holds fractions means 800 %, and hardly ever is meant."""

from __future__ import annotations

import re
from decimal import Decimal

from policy.model.fields import Field

_NUMBERS = re.compile(r'(?<![\w"])(?<!(?<!\.)\.)\d+(?:\.\d+)?(?![\w"])(?!\.\d)')
_TEST = re.compile(r"[\d\s.,<>=()\[\]-]|not")

MOST = 100
"""Beyond this no number of per cent is meant either."""

PLAINLY = 2
"""From this on a share that is not bounded is doubted: it may well be 1.2, of growth or of a quota."""


def meant(text: str, field: Field | None) -> str | None:
    """Return what is likely meant by a condition on a share: its numbers as per cent; None for nothing to doubt.

    Example:
        >>> from policy.model.document import FieldType
        >>> share = Field("order.discount", FieldType.NUMBER, min=Decimal(0), max=Decimal(1), scale=4)
        >>> meant("> 8", share), meant("[5..12.5]", share), meant("> 0.08", share), meant("> 500", share)
        ('> 8%', '[5%..12.5%]', None, None)
    """
    if field is None or not field.is_share or _TEST.sub("", text):
        return None
    numbers = [Decimal(each) for each in _NUMBERS.findall(text) if Decimal(each)]
    is_beyond = (min(numbers, default=0) > field.max) if field.max is not None else min(numbers, default=0) >= PLAINLY
    return _NUMBERS.sub(r"\g<0>%", text) if is_beyond and max(numbers) <= MOST else None
