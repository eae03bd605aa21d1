"""Bodies of requests for a decision that must be refused, and soon."""

from __future__ import annotations

import json
from typing import Any

ORDER: dict[str, Any] = {
    "order": {"id": "o1", "amount": 600000, "discount": 0.12},
    "customer": {"id": "c1", "tier": "B"},
    "requester": {"id": "am-07", "team": "east-1"},
}
"""Facts of `approval.order` that are whole."""

FACTS = json.dumps(ORDER)
MANY = ",".join(f'"k{number}":{number}' for number in range(150_000))
WIDE = ",".join(f'"k{number}":{number}' for number in range(60_000))
NARROW = ",".join(f'"k{number}":{number}' for number in range(49_000))
ROWS = ",".join(f'{{"a{number}":1,"b":2.5,"c":3,"d":4}}' for number in range(12_400))
"""Objects of as many keys in all as a body may have."""
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no json": b"{facts}",
    "a list": b"[]",
    "a text": b'"facts"',
    "null": b"null",
    "a key twice": b'{"facts":{"order":{"amount":1,"amount":2}}}',
    "facts twice": f'{{"facts":{FACTS},"facts":{FACTS}}}'.encode(),
    "a key twice, one escaped": b'{"facts":{"order":{"amount":1,"am\\u006funt":2}}}',
    "NaN": b'{"facts":{"order":{"amount":NaN}}}',
    "Infinity": b'{"facts":{"order":{"amount":-Infinity}}}',
    "a number as text": FACTS.replace("600000", '"600000"').join(['{"facts":', "}"]).encode(),
    "not UTF-8": b'{"facts":{"order":{"id":"\xff\xfe"}}}',
    "not UTF-8 in a key": b'{"facts":{"\xc3\x28":1}}',
    "half a character": b'{"facts":{"order":{"id":"\\ud800"}}}',
    "half a character in a key": b'{"facts":{"\\udfff":1}}',
    "half a character in as_of": f'{{"facts":{FACTS},"as_of":"\\ud800"}}'.encode(),
    "100,000 deep lists": b'{"facts":' + b"[" * 100_000,
    "100,000 deep objects": b'{"facts":' + b'{"a":' * 100_000,
    "closed 100,000 deep lists": b'{"facts":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep inside a context": b'{"facts":{"order":' + b'{"a":' * 70 + b"1" + b"}" * 72,
    "a million digits": FACTS.replace("600000", "9" * 1_000_000).join(['{"facts":', "}"]).encode(),
    "a huge exponent": FACTS.replace("600000", "1e999999999").join(['{"facts":', "}"]).encode(),
    "an exponent beyond": FACTS.replace("600000", "1e9999999999999999999999").join(['{"facts":', "}"]).encode(),
    "a tiny exponent": FACTS.replace("600000", "1e-999999999").join(['{"facts":', "}"]).encode(),
    "150,000 keys": f'{{"facts":{{{MANY}}}}}'.encode(),
    "a million brackets": b'{"facts":[' + b"[]," * 600_000 + b"[]]}",
    "a million keys twice": b'{"facts":{' + b'"a":1,' * 300_000 + b'"a":1}}',
    "a text of 1.9 MB": b'{"facts":{"order":{"id":"' + b"x" * 1_900_000 + b'"}}}',
    "too large": b'{"facts":"' + b"x" * 2_097_152 + b'"}',
    "events that are none": f'{{"facts":{FACTS},"events":7}}'.encode(),
    "events without ids": f'{{"facts":{FACTS},"events":[{{}},7]}}'.encode(),
    "45,000 events without ids": f'{{"facts":{FACTS},"events":[{"{}," * 44_999}{{}}]}}'.encode(),
    "events twice": f'{{"facts":{FACTS},"events":[],"events":[]}}'.encode(),
    "as_of a number": f'{{"facts":{FACTS},"as_of":20260301}}'.encode(),
    "as_of the end of time": f'{{"facts":{FACTS},"as_of":"9999-12-31T23:59:59-23:59"}}'.encode(),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a NUL": b'{"facts":{"\\u0000":"\\u0000"}}',
    "60,000 keys of no body": f"{{{WIDE}}}".encode(),
    "60,000 keys of facts": f'{{"facts":{{{WIDE}}}}}'.encode(),
    "60,000 keys, then no JSON": f'{{"facts":{{{WIDE}}}'.encode(),
    "49,000 keys of no body": f"{{{NARROW}}}".encode(),
    "49,000 keys of facts": f'{{"facts":{{{NARROW}}}}}'.encode(),
    "rows": f'{{"facts":{{"order":[{ROWS}]}}}}'.encode(),
    "rows, a key twice": f'{{"facts":{{"order":[{ROWS}],"order":1}}}}'.encode(),
    "rows, then NaN": f'{{"facts":{{"order":[{ROWS},NaN]}}}}'.encode(),
    "rows, then no JSON": f'{{"facts":{{"order":[{ROWS}'.encode(),
    "rows, then half a character": f'{{"facts":{{"order":[{ROWS},"\\ud800"]}}}}'.encode(),
    "rows, then no UTF-8": f'{{"facts":{{"order":[{ROWS},"'.encode() + b'\xff"]}}',
    "190,000 numbers": f'{{"facts":{{"order":[{"1.5," * 190_000}1]}}}}'.encode(),
    "half a character in a document": b'{"documents":{"a.yaml":"\\ud800"}}',
    "two bodies": b"{}{}",
}
"""By what is wrong with each."""

_EVENT = {"specversion": "1.0", "source": "crm", "time": "2026-03-02T09:30:00+08:00"}


def _orders(name: str) -> bytes:
    """Return a batch of 1,000 orders, each with 40 keys nobody knows."""
    items = [{"facts": {"order": {name.format(item=item, key=key): 1 for key in range(40)}}} for item in range(1000)]
    return json.dumps({"items": items}).encode()


def _events(name: str) -> bytes:
    """Return 1,000 events, each of a type nobody knows."""
    found = [{**_EVENT, "id": f"e{item}", "type": name.format(item=item), "data": {}} for item in range(1000)]
    return json.dumps(found).encode()


DECIDING = "/api/v1/policies/approval.order/decisions/batch"
TELLING = "/api/v1/events"
MISSPELT: dict[str, tuple[str, bytes]] = {
    "the same keys in each item": (DECIDING, _orders("amoun{key}")),
    "other keys in each item": (DECIDING, _orders("amoun{item}-{key}")),
    "the same type of each event": (TELLING, _events("customer_lsot")),
    "other types of each event": (TELLING, _events("customer_lsot{item}")),
}
"""Where to send what: bodies of 1,000 items, of which none can be taken."""
