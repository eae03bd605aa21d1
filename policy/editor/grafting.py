"""Parts of one text put into another: as they are written there where that reads the same, else on one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from policy.editor.changes import removing, replaced
from policy.editor.comments import commented
from policy.editor.outline import Found, Outline, Path, meaning
from policy.editor.places import not_found
from policy.editor.regions import Regions, items, pairs
from policy.editor.splices import Splice, spliced
from policy.editor.threeway import Part, Side, Sort, Three, asked
from policy.editor.writing import is_plain
from policy.errors import SourceError
from policy.yamltext import ListNode, MapNode, Node, ScalarNode, quoted

Wanted = Sequence[tuple[Part, Side]]


def merged(three: Three, parts: Sequence[Part], choices: Mapping[int, Side], start: str | None = None) -> str:
    """Return the text with the changes of both.

    Args:
        three: The texts.
        parts: What is different between them: `three.parts()`.
        choices: Number of a part both have changed → whose version counts; theirs where nothing is chosen.
        start: A text that holds their version of what both have changed, to keep the bytes of; theirs where it is
            None, or does not say what it should.

    Raises:
        SourceError: they cannot be put together by their parts.
    """
    wanted = asked(parts, choices)
    for begin in dict.fromkeys((start or three.theirs.text, three.theirs.text)):
        try:
            text = _grafted(begin, three, wanted)
            if _holds(Outline(text), three, parts, dict(_keyed(wanted))):
                return text
        except SourceError:
            continue
    raise not_found(wanted[0][0].path[-1] if wanted else "", three.theirs.document.root)


def _keyed(wanted: Wanted) -> Iterable[tuple[tuple[Path, Sort], Side]]:
    return (((part.path, part.sort), side) for part, side in wanted)


def _holds(text: Outline, three: Three, parts: Sequence[Part], chosen: Mapping[tuple[Path, Sort], Side]) -> bool:
    """Say whether a text holds of every part the version that counts."""
    for part in parts:
        if part.sort in {Sort.ORDER, Sort.COMMENT}:
            continue
        side = chosen.get((part.path, part.sort), Side.THEIRS)
        source = three.mine if side is Side.MINE else three.theirs
        held, now = source.find(part.path), text.find(part.path)
        if meaning(None if held is None else held.node) != meaning(None if now is None else now.node):
            return False
    return True


def _grafted(text: str, three: Three, wanted: Wanted) -> str:
    inner = [part for part, side in wanted if part.sort in {Sort.VALUE, Sort.ITEM} and side is Side.MINE]
    text = _values(text, three, [part for part in inner if part.theirs is not None and part.mine is not None])
    for part in inner:
        if part.mine is None:
            text = _removed(text, part)
    for part, side in wanted:
        if part.sort is Sort.ORDER:
            text = _ordered(text, three, part.path)
        elif side is Side.BOTH:
            text = _beside(text, three, part)
        elif part.sort is not Sort.COMMENT and part.theirs is None:
            text = _added(text, three, part.path)
    for part, _ in wanted:
        if part.sort is Sort.COMMENT and part.where is not None:
            now = Outline(text)
            text = _safely(text, commented(now, (part.path, part.where), part.mine))
    return text


def _values(text: str, three: Three, parts: Sequence[Part]) -> str:
    """Put values into the places of others, all at once."""
    now = Outline(text)
    splices: list[Splice] = []
    for part in parts:
        here, there = now.find(part.path), three.mine.find(part.path)
        if here is not None and there is not None and meaning(here.node) != meaning(there.node):
            splices += _exchanged(now, here, three.mine, there)
    return spliced(text, splices)


def _exchanged(now: Outline, here: Found, mine: Outline, there: Found) -> list[Splice]:
    rest = now.text[here.node.end : now.text.index("\n", here.node.end - 1)].strip() if _is_block(here.node) else ""
    if _is_block(there.node):
        if here.inside or there.inside or rest:
            return replaced(now.text, here.node, on_one_line(mine, there.node))
        begin_there, begin_here = there.key or there.node, here.key or here.node
        written = _shifted(mine.text[begin_there.start : there.node.end], begin_here.column - begin_there.column)
        return [Splice(begin_here.start, here.node.end, written)]
    raw = mine.text[there.node.start : there.node.end]
    if "\n" in raw or (here.inside and not there.inside):
        raw = on_one_line(mine, there.node)
    ended = isinstance(here.node, ScalarNode) and now.text[here.node.end - 1 : here.node.end] == "\n"
    return replaced(now.text, here.node, f"{raw}\n" if ended else raw)


def _removed(text: str, part: Part) -> str:
    now = Outline(text)
    here = now.find(part.path)
    if here is None:
        return text
    steps = here.steps
    alone = isinstance(here.holder, MapNode) and len(here.holder.entries) == 1 and steps[-2:-1] == ("when",)
    return spliced(text, removing(now.document, steps[:-1] if alone else steps))


def _added(text: str, three: Three, path: Path) -> str:
    now = Outline(text)
    there, holder = three.mine.find(path), now.find(path[:-1])
    if there is None or holder is None or now.find(path) is not None:
        return text
    return spliced(text, _put(now, holder, three, path, there))


def _put(now: Outline, holder: Found, three: Three, path: Path, there: Found) -> list[Splice]:
    """Return the change that puts a pair or an item where it stands in the text that is mine."""
    node, mine = holder.node, three.mine
    if not isinstance(node, MapNode | ListNode) or isinstance(node, MapNode) is not (there.key is not None):
        raise not_found(path[-1], node)
    key = "" if there.key is None else f"{mine.text[there.key.start : there.key.end]}: "
    line = f"{key}{on_one_line(mine, there.node)}"
    count = len(node.items if isinstance(node, ListNode) else node.entries)
    if not count:
        return replaced(now.text, node, f"{{{line}}}" if isinstance(node, MapNode) else f"[{line}]")
    index = _index(now, three, path, node)
    regions = _regions(now.text, node)
    if node.flow or holder.inside:
        return [regions.added(index, line)]
    if there.inside:
        return [regions.added(index, line if there.key is not None else f"- {line}")]
    return [regions.added(index, _region(mine, there, regions.indent).removeprefix(" " * regions.indent))]


def _index(now: Outline, three: Three, path: Path, node: MapNode | ListNode) -> int:
    """Return where a part goes: after what it follows in my text, and after what they have added there."""
    own = three.mine.find(path[:-1])
    order = (own and three.mine.names(path[:-1], own.node)) or []
    names = now.names(path[:-1], node) or []
    before = [each for each in order[: order.index(path[-1])] if each in names]
    index = names.index(before[-1]) + 1 if before else 0
    while index < len(names) and names[index] not in order and three.base.find((*path[:-1], names[index])) is None:
        index += 1
    return index


def _beside(text: str, three: Three, part: Part) -> str:
    """Put an item below another of the same id, under an id that is free."""
    now = Outline(text)
    here, there = now.find(part.path), three.mine.find(part.path)
    if here is None or there is None or not isinstance(here.holder, ListNode) or not isinstance(there.node, MapNode):
        return text
    own = there.node.get("id")
    names = now.names(part.path[:-1], here.holder) or []
    if not isinstance(own, ScalarNode):
        return text
    free = next(name for number in range(2, len(names) + 3) if (name := f"{own.value}-{number}") not in names)
    renamed = Outline(spliced(three.mine.text, [Splice(own.start, own.end, free)]))
    path = (*part.path[:-1], free)
    found = renamed.find(path)
    if found is None:
        return text
    lined = replace(three, mine=renamed)
    holder = now.find(part.path[:-1])
    assert holder is not None  # noqa: S101 - the item stands in it
    regions = _regions(now.text, here.holder)
    flat = here.holder.flow or holder.inside or found.inside
    line = on_one_line(lined.mine, found.node)
    written = (
        (line if here.holder.flow else f"- {line}") if flat else _region(renamed, found, regions.indent).lstrip(" ")
    )
    return spliced(text, [regions.added(here.index + 1, written)])


def _ordered(text: str, three: Three, path: Path) -> str:
    """Bring the items of a list into my order; what they have added stays behind what it follows."""
    now = Outline(text)
    here, own = now.find(path), three.mine.find(path)
    if here is None or own is None or not isinstance(here.node, ListNode):
        return text
    names = now.names(path, here.node) or []
    mine = [each for each in three.mine.names(path, own.node) or [] if each in names]
    known = set(mine)
    groups: dict[str, list[int]] = {"": []}
    last = ""
    for at, name in enumerate(names):
        last = name if name in known else last
        groups.setdefault(last, []).append(at)
    order = [at for name in ("", *mine) for at in groups[name]]
    regions = _regions(text, here.node)
    moved = [(slot, at) for slot, at in enumerate(order) if slot != at]
    return spliced(text, [Splice(*regions.spans[slot], text[slice(*regions.spans[at])]) for slot, at in moved])


def on_one_line(outline: Outline, node: Node) -> str:
    """Return a node as it may stand inside brackets; comments within it are left out."""
    if isinstance(node, ListNode):
        return f"[{', '.join(on_one_line(outline, each) for each in node.items)}]"
    if isinstance(node, MapNode):
        inside = (f"{_scalar(outline, key)}: {on_one_line(outline, value)}" for key, value in node.entries)
        return f"{{{', '.join(inside)}}}"
    return _scalar(outline, node)


def _scalar(outline: Outline, node: ScalarNode) -> str:
    raw = outline.text[node.start : node.end]
    if "\n" not in raw and (node.style in {"'", '"'} or meaning(node) == (node.value, True)):
        return raw
    return node.value if is_plain(node.value, inside=True) else quoted(node.value)


def _region(outline: Outline, found: Found, indent: int) -> str:
    """Return the lines of a part with the comments that belong to it, at another depth."""
    assert isinstance(found.holder, MapNode | ListNode)  # noqa: S101 - only the whole stands in nothing
    regions = _regions(outline.text, found.holder)
    start, end = regions.spans[found.index]
    line = outline.text.rfind("\n", 0, start) + 1
    begin = line if not outline.text[line:start].strip() else start
    own = outline.text[begin:end]
    written = own if begin == line else " " * regions.indent + own
    shift = indent - regions.indent
    return _shifted(" " * max(shift, 0) + written[max(-shift, 0) :], shift)


def _shifted(text: str, shift: int) -> str:
    """Move every line but the first to the right, or to the left."""
    first, *rest = text.split("\n")
    moved = [" " * shift + line if shift > 0 and line else line[-shift:] if shift < 0 else line for line in rest]
    return "\n".join([first, *moved])


def _regions(text: str, node: MapNode | ListNode) -> Regions:
    return items(text, node) if isinstance(node, ListNode) else pairs(text, node)


def _is_block(node: Node) -> bool:
    """Say whether a node needs lines of its own."""
    return node.style in {"|", ">"} if isinstance(node, ScalarNode) else not node.flow


def _safely(text: str, splices: list[Splice]) -> str:
    """Make a change that must not change what the text means; leave it where it would."""
    changed = spliced(text, splices)
    try:
        same = meaning(Outline(changed).document.root) == meaning(Outline(text).document.root)
    except SourceError:
        return text
    return changed if same else text
