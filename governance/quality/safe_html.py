"""HTML of other makers, reduced to what can neither run nor load anything."""

from __future__ import annotations

import html
from html.parser import HTMLParser

_TAGS = frozenset(
    ("div", "span", "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "ul", "ol",
     "li", "i", "b", "em", "strong", "code", "pre", "br", "hr")
)  # fmt: skip
_EMPTY = frozenset(("br", "hr"))
_SILENT = frozenset(("script", "style", "iframe", "object", "noscript", "template"))


def clean(text: str) -> str:
    """`text` with an allow-list of tags and the attribute ``class``.

    Scripts and styles go with their content; any other unknown tag is shown as the text that it is.
    """
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return "".join(cleaner.parts)


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif self._silent:
            return
        elif tag not in _TAGS:
            self.handle_data(self.get_starttag_text() or "")
        else:
            kept = [f' class="{html.escape(value or "")}"' for name, value in attrs if name == "class"]
            self.parts.append(f"<{tag}{''.join(kept)}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)
            if tag in _TAGS and tag not in _EMPTY:
                self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif not self._silent and tag in _TAGS and tag not in _EMPTY:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(html.escape(data, quote=False))
