"""The page on which a policy is made, from nothing or as a copy; one lands in its draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from policy.model.canonical import canonical_json
from policy.model.document import FieldOptions, Kind
from policy.values import Text
from webadmin import filters, flashing, guard, language, library
from webadmin.access.rights import Right
from webadmin.rulesets import blank, making
from webadmin.rulesets.making import TakenError, UnfitError, Wanted
from webadmin.store.writer import BusyError

blueprint = Blueprint("making", __name__, url_prefix="/policies/new")

MOST_FINDINGS = 5
"""Reasons said of what would not load."""


@dataclass(slots=True)
class Typed:
    """The form as it was typed.

    Attributes:
        problems: Field → what is wrong with it, a sentence.
    """

    kind: str = ""
    id: str = ""
    zh: str = ""
    en: str = ""
    copy: str = ""
    subject: str = ""
    inputs: tuple[str, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the id of the policy it asks for; empty where a part is missing."""
        return f"{self.kind}.{self.id}" if self.kind and self.id else ""


@blueprint.get("")
@guard.needs(Right.EDIT)
def form() -> str:
    """Show the form, filled for a copy where one is asked for."""
    kinds = _kinds()
    typed = Typed(kind=request.args.get("kind", ""))
    typed.kind = typed.kind if typed.kind in kinds else kinds[0]
    key = request.args.get("copy", "")
    if key:
        with guard.record().engine.connect() as connection:
            _fill(connection, typed, key)
        if typed.kind not in kinds:
            abort(403)
    return _page(typed)


@blueprint.post("")
@guard.needs(Right.EDIT)
def make() -> AnyResponse:
    """Make the draft and show it, or the form with what is wrong."""
    typed = _typed()
    if typed.kind and typed.kind not in _kinds():
        abort(403)
    with guard.record().engine.connect() as connection:
        _check(connection, typed)
    if typed.problems:
        return Response(_page(typed), 422)
    wanted = Wanted(
        typed.name, Text(typed.zh or typed.en, typed.en or typed.zh), typed.copy, typed.subject, typed.inputs
    )
    try:
        version = making.make(guard.record(), wanted, guard.act())
    except TakenError as error:
        typed.problems["id"] = _said_taken(typed.name, error.free)
        return Response(_page(typed), 409)
    except UnfitError as error:
        whys = [each.text(language.chosen()) for each in error.findings[:MOST_FINDINGS]]
        typed.problems["source" if typed.copy else "inputs"] = gettext(
            "It would not load: %(why)s", why="; ".join(whys) or gettext("there is no such policy")
        )
        return Response(_page(typed), 422)
    except BusyError:
        abort(503)
    _tell(typed, version)
    return redirect(url_for("rulesets.rules", name=typed.name, of=library.DRAFT), 303)


@blueprint.get("/free")
@guard.needs(Right.EDIT)
def free() -> Response:
    """Say whether an id is free while it is typed."""
    typed = Typed(kind=request.args.get("kind", ""), id=request.args.get("id", "").strip()[: 2 * making.LONGEST])
    with guard.record().engine.connect() as connection:
        said = _wrong_id(connection, typed) if typed.kind in _kinds() else gettext("Choose a kind.")
    answer = {"free": not said, "said": said or gettext("%(name)s is free.", name=typed.name)}
    return Response(canonical_json(answer), mimetype="application/json")


def _kinds() -> list[str]:
    """Return the kinds of policy this login may write."""
    member = guard.member()
    return [str(each) for each in Kind if member.may(Right.EDIT, each)] or abort(403)


def _typed() -> Typed:
    form = request.form
    kind, copy = form.get("kind", ""), form.get("copy", "") if form.get("start") == "copy" else ""
    name = form.get("id", "").strip()
    inputs = tuple(dict.fromkeys(form.getlist("inputs")))
    zh, en = (_line(form.get(each, "")) for each in ("zh", "en"))
    typed = Typed(kind, name.removeprefix(f"{kind}."), zh, en, copy, form.get("subject", ""), inputs)
    if form.get("start") == "copy" and not copy:
        typed.problems["source"] = gettext("Choose what to copy.")
    return typed


