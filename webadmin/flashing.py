"""What a page says of what was just done, and how it can be undone."""

from __future__ import annotations

import json
from typing import Any

from flask import flash, get_flashed_messages

from policy.model.canonical import canonical_json


def tell(text: str, *, undo: str | None = None, discard: str | None = None, grade: str = "good") -> None:
    """Say something on the next page.

    Args:
        text: One sentence in the reader's language.
        undo: Address that undoes it when a form is sent there; None where that cannot be.
        discard: Address that gives up the draft that was just begun; it is offered until something in it is changed.
        grade: `good`, `note`, `warn` or `bad`: its colour and mark.
    """
    flash(canonical_json({"text": text, "undo": undo, "discard": discard}), grade)


def said() -> list[tuple[str, dict[str, Any]]]:
    """Return what is to be said on this page: grade, and text with the address that undoes it."""
    found: list[Any] = list(get_flashed_messages(with_categories=True))
    return [(grade, json.loads(each)) for grade, each in found]
