"""Reasons as pages show them: the part of a condition that decided stands in them in words, not as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, g
from markupsafe import Markup, escape

from policy.engine import Policy
from webadmin import language
from webadmin.wording.leaves import Leaves

_CODE = Markup("<code>{}</code>")
_SAID = Markup('<span class="in-words" title="{text}">{said}</span>')


def leaves(policy: Policy) -> Leaves:
    """Return what says the conditions of a policy to the reader, the same for all of a request."""
    known: dict[int, Leaves] = g.setdefault("leaves", {})
    key = id(policy.rule_set)  # kept by what is known, so that no other takes its place
    if key not in known:
        known[key] = Leaves(policy.rule_set, language.chosen())
    return known[key]


def reasoned(rule: Mapping[str, Any], said_by: Leaves) -> Markup:
    """Return why a rule came out as it did.

    Args:
        rule: The rule, as an explanation has it; its reason names the rule first, between backticks.
        said_by: Says its conditions.
    """
    decisive = rule["decisive"]
    text = None if decisive is None else decisive["text"]
    said = None if text is None else said_by.said(rule["id"], text)
    pieces: list[str] = rule["reason"].split("`")
    if len(pieces) % 2 == 0:  # one of them stands alone and is a sign like any other
        return escape(rule["reason"])
    found = [_CODE.format(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces)]
    at = next((number for number in range(3, len(pieces), 2) if pieces[number] == text), None)
    if said is not None and at is not None:
        found[at] = _SAID.format(text=text, said=said)
    return Markup("").join(found)


def init(app: Flask) -> None:
    """Give the templates of `app` these."""
    app.jinja_env.globals["leaves"] = leaves
    app.jinja_env.filters["reasoned"] = reasoned
