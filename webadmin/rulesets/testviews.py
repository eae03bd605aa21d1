"""What can be done to the tests of a policy: one made from a trial, another expectation, another name, taken out.

Each is a change of the draft, which begins where there is none, and can be undone.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from policy.engine import Policy
from policy.errors import SourceError
from policy.model.document import PolicyDocument
from policy.values import Text
from webadmin import filters, flashing, guard, language, library
from webadmin.access.rights import Right
from webadmin.rulesets import testing, trying
from webadmin.rulesets.drafting import NoDraftError
from webadmin.rulesets.editing import ChangedError, MissingError
from webadmin.rulesets.testing import HalfNameError, Neutral
from webadmin.store.writer import BusyError

NEW_NAME = "@name"
"""What the forms call the name a test is given."""

blueprint = Blueprint("tests", __name__, url_prefix="/policies/<name>/tests")


@blueprint.post("/add")
@guard.needs(Right.EDIT)
def add(name: str) -> AnyResponse:
    """Make a test of what was tried; what it expects comes from the draft, with nobody's name in it."""
    policy, act = _draft(name), guard.act()
    title = _title() or gettext("test %(number)s", number=len(policy.rule_set.cases) + 1)
    trial = trying.from_form(policy, request.form, act, language.chosen())
    if trial.decision is None:
        return _refused(name, gettext("The draft cannot decide these facts, so there is nothing to expect yet."))
    with guard.record().engine.connect() as connection:
        plain = testing.neutral(connection, policy, trial.form.facts(), trial.form.events())
    as_of = trial.decision.as_of
    decision = policy.decide(plain.facts, as_of=as_of, events=plain.events)
    expects = testing.expected(decision, request.form.getlist("@expect"))
    if not expects:
        return _refused(name, gettext("A test expects something: tick at least one thing."))
    made = testing.item(title, as_of, plain.facts, plain.events, expects)
    said = gettext("The test “%(name)s” was added to the draft.", name=title)
    return _done(name, testing.added(made), "test-add", language.joined([said, *_of_people(plain)]))


@blueprint.post("/<int:number>/expect")
@guard.needs(Right.EDIT)
def expect(name: str, number: int) -> AnyResponse:
    """Have a test expect what the draft gives, in whatever it has compared so far; its name may change with it."""
    policy, was = _draft(name), request.form.get("was", "")
    cases = policy.rule_set.cases
    case = cases[number - 1] if 0 < number <= len(cases) else abort(404)
    decision = policy.decide(policy.reader.plain(case.given), as_of=case.as_of, events=case.events)
    expects = testing.as_before(case.expect, decision)
    title = _retitled(name, case.name)
    said = gettext("The test “%(name)s” expects what comes out now.", name=filters.own(title))
    new = None if title == case.name else title
    return _done(name, testing.expecting(number, was, expects, new), "test-expect", said)


@blueprint.post("/<int:number>/rename")
@guard.needs(Right.EDIT)
def rename(name: str, number: int) -> AnyResponse:
    """Give a test another name, in one language or both."""
    _check(name)
    was = request.form.get("was", "")
    title = _retitled(name, _name(name, was))
    said = gettext("The test is called “%(name)s” now.", name=filters.own(title))
    return _done(name, testing.renamed(number, was, title), "test-rename", said)


@blueprint.post("/<int:number>/remove")
@guard.needs(Right.EDIT)
def remove(name: str, number: int) -> AnyResponse:
    """Take a test out."""
    _check(name)
    was = request.form.get("was", "")
    said = gettext("The test “%(name)s” is gone from the draft.", name=filters.own(_name(name, was)))
    return _done(name, testing.removed(number, was), "test-remove", said)


def _check(name: str) -> None:
    """Refuse a kind of policy this login may not change."""
    kind = library.kind_of(name) or abort(404)
    if not guard.member().may(Right.EDIT, kind):
        abort(403)


def _draft(name: str) -> Policy:
    """Return the policy a test would become part of: the draft, else what is in effect."""
    _check(name)
    with guard.record().engine.connect() as connection:
        day = guard.act().today
        look = library.look(connection, name, day, library.DRAFT) or library.look(connection, name, day)
    if look is None:
        abort(404)
    return look.policy or abort(redirect(url_for("rulesets.text", name=name, of=look.of), 303))


def _name(name: str, was: str) -> Text:
    """Return the name of a test in both languages; `was` is its name in either."""
    with guard.record().engine.connect() as connection:
        day = guard.act().today
        look = library.look(connection, name, day, library.DRAFT) or library.look(connection, name, day)
    tests = look.document.tests if look is not None and isinstance(look.document, PolicyDocument) else ()
    return next((each.name for each in tests if was in (each.name.zh, each.name.en)), Text(was, was))


def _retitled(name: str, before: Text) -> Text:
    """Return what a test is called as it was typed, by language; refuse an empty name, and half a name."""
    names = {tongue: f"{NEW_NAME}.{tongue}" for tongue in ("zh", "en")}
    typed = {tongue: _line(request.form[each]) for tongue, each in names.items() if each in request.form}
    try:
        title = testing.retitled(before, typed)
    except HalfNameError:
        said = gettext("The name stands in both languages: write it in both, or take out none.")
        abort(_refused(name, said))
    return title or abort(_refused(name, gettext("A test needs a name.")))


def _title() -> str:
    return _line(request.form.get(NEW_NAME, ""))


def _line(typed: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in typed).split())[: testing.LONGEST_NAME]


def _of_people(plain: Neutral) -> list[str]:
    """Return what is to be said of the names that were replaced, and of what of a person stays in the test."""
    said = []
    if plain.replaced:
        text = ngettext(
            "%(num)s name or id was replaced by a neutral one.",
            "%(num)s names or ids were replaced by neutral ones.",
            plain.replaced,
        )
        said.append(text)
    if plain.kept:
        kept = gettext(", ").join(filters.called(each) for each in plain.kept)
        said.append(
            gettext("Everybody who reads the policy can read these values of the test: %(fields)s.", fields=kept)
        )
    return said


def _done(name: str, edit: Callable[[str], str], what: str, said: str) -> AnyResponse:
    try:
        version = testing.written(guard.record(), name, edit, what, guard.act())
    except SourceError as error:
        why = "; ".join(each.text(language.chosen()) for each in error.findings[:3])
        return _refused(name, gettext("That cannot be taken: %(why)s", why=why))
    except (ChangedError, MissingError):
        return _refused(name, gettext("Somebody else has changed the tests meanwhile: look at them first."))
    except NoDraftError:
        abort(404)
    except BusyError:
        abort(503)
    flashing.tell(said, undo=url_for("drafts.undo", name=name, since=version, view="tests"))
    return redirect(url_for("rulesets.tests", name=name, of=library.DRAFT), 303)


def _refused(name: str, said: str) -> AnyResponse:
    flashing.tell(said, grade="bad")
    return redirect(url_for("rulesets.tests", name=name, of=request.args.get("of")), 303)
