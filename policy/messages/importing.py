"""Sentences about tables read from files."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Message

MESSAGES: Mapping[str, Message] = {}
