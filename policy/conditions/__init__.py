"""A rule's condition as a person builds it: groups and lines that name a field, a comparison and values.

What a text says beyond that stays in it as written, as an expression of its own. `read` and `of_cells` make a tree
of a condition, `text_of` and `cells_of` make a condition of a tree; what was not changed keeps every character.
"""

from __future__ import annotations

from policy.conditions.cells import cell_of, cells_of, of_cells
from policy.conditions.reading import read
from policy.conditions.tree import Free, Group, How, Join, Line, Part, is_formula, normal
from policy.conditions.writing import text_of

__all__ = [
    "Free",
    "Group",
    "How",
    "Join",
    "Line",
    "Part",
    "cell_of",
    "cells_of",
    "is_formula",
    "normal",
    "of_cells",
    "read",
    "text_of",
]
