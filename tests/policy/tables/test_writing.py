"""Mappings written from what was read mean the same."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from policy.errors import Place
from policy.model.written import Scalar
from policy.tables import RecordMapping, load_record_mapping, written_mapping

SHIPPED = sorted(Path("config/mappings").glob("*.yaml"))


def plain(value: Any) -> Any:
    """Return a mapping without the places and digests of its text."""
    if isinstance(value, Place):
        return None
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if dataclasses.is_dataclass(value):
        names = [each.name for each in dataclasses.fields(value) if each.name not in ("text", "digest", "marks")]
        return {name: plain(getattr(value, name)) for name in names}
    return value


MORE = """\
mapping: more
into: people
source: crm
title: {zh: 更多, en: "More: \\"all\\""}
encoding: gb18030
delimiter: ";"
key: [工号]
distinct: true
columns:
  - {name: 入职, date: "%Y年%m月%d日", missing: ["-", "no"]}
  - {name: 配额, number: {thousands: ",", currency: ["¥"], percent: false}}
where: [{column: 状态, one_of: [在职, "yes"]}]
skip: [{column: 状态, one_of: ["null"]}]
fields:
  id: {column: 工号}
  name: {column: "name"}
  skills: {column: 技能, split: "、", default: [x]}
  status: {constant: active}
  level: {constant: 3}
"""


def test_a_mapping_with_everything_means_the_same() -> None:
    read = load_record_mapping(MORE)

    assert plain(load_record_mapping(written_mapping(read))) == plain(read)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_mappings_mean_the_same(path: Path) -> None:
    if "\ninto:" not in path.read_text("utf-8"):
        pytest.skip("it makes facts, no records")
    read: RecordMapping = load_record_mapping(path)

    assert plain(load_record_mapping(written_mapping(read))) == plain(read)
