"""Which part of the help belongs to which page: the “?” of a page leads there."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, request, url_for

from webadmin import guard
from webadmin.store.logins import Role

PLACES: Mapping[str, str] = {
    "home": "start",
    "account": "logins#your-own-account",
    "rulesets": "document",
    "rulesets.index": "start",
    "rulesets.readable": "start#7-read-it-as-others-will",
    "rulesets.rules": "document#outputs-and-rules",
    "rulesets.text": "document#the-keys",
    "rulesets.tests": "document#tests",
    "rulesets.trial": "start#4-try-it",
    "rulesets.decide": "explanation",
    "rulesets.beside": "start#4-try-it",
    "tests": "document#tests",
    "rulesets.document": "document#the-vocabulary",
    "tables": "document#reference-tables",
    "drafts": "reviewing#a-draft",
    "tablefiles": "reviewing#the-table-of-a-draft",
    "merging": "reviewing#two-people-on-one-draft",
    "returned": "reviewing#two-people-on-one-draft",
    "rule": "reviewing#one-rule-as-a-form",
    "stages": "reviewing#the-stages-of-an-approval",
    "review": "reviewing#approving",
    "review.draft": "reviewing#proposing",
    "making": "start#1-make-the-policy",
    "retiring": "reviewing#retiring-a-policy",
    "review.history": "reviewing#history-and-rolling-back",
    "decided": "decisions#finding-one",
    "decided.decision": "decisions#reading-one",
    "decided.recompute": "decisions#recomputing-one",
    "signalled": "signals#the-list",
    "signalled.signal": "signals#reading-one",
    "signalled.all_cases": "signals#the-list-of-cases",
    "signalled.open_case": "signals#opening-a-case",
    "mine": "mine",
    "contests": "mine#answering",
    "simulations": "plans",
    "simulations.new": "plans#making-a-plan",
    "simulations.plan": "plans#reading-and-changing-it",
    "comparing": "comparing#one-decision",
    "comparisons": "comparing#many-cases",
    "comparisons.preview": "comparing#a-file-of-your-own",
    "comparisons.report": "comparing#reading-the-report",
    "imports": "imports",
    "imports.index": "imports#choosing-a-file",
    "imports.mapping": "imports#what-the-columns-mean",
    "imports.preview": "imports#looking-before",
    "imports.done": "imports#taking-an-import-back",
    "logins": "logins#making-one",
    "logins.tokens": "logins#tokens",
    "logins.make_token": "logins#tokens",
    "people": "people#the-list",
    "people.person": "people#one-person",
    "customers": "people#customers",
    "search": "decisions#searching-from-anywhere",
    "api_page": "http",
}
"""Page of the help, with a heading where there is one, by the endpoint, else by the blueprint."""


FIRST: Mapping[Role, str] = {
    Role.ADMIN: "start",
    Role.MANAGER: "reviewing#approving",
    Role.ACCOUNT_MANAGER: "mine",
    Role.AUDITOR: "decisions#finding-one",
}
"""Where the first page leads, by who reads it: to what they do there."""


def here(shown: str | None = None) -> str:
    """Return the address of the help that belongs to the page of this request.

    Args:
        shown: Endpoint or blueprint whose help is meant, where a page may show different things.
    """
    place = PLACES.get(shown or "") or PLACES.get(request.endpoint or "") or PLACES.get(request.blueprint or "")
    member = guard.member_or_none()
    if request.endpoint == "start" and member is not None:
        place = FIRST[member.role]
    if place is None:
        return url_for("help.index")
    name, _, heading = place.partition("#")
    return url_for("help.page", name=name, _anchor=heading or None)


def init(app: Flask) -> None:
    """Let the templates of `app` ask for it."""
    app.jinja_env.globals["help_here"] = here
