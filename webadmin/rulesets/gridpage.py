"""What a page shows of the rules of a draft as a grid: as a whole, and what a script puts in its place."""

from __future__ import annotations

from typing import Any

from flask import request

from policy.model.document import PolicyDocument
from webadmin import language
from webadmin.library import Look
from webadmin.rulesets import grid, saidgrid, service, table
from webadmin.rulesets.editing import Change
from webadmin.rulesets.refusing import Refused
from webadmin.rulesets.together import together
from webadmin.wording import reading

WRITTEN = "written"
"""How the rules are asked for as their author wrote them: `?as=written`; otherwise they are shown in words."""

COLUMN = "column"
"""What the address calls a column that is shown though no rule looks at it yet."""


def shown(look: Look, missed: Refused | None = None, read: Change | None = None) -> dict[str, Any]:
    """Return what the grid of a draft and its frame show.

    Args:
        look: At the draft; its document reads.
        missed: A change that was not made: what was typed stays in its cell.
        read: A change that was made: how it was read is said beside its cell.
    """
    says = saidgrid.words(look, language.chosen(), source=request.args.get("as") == WRITTEN)
    return {
        "grid": grid.grid(look, says, _columns(read), (missed, read)),
        "fields": service.fields(look),
        "summary": service.summary(look),
        "reached": service.reached(look),
        "titles": service.titles(look),
        "sayings": service.sayings(look),
        "of": look.of,
        "failing": _failing(look),
        "unfilled": service.unfilled(look),
        "together": together(look),
    }


def worked_out(look: Look, document: PolicyDocument) -> dict[str, Any]:
    """Return what a policy works out first, in words, or as written where that is asked for or must be."""
    if look.policy is not None and request.args.get("as") != WRITTEN:
        return {"in_words": reading.page(look.policy, None, language.chosen()), "derived": ()}
    return {"in_words": None, "derived": table.derived(document)}


def _columns(change: Change | None) -> list[str]:
    """Return the columns to show though no rule looks at them, with what was just added or taken out."""
    asked = request.args.getlist(COLUMN)
    if change is not None and change.what == "remove-column":
        return [each for each in asked if each != change.part]
    return [*asked, change.part] if change is not None and change.what == "add-column" else asked


def _failing(look: Look) -> list[str]:
    """Return the names of the tests that fail, in order."""
    report = look.report
    return [] if report is None else [each.name.to(language.chosen()) for each in report.results if not each.passed]
