"""What the columns of a file do not say yet: needed fields without one, and what headings nobody knows may mean."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from policy.tables import RecordMapping
from webadmin.imports.looking import Look
from webadmin.imports.offered import Offered
from webadmin.imports.synonyms import FIELDS, plain

ALIKE = 0.75
"""How much of a heading and of what a field is called has to be the same, in 0..1: two letters changed round are."""


def needed(mapping: RecordMapping, offered: Offered) -> list[str]:
    """Return the fields every record needs and nothing gives yet."""
    return [name for name in _free(mapping, offered) if (found := offered.field(name)) is not None and found.required]


def near(mapping: RecordMapping, look: Look, offered: Offered) -> Mapping[str, str]:
    """Return heading → field it may mean, of columns nothing is read from and fields nothing gives yet."""
    words = {
        plain(word): name
        for name in reversed(_free(mapping, offered))
        for word in (*FIELDS[offered.kind].get(name, ()), *offered.called(name))
    }
    read = {each.column for each in (*mapping.fields.values(), *mapping.facts.values())}
    unread = [each.name for each in look.columns if each.name not in read]
    found = {name: get_close_matches(plain(name), words, 1, ALIKE) for name in unread}
    return {name: words[each[0]] for name, each in found.items() if each}


def _free(mapping: RecordMapping, offered: Offered) -> list[str]:
    return [name for name in offered.own if name not in mapping.fields]
