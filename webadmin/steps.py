"""Which of the first steps a request took, where its address alone does not tell."""

from __future__ import annotations

from flask import g


def take(step: str) -> None:
    """Say that this request took a step."""
    g.step = step


def taken() -> str | None:
    """Return the step this request took; None for none."""
    found: str | None = g.get("step")
    return found
