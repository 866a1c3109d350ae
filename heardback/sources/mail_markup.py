"""A mail written in HTML as the text that people see; what it quotes is marked by '>', as in a mail of plain text."""

import re
from html.parser import HTMLParser

UNSEEN = {"head", "script", "style", "title"}
BLOCKS = {
    "address", "article", "blockquote", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
APART = {"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol"}  # with a blank line between
QUOTE_CLASSES = ("gmail_quote", "yahoo_quoted", "moz-cite", "protonmail_quote")


def text_of_markup(markup: str) -> str:
    """The text, a line for each block. Markup that is broken, or no markup at all, gives what can be made of it."""
    seen = _Seen()
    seen.feed(markup)
    seen.close()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(seen.lines())).strip()


class _Seen(HTMLParser):
    """Gathers words; a blockquote that says that it cites counts as a quotation, one that only indents does not."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._line = ""
        self._unseen = 0
        self._quotes: list[bool] = []

    def lines(self) -> list[str]:
        """All lines so far."""
        self._end_line()
        return self._lines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Where something begins."""
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._lines.append(self._marked(self._line))
            self._line = ""
        elif tag in BLOCKS:
            self._end_line(apart=tag in APART)
        if tag == "blockquote":
            self._quotes.append(_cites(dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Where it ends."""
        if tag in UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag in BLOCKS:
            self._end_line(apart=tag in APART)
        if tag == "blockquote" and self._quotes:
            self._quotes.pop()

    def handle_data(self, data: str) -> None:
        """What stands between: white space is one space, as on a screen."""
        if not self._unseen:
            words = re.sub(r"[ \t\r\n\f]+", " ", data)
            self._line += words.lstrip(" ") if not self._line else words

    def _end_line(self, *, apart: bool = False) -> None:
        if self._line.strip():
            self._lines.append(self._marked(self._line))
            if apart:
                self._lines.append("")
        elif apart and self._lines and self._lines[-1]:
            self._lines.append("")
        self._line = ""

    def _marked(self, line: str) -> str:
        line = line.strip()
        if any(self._quotes):
            return f"> {line}"
        return "-- " if line == "--" else line  # the space, which says that a signature follows, is not seen


def _cites(attributes: dict[str, str | None]) -> bool:
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    return (attributes.get("type") or "").lower() == "cite" or any(name in named for name in QUOTE_CLASSES)
