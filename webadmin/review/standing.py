"""Where remarks on a text that is reviewed stand, in words, and what they name as people call it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import url_for
from markupsafe import Markup, escape

from policy.editor.outline import Outline
from policy.errors import Finding, Place, SourceError
from webadmin import filters, keywords, language, library
from webadmin.review.service import Compared
from webadmin.wording import setting

_OF_KEYS = "not-carried-out"
"""The remark that names a key of the text and nothing else."""


@dataclass(frozen=True)
class Standing:
    """Says where remarks stand.

    Attributes:
        of: Which text of the document it is, as addresses name it.
    """

    of: str
    compared: Compared

    @cached_property
    def _outline(self) -> Outline | None:
        try:
            return Outline(self.compared.text)
        except SourceError:
            return None

    def words(self, place: Place) -> list[str]:
        """Return what leads to a place, each step as people call it; nothing where the text cannot be read."""
        path = () if self._outline is None else self._outline.at(place.line, place.column)
        return self.compared.places.said(path)

    def address(self, place: Place) -> str:
        """Return where the line is shown."""
        name = self.compared.name
        page = "rulesets.text" if library.kind_of(name) else "rulesets.document"
        return url_for(page, name=name, of=self.of, _anchor=f"L{place.line}")

    def sentence(self, finding: Finding) -> Markup:
        """Return what a remark says, with labels in place of what they stand for."""
        named = self.compared.places.labels
        if finding.code == _OF_KEYS:
            named = {key: str(label) for key, label in keywords.KEYS.items()}
        pieces = filters.brief(finding).split("`")
        if len(pieces) % 2 == 0:  # one of them stands alone and is a sign like any other
            return escape("`".join(pieces))
        said = (_named(each, named) if at % 2 else escape(each) for at, each in enumerate(pieces))
        return setting.together(said, language.chosen())


def _named(written: str, named: Mapping[str, str]) -> Markup:
    if written not in named:
        return Markup("<code>{}</code>").format(written)
    return Markup('<em title="{}">{}</em>').format(written, named[written])


def standings(compared: Iterable[Compared], of: Mapping[str, str]) -> dict[str, Standing]:
    """Return for each document how its remarks are said.

    Args:
        compared: The documents beside what is in effect.
        of: Document → which of its texts is reviewed.
    """
    return {each.name: Standing(of[each.name], each) for each in compared if each.name in of}
