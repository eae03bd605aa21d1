"""Pages of policies. A trial is a calculation: nothing of it is kept, so its page answers the form at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from policy.engine import Policy
from policy.model.document import Kind, PolicyDocument
from webadmin import flashing, guard, language, library, steps
from webadmin.access.rights import Right
from webadmin.library import Coming, Look
from webadmin.rulesets import asking, completing, gone, gridpage, saidtable, service, table, trying
from webadmin.rulesets.editing import reason_cells
from webadmin.rulesets.together import together
from webadmin.store import drafts, published
from webadmin.wording import naming, reading, testwords
from webadmin.wording.cameout import CameOut

blueprint = Blueprint("rulesets", __name__)

MOST_ERRORS = 5
"""Errors shown of a document that was not published."""


@blueprint.get("/policies")
@guard.needs(Right.READ)
def index() -> str:
    """List the policies, and what they share."""
    acting = guard.act()
    with guard.record().engine.connect() as connection:
        found = [
            each
            for each in library.everything(connection, acting.now, acting.today)
            if guard.member().reads_unpublished(each.look.kind) or _is_public(connection, each.look)
        ]
    member, shows_retired = guard.member(), request.args.get("show") == "retired"
    summaries, edits_some = service.summaries(found), member.may(Right.EDIT)
    policies = [each for each in summaries if each.look.kind]
    retired = [each for each in policies if each.look.retired]
    return render_template(
        "rulesets/index.html",
        summaries=retired if shows_retired else [each for each in policies if not each.look.retired],
        shows_retired=shows_retired,
        retired=len(retired),
        living=len(policies) - len(retired),
        makes=any(member.may(Right.EDIT, kind) for kind in Kind),
        shared=[each for each in summaries if not each.look.kind],
        left=guard.record().catalogue.left if edits_some else {},
        known={each.look.name for each in summaries},
        most_errors=MOST_ERRORS,
        folder=current_app.extensions["settings"].rules if edits_some else "rules/",
    )


@blueprint.get("/policies/<name>")
@guard.needs(Right.READ)
def rules(name: str) -> str | AnyResponse:
    """Show the rules as a table, and everything else a policy says."""
    look = look_of(name)
    if not isinstance(look.document, PolicyDocument):
        return redirect(url_for("rulesets.text", name=name, of=look.of))
    around = {**frame_of(look), **_about(look, look.document), **_told(look, look.document)}
    if edits(look):
        around |= {**gridpage.shown(look), "ways": ways_of(look), "said": "", "told": ""}
    else:
        around |= {"grid": None, "reached": service.reached(look), "together": together(look)}
    return render_template("rulesets/rules.html", **around, document=look.document)


def _told(look: Look, document: PolicyDocument) -> dict[str, Any]:
    """Return the rules and what stands around them, in words, or as written where that is asked for or must be."""
    fields = service.fields(look)
    around = {"fields": fields, **gridpage.worked_out(look, document)}
    if look.policy is not None and around["in_words"] is not None:
        return {**around, "table": saidtable.rule_table(look.policy, language.chosen())}
    return {**around, "table": table.rule_table(document, fields), "sections": table.sections(document.section)}


@blueprint.get("/policies/<name>/read")
@guard.needs(Right.READ)
def readable(name: str) -> str:
    """Show what the policy says in whole sentences."""
    look, policy = _loaded(name)
    said = reading.page(policy, look.before if look.of == library.DRAFT else None, language.chosen())
    document = policy.rule_set.document
    about = _about(look, document)
    return render_template(
        "rulesets/readable.html", **frame_of(look), **about, document=document, said=said, together=together(look)
    )


@blueprint.get("/policies/<name>/text")
@guard.needs(Right.READ)
def text(name: str) -> str:
    """Show the text with its findings."""
    look = look_of(name)
    return render_template("rulesets/text.html", **frame_of(look), **_typing(look))


@blueprint.get("/policies/<name>/tests")
@guard.needs(Right.READ)
def tests(name: str) -> str:
    """Show the policy's own tests, and which rules they hit."""
    look, policy = _loaded(name)
    covered = service.coverage(policy)
    return render_template(
        "rulesets/tests.html",
        **frame_of(look),
        coverage=covered,
        called=naming.called(policy, language.chosen()),
        told=CameOut(policy, language.chosen()),
        given={number: testwords.given(policy, case) for number, case, _ in covered.ordered},
        expected={number: testwords.expected(case) for number, case, _ in covered.ordered},
        names={number: reason_cells(case.name) for number, case, _ in covered.ordered},
        makes_tests=_makes_tests(look),
        unfilled=service.unfilled(look) if look.of == library.DRAFT else None,
    )


@blueprint.get("/policies/<name>/try")
@guard.needs(Right.READ)
def trial(name: str) -> str:
    """Show the form, empty or filled with a test, with a recorded decision, or with one that a rule hit."""
    look, policy = _loaded(name)
    fill = next((f"{sort}:{request.args[sort]}" for sort in asking.ADDRESSED if sort in request.args), "empty:")
    return _trial(look, _asked(policy, MultiDict({asking.FILL: fill})))


@blueprint.post("/policies/<name>/try")
@guard.needs(Right.READ)
def decide(name: str) -> str:
    """Answer the form: filled from the record, one row more or less, what is wrong, or the decision and why."""
    look, policy = _loaded(name)
    return _trial(look, _asked(policy, request.form))


