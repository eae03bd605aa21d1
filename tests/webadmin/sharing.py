"""What many tests need alike and none changes: made once, for a process or for all processes of a run."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class CompiledTemplates(BytecodeCache):
    """Templates that another application has compiled already, by name and text."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


class CompiledRule(Rule):
    """A route whose writer of addresses another application has compiled already: it follows from the text alone."""

    _known: dict[tuple[str, str, bool], Callable[..., tuple[str, str]]] = {}  # noqa: RUF012 - that is the point

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, repr(self.defaults), append_unknown)
        if key not in self._known:
            self._known[key] = super()._compile_builder(append_unknown)
        return self._known[key]


TEMPLATES = CompiledTemplates()


def share(app: type[Flask]) -> None:
    """Have applications that are made from now on compile their routes once."""
    app.url_rule_class = CompiledRule


def digest_of(folder: Path) -> str:
    """Return a digest of what a folder holds: names and bytes of its files."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    held = [(str(each.relative_to(folder)), each.read_bytes()) for each in files]
    return hashlib.sha256(repr(held).encode()).hexdigest()


def for_all(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], None]) -> Path:
    """Return a folder that all processes of a run share, filled by the first of them; what is changed is a copy."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shared-{name}"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        if not shared.with_suffix(".done").exists():
            shutil.rmtree(shared, ignore_errors=True)  # half filled by a process that failed
            shared.mkdir()
            fill(shared)
            shared.with_suffix(".done").touch()
    return shared
