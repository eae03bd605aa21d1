"""Puts documents together: names resolved across all of them, every expression checked."""

from __future__ import annotations

from policy.linker.link import Linked, link

__all__ = ["Linked", "link"]