@blueprint.post("/policies/<name>/beside")
@guard.needs(Right.READ)
def beside(name: str) -> str:
    """Answer the form beside a view, under the text as it is being typed where that can be changed."""
    look = look_of(name)
    tried = asking.tried(look, request.form.get(asking.TEXT) if edits(look) else None)
    asked = None if tried.policy is None else _asked(tried.policy, request.form)
    if asked is not None and asked.trial.decision is not None:
        steps.take("try")
    return render_template("rulesets/beside.html", **frame_of(look), **_trying(look, asked), tried=tried)


@blueprint.post("/policies/<name>/decision.json")
@guard.needs(Right.READ)
def decision(name: str) -> Response:
    """Answer the form with the canonical text of the decision, or with what is wrong."""
    _, policy = _loaded(name)
    found = trying.from_form(policy, request.form, guard.act(), language.chosen())
    body, status = trying.as_json(found)
    return Response(body, status, mimetype="application/json")


@blueprint.get("/documents/<path:name>")
@guard.needs(Right.READ)
def document(name: str) -> str:
    """Show the text of any document with its findings."""
    look = look_of(name)
    coming = coming_to(look)
    return render_template("rulesets/document.html", look=look, edits=edits(look), coming=coming, **_typing(look))


def _about(look: Look, document: PolicyDocument) -> dict[str, Any]:
    """Return who keeps a policy, and what those in effect beside it are called, by id."""
    with guard.record().engine.connect() as connection:
        owner = service.owner(connection, document)
    return {"owner": owner, "titles": service.titles(look)}


def _typing(look: Look) -> dict[str, Any]:
    """Return what a page shows of a text, and what an editor of it says."""
    says = completing.said(look, language.chosen()) if edits(look) else {}
    return {"document": service.document(look), "ways": ways_of(look), "says": says}


def edits(look: Look) -> bool:
    """Say whether what is looked at can be changed by whoever looks."""
    member = guard.member()
    may = member.may(Right.EDIT, look.kind) if look.kind else member.may(Right.EDIT) and not member.kinds
    return may and look.of == library.DRAFT and look.draft is not None


def ways_of(look: Look) -> tuple[str | None, str | None]:
    """Return what can be undone and done again in a draft."""
    if look.draft is None:
        return None, None
    with guard.record().engine.connect() as connection:
        return drafts.ways(connection, look.name, look.draft.version)


def coming_to(look: Look) -> Coming:
    """Return what is on its way for a document: proposals, revisions of later days, texts beside the draft."""
    with guard.record().engine.connect() as connection:
        coming = library.coming(connection, look.name, guard.act().today)
    return coming if guard.member().reads_unpublished(look.kind) else replace(coming, waiting=(), aside=(), asked=())


def look_of(name: str) -> Look:
    """Return the document as the address asks to look at it: `?of=draft`, `?of=3`.

    The address of a draft that is there no more leads to the proposal it is now, or to what is in effect.
    """
    of, day = request.args.get("of", ""), guard.act().today
    with guard.record().engine.connect() as connection:
        found = library.look(connection, name, day, of)
        if not (guard.member().reads_unpublished(library.kind_of(name)) or found is None):
            _check_public(connection, found)
        is_told = found is None and of == library.DRAFT and guard.member().reads_unpublished(library.kind_of(name))
        leads = gone.leads(connection, name) if is_told else None
    if leads is not None:
        flashing.tell(leads[1], grade="note")
        abort(redirect(leads[0]))
    return found or abort(404)


def _is_public(connection: Connection, look: Look) -> bool:
    """Say whether the text looked at was ever published."""
    return look.of == library.LIVE or published.was_published(connection, look.name, look.digest)


def _check_public(connection: Connection, look: Look) -> None:
    if look.of == library.DRAFT or not _is_public(connection, look):
        abort(403)


def _loaded(name: str) -> tuple[Look, Policy]:
    """Return the document and the policy it is; one that does not load has no tests and nothing to try."""
    look = look_of(name)
    return look, look.policy or abort(redirect(url_for("rulesets.text", name=name, of=look.of)))


def frame_of(look: Look) -> dict[str, Any]:
    """Return what stands around every page of one policy."""
    of = None if look.of == library.LIVE else look.of
    return {
        "look": look,
        "of": of,
        "edits": edits(look),
        "policy": look.policy or look.before,
        "summary": service.summary(look),
        "coming": coming_to(look),
    }


def _asked(policy: Policy, form: MultiDict[str, str]) -> asking.Asked:
    return asking.asked(policy, form) or abort(404)


def _trial(look: Look, asked: asking.Asked) -> str:
    """Show the form; a change of language sends it once more, and decides only where there was an answer already."""
    answered = asked.trial.answered
    shown = {**frame_of(look), **_trying(look, asked)}
    return render_template("rulesets/trial.html", **shown, again=True, answered=answered)


def _trying(look: Look, asked: asking.Asked | None) -> dict[str, Any]:
    """Return what the form of a trial shows."""
    return {
        "asked": asked,
        "trial": None if asked is None else asked.trial,
        "called": {} if look.policy is None else naming.called(look.policy, language.chosen()),
        "makes_tests": _makes_tests(look),
    }


def _makes_tests(look: Look) -> bool:
    """Say whether tests can be added to the draft of what is looked at, or to one that is begun for them."""
    return look.of in (library.LIVE, library.DRAFT) and guard.member().may(Right.EDIT, look.kind)