def _line(text: str) -> str:
    """Return a title without breaks and what cannot be printed."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[: making.LONGEST_TITLE]


def _check(connection: Connection, typed: Typed) -> None:
    """Fill in what is wrong with what was typed."""
    if not typed.kind:
        typed.problems["kind"] = gettext("Choose a kind.")
    elif typed.copy and library.kind_of(typed.copy) != typed.kind:
        typed.problems["kind"] = gettext("A copy has the kind of what is copied: choose the same.")
    if not typed.id:
        typed.problems["id"] = gettext("Give it an id.")
    elif typed.kind:
        said = _wrong_id(connection, typed)
        typed.problems |= {"id": said} if said else {}
    if not (typed.zh or typed.en):
        typed.problems["zh"] = typed.problems["en"] = gettext("Give it a title, in one language at least.")


def _wrong_id(connection: Connection, typed: Typed) -> str:
    """Return what is wrong with an id, with the nearest that would do; empty where nothing is."""
    known = making.taken(guard.record(), connection)
    if not making.is_name(typed.id):
        near = making.near_name(typed.id)
        shape = gettext("An id has small letters, digits and hyphens, and begins with a letter.")
        if not near:
            return str(shape)
        free = gettext("Free is: %(name)s", name=making.free(f"{typed.kind}.{near}", known))
        return f"{shape} {free}"
    nearest = making.free(typed.name, known)
    return "" if nearest == typed.name else _said_taken(typed.name, nearest)


def _said_taken(name: str, nearest: str) -> str:
    return str(gettext("%(name)s is taken. Free is: %(nearest)s", name=name, nearest=nearest))


def _fill(connection: Connection, typed: Typed, key: str) -> None:
    """Fill the form for a copy: the nearest free id, and the titles of what is copied."""
    look = making.source(connection, key, guard.act()) or abort(404)
    typed.copy, typed.kind = key, look.kind or ""
    typed.id = making.free(look.name, making.taken(guard.record(), connection)).partition(".")[2]
    title = look.title
    typed.zh, typed.en = (title, title) if isinstance(title, str) else (f"{title.zh}（副本）", f"{title.en} (copy)")


def _tell(typed: Typed, version: int) -> None:
    said = gettext(
        "The draft of %(name)s was made. It decides nothing until somebody else approves it.",
        name=typed.name,
    )
    if typed.copy and typed.kind == Kind.PENALTY:
        more = gettext(
            "A record of consultation is not copied: this policy needs one of its own before it is published."
        )
        said = language.joined((said, more))
    flashing.tell(said, discard=url_for("drafts.discard", name=typed.name, since=version))


def _page(typed: Typed) -> str:
    act = guard.act()
    with guard.record().engine.connect() as connection:
        fields, sources = making.fields(connection, act), making.sources(connection, act)
    kinds = _kinds()
    return render_template(
        "rulesets/new.html",
        typed=typed,
        kinds=kinds,
        sources=[each for each in sources if library.kind_of(each.name) in kinds],
        groups=_grouped(fields),
        subjects=[(path, filters.own(fields[path].label or path)) for path in blank.subjects(fields)],
        usual={str(kind): shape.subject for kind, shape in blank.SHAPES.items()},
        longest=making.LONGEST,
        longest_title=making.LONGEST_TITLE,
    )


def _grouped(fields: Mapping[str, FieldOptions]) -> Sequence[tuple[str, Sequence[tuple[str, FieldOptions]]]]:
    """Return the fields by the first part of their paths."""
    groups: dict[str, list[tuple[str, FieldOptions]]] = {}
    for path, each in fields.items():
        groups.setdefault(path.partition(".")[0].removesuffix("[]"), []).append((path, each))
    return list(groups.items())
