"""What a policy that does not load declares by itself: its inputs and derived values, as far as its text says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy.linker.fields import declared, refined
from policy.linker.log import Log
from policy.model.document import Ask, Derived, FieldOptions, FieldType, InputItem, PolicyDocument, Worked
from policy.model.fields import Field


def fields(document: PolicyDocument, shared: Mapping[str, FieldOptions]) -> dict[str, Field]:
    """Return the inputs of a document by path, then its derived values; see `inputs`."""
    made = {name: unknown(name, how) for name, how in document.derived.items()}
    return {**inputs(document, shared), **made}


def inputs(document: PolicyDocument, shared: Mapping[str, FieldOptions]) -> dict[str, Field]:
    """Return the inputs of a document by path; what has no type yet is left out.

    Args:
        document: The policy as it is written, which need not load.
        shared: What the vocabulary declares.
    """
    return dict(_inputs(document.inputs, shared))


def unknown(name: str, how: Derived) -> Field:
    """Return a derived value of a draft that does not load: its type is not known."""
    return Field(name, FieldType.CONTEXT, label=how.label if isinstance(how, Ask | Worked) else None)


def _inputs(items: tuple[InputItem, ...], shared: Mapping[str, FieldOptions]) -> Iterator[tuple[str, Field]]:
    log = Log()  # the findings of the document hold what is wrong with it already
    for each in items:
        base = declared(each.path, shared[each.path], log, vocabulary=True) if each.path in shared else None
        found = declared(each.path, each.options, log) if base is None else refined(base, each.options, log)
        if found is not None:
            yield each.path, found
