"""Sentences about the text of a document: its encoding, YAML and shape."""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages.base import Message

MESSAGES: Mapping[str, Message] = {
    "suggestion": Message(" (did you mean `{suggestion}`?)", "（是否想写 `{suggestion}`？）"),
    "mended": Message("; write: {mended}", "；请写成：{mended}"),
}
