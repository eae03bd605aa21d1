"""What undoing took back, and what was done again: the parts of a draft that a step changed, as people call them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext, ngettext

from policy.engine import Policy
from policy.model.comparison import Path, differences
from policy.reader import read
from policy.values import Language
from webadmin.wording import renaming
from webadmin.wording.places import Places

MOST = 3
"""Parts that are told of one step; the rest are counted."""

_CELLS = ("when", "then")


def told(texts: tuple[str, str], policies: Sequence[Policy | None], language: Language, *, back: bool) -> str:
    """Say what a step through a draft changed; empty where it changed nothing.

    Args:
        texts: The draft before and after the step.
        policies: Policies whose labels are known, the last with the last word.
        language: The reader's.
        back: Whether it was undone or done again.
    """
    if texts[0] == texts[1]:
        return ""
    what = _what(texts, policies, language)
    return str(gettext("Undone: %(what)s.", what=what) if back else gettext("Done again: %(what)s.", what=what))


def _what(texts: tuple[str, str], policies: Sequence[Policy | None], language: Language) -> str:
    before, after = (read(text).document for text in texts)
    if before is None or after is None:
        return str(gettext("a change of the text"))
    places = Places(policies, language, (before, after))
    named = list(dict.fromkeys(_named(each.path, places) for each in differences(before, after)))
    if not named:
        return str(gettext("only comments, spaces or the order of keys"))
    return str(gettext("; ")).join(_cut(named))


def _cut(named: Sequence[str]) -> Iterator[str]:
    yield from named[:MOST]
    if len(named) > MOST:
        yield ngettext("and %(num)s more", "and %(num)s more", len(named) - MOST)


def _named(path: Path, places: Places) -> str:
    """Say what a path leads to: of a rule its id and what is in it."""
    if renaming.is_label(path):
        return renaming.label_of(path)
    said = places.said(path)
    if path[0] != "rules" or len(path) == 1:
        return " \u203a ".join(said)
    inside = said[3:] if len(path) > len(("rules", "id", "when")) and path[2] in _CELLS else said[2:]
    if not inside:
        return str(gettext("rule %(rule)s", rule=path[1]))
    return str(gettext("rule %(rule)s, %(part)s", rule=path[1], part=" \u203a ".join(inside)))
