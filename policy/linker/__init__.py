"""Puts documents together: names resolved across vocabulary, reference tables and policies, every expression checked."""

from __future__ import annotations

from policy.linker.link import Linked, link

__all__ = ["Linked", "link"]
