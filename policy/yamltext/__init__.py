"""The text of a document: its canonical form, its nodes, its places; the only home of PyYAML."""

from policy.yamltext.canonical import FORBIDDEN, canonical, digest
from policy.yamltext.collector import Collector
from policy.yamltext.compose import Composed, compose
from policy.yamltext.marks import marks
from policy.yamltext.nodes import ListNode, MapNode, Node, ScalarNode
from policy.yamltext.parse import is_read_elsewhere
from policy.yamltext.quoting import double_quoted, quoted

__all__ = [
    "FORBIDDEN",
    "Collector",
    "Composed",
    "ListNode",
    "MapNode",
    "Node",
    "ScalarNode",
    "canonical",
    "compose",
    "digest",
    "double_quoted",
    "is_read_elsewhere",
    "marks",
    "quoted",
]
