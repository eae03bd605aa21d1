"""Sentences about the rule set as a whole: names, types, other documents."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Message

MESSAGES: Mapping[str, Message] = {}
