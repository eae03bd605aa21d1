"""Many values in one parameter of a statement: as many as there are, at the cost of one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, Text, bindparam, column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Unfolded(FunctionElement[Any]):
    """The texts of a JSON list as rows of one column, `value`."""

    name = "unfolded"
    inherit_cache = True


@compiles(_Unfolded, "sqlite")
def _on_sqlite(element: _Unfolded, compiler: SQLCompiler, **given: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **given)})"


@compiles(_Unfolded, "postgresql")
def _on_postgresql(element: _Unfolded, compiler: SQLCompiler, **given: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **given)} AS json))"


def unfolded(values: Iterable[str]) -> Select[tuple[str]]:
    """Return a choice of the values, to stand behind IN; none may hold a NUL, which PostgreSQL does not take."""
    texts = bindparam(None, json.dumps(list(values)), type_=Text)
    rows = _Unfolded(texts).table_valued(column("value", Text)).alias()
    return select(rows.c.value)
