"""Pages of policies. A trial is a calculation: nothing of it is kept, so its page answers the form at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, g, render_template, request

from policy.engine import Policy
from policy.model.ruleset import Case
from webadmin import guard, language
from webadmin.access.rights import Right
from webadmin.rulesets import service, table
from webadmin.shelf import Folder, Shelf

blueprint = Blueprint("rulesets", __name__)


@blueprint.get("/policies")
@guard.needs(Right.READ)
def index() -> str:
    """List the policies."""
    shelf = _shelf()
    return render_template(
        "rulesets/index.html",
        summaries=service.summaries(shelf),
        unread=service.unread(shelf),
        trouble=shelf.trouble,
        folder=_folder().path,
    )


@blueprint.get("/policies/<name>")
@guard.needs(Right.READ)
def rules(name: str) -> str:
    """Show the rules as a table, and everything else a policy says."""
    policy = _policy(name)
    return render_template(
        "rulesets/rules.html",
        **_frame(policy),
        table=table.rule_table(policy.rule_set),
        derived=table.derived(policy.rule_set.document),
        sections=table.sections(policy.rule_set.document.section),
    )


@blueprint.get("/policies/<name>/text")
@guard.needs(Right.READ)
def text(name: str) -> str:
    """Show the text as it stands in the file, with its findings."""
    policy = _policy(name)
    return render_template("rulesets/text.html", **_frame(policy), document=_document(_shelf().sources[policy.source]))


@blueprint.get("/policies/<name>/tests")
@guard.needs(Right.READ)
def tests(name: str) -> str:
    """Show the policy's own tests, and which rules they hit."""
    policy = _policy(name)
    return render_template("rulesets/tests.html", **_frame(policy), coverage=service.coverage(_shelf(), policy))


@blueprint.get("/policies/<name>/try")
@guard.needs(Right.READ)
def trial(name: str) -> str:
    """Show the form, empty or filled with one of the tests."""
    policy = _policy(name)
    number = request.args.get("test", type=int)
    if number is None:
        return _trial(policy, service.empty(policy))
    return _trial(policy, service.from_case(policy, _case(policy, number), language.chosen()))


@blueprint.post("/policies/<name>/try")
@guard.needs(Right.READ)
def decide(name: str) -> str:
    """Answer the form: one row more or less, what is wrong, or the decision with its reasons."""
    policy = _policy(name)
    return _trial(policy, service.from_form(policy, request.form, language.chosen()))


@blueprint.post("/policies/<name>/decision.json")
@guard.needs(Right.READ)
def decision(name: str) -> Response:
    """Answer the form with the canonical text of the decision, or with what is wrong."""
    policy = _policy(name)
    found = service.from_form(policy, request.form, language.chosen())
    body, status = service.as_json(found)
    return Response(body, status, mimetype="application/json")


@blueprint.get("/documents/<path:name>")
@guard.needs(Right.READ)
def document(name: str) -> str:
    """Show the text of any document of the folder with its findings."""
    return render_template("rulesets/document.html", document=_document(name))


def _folder() -> Folder:
    found: Folder = current_app.extensions["folder"]
    return found


def _shelf() -> Shelf:
    """Return the policies as they are at this request: one look at the folder for each."""
    if "shelf" not in g:
        g.shelf = _folder().shelf()
    found: Shelf = g.shelf
    return found


def _policy(name: str) -> Policy:
    return _shelf().policies.get(name) or abort(404)


def _document(name: str) -> service.Document:
    return service.document(_shelf(), _folder().path, name) or abort(404)


def _frame(policy: Policy) -> dict[str, Any]:
    """Return what stands around every page of one policy."""
    return {"policy": policy, "summary": service.summary(_shelf(), policy)}


def _trial(policy: Policy, found: service.Trial) -> str:
    """Show the form; a change of language sends it once more, and decides only where there was an answer already."""
    return render_template("rulesets/trial.html", **_frame(policy), trial=found, again=True, answered=found.answered)


def _case(policy: Policy, number: int) -> Case:
    cases = policy.rule_set.cases
    return cases[number - 1] if 0 < number <= len(cases) else abort(404)
