"""A form of a page as a browser would send it."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict


class Filled(HTMLParser):
    """What the form with an id holds.

    Attributes:
        data: Name → values, in order, line ends as a browser sends them; buttons are left out.
        action: Where it is sent.
        ids: Ids of all elements.
        labelled: Ids that a label names.
    """

    def __init__(self, text: str, id_: str) -> None:
        super().__init__()
        self.data: MultiDict[str, str] = MultiDict()
        self.action = ""
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.wanted, self._inside = id_, False
        self._select, self._options, self._text = "", [""], ""
        self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an input with what it holds."""
        own = {name: value or "" for name, value in attrs}
        if "id" in own:
            self.ids.append(own["id"])
        if tag == "form":
            self._inside = own.get("id") == self.wanted
            self.action = own.get("action", "") if self._inside else self.action
        if tag == "label":
            self.labelled.add(own.get("for", ""))
        if self._inside:
            self._take(tag, own)

    def _take(self, tag: str, own: dict[str, str]) -> None:
        if tag in {"input", "select", "textarea"}:
            self.inputs.append({"tag": tag, **own})
        if tag == "input" and (own.get("type") not in {"checkbox", "radio"} or "checked" in own):
            value = own.get("value", "on")
            kept = value if own.get("type") == "hidden" else value.replace("\n", "").replace("\r", "")
            self.data.add(own.get("name", ""), kept.replace("\n", "\r\n"))
        elif tag == "select":
            self._select, self._options = own["name"], []
        elif tag == "option" and ("selected" in own or not self._options):
            self._options = [*(self._options if "selected" not in own else []), own.get("value", "")]
        elif tag == "textarea":
            self._area, self._text = own["name"], ""

    def handle_data(self, data: str) -> None:
        """Take the text of a text area."""
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            self.data.add(self._select, self._options[-1] if self._options else "")
            self._select = ""
        elif tag == "textarea" and self._area:
            self.data.add(self._area, self._text.removeprefix("\n").replace("\n", "\r\n"))
            self._area = ""
