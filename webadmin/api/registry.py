"""The operations of the API: each says its address, what it takes and answers, and who may call it.

Routes are made from them, and so is the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from policy.values import Text
from webadmin.access.scopes import Scope
from webadmin.api.calls import Handler


@dataclass(frozen=True, slots=True)
class Example:
    """A call that works, for the document, the page to try it, and a test.

    Attributes:
        path: Values in the address.
        query: Parameters.
    """

    title: str
    body: Any = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        name: Its id; a route's endpoint, too.
        method: `GET` or `POST`.
        path: With `{name}` where a value stands.
        scopes: Of which a token needs one.
        answer: Form of the answer.
        status: HTTP status where all went well.
        query: Form of the parameters.
        body: Form of the body; None: there is none.
        media_types: Types of the body that are taken.
        problems: Codes of what can go wrong, besides what can everywhere.
        once: Whether it takes an Idempotency-Key.
        handle: Carries it out.
    """

    name: str
    method: str
    path: str
    title: Text
    scopes: tuple[Scope, ...]
    answer: type[Any]
    handle: Handler
    status: int = 200
    query: type[Any] | None = None
    body: Any = None
    media_types: tuple[str, ...] = ("application/json",)
    problems: tuple[str, ...] = ()
    once: bool = False
    examples: tuple[Example, ...] = ()


OPERATIONS: dict[str, Operation] = {}
"""All of them, by name, in the order they were declared."""


def operation(name: str, method: str, path: str, **said: Any) -> Callable[[Handler], Handler]:
    """Declare what a function carries out; see `Operation`."""

    def declared(handle: Handler) -> Handler:
        OPERATIONS[name] = Operation(name, method, path, handle=handle, **said)
        return handle

    return declared
