"""A mail written in HTML as the text that people see; what it quotes is marked by '>', as in a mail of plain text.

Not by the standard library's HTMLParser: anybody can write to a mailbox, and on a few hundred kilobytes of `<!--` it
takes minutes, on `<![<![` it fails. Here every character is looked at a fixed number of times.
"""

import re
from collections.abc import Iterator
from html import unescape

TAG = re.compile(r"<(?:(/?)([a-zA-Z][\w:-]*)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*|[^<>]*)|[!?/][^<>]*)>")
HIDDEN = {"head", "script", "style", "title"}
BLOCKS = {
    "address", "article", "blockquote", "body", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
CELLS = {"td", "th"}
APART = {"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol"}  # with a blank line between
CITES = re.compile(r"type\s*=\s*[\"']?cite|gmail_quote|yahoo_quoted|moz-cite|protonmail_quote", re.IGNORECASE)


def text_of_markup(markup: str) -> str:
    """The text, a line for each block. Broken markup, or none at all, gives what can be made of it."""
    seen = _Seen()
    at = 0
    bare = _without_comments(markup)
    for tag in TAG.finditer(bare):
        seen.words(bare[at : tag.start()])
        seen.tag((tag[2] or "").lower(), tag[3] or "", ends=bool(tag[1]))
        at = tag.end()
    seen.words(bare[at:])
    return seen.text() or " ".join(unescape(TAG.sub(" ", bare)).split())


def _without_comments(markup: str) -> str:
    return "".join(_between_comments(markup))


def _between_comments(markup: str) -> Iterator[str]:
    at = 0
    while (start := markup.find("<!--", at)) >= 0 and (end := markup.find("-->", start + 4)) >= 0:
        yield markup[at:start]
        at = end + len("-->")
    yield markup[at:]


class _Seen:
    """Gathers words. A blockquote that says that it cites is a quotation, one that only indents is not."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._hidden = ""
        self._quotes: list[bool] = []
        self._depth = 0

    def text(self) -> str:
        """All lines so far."""
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()

    def words(self, text: str) -> None:
        """What stands between two tags."""
        if not self._hidden:
            self._line.append(unescape(text))

    def tag(self, name: str, attributes: str, *, ends: bool) -> None:
        """Where something begins or ends."""
        if self._hidden:
            self._hidden = "" if name == "body" or (ends and name == self._hidden) else self._hidden
            return
        if name in HIDDEN and not ends:
            self._hidden = name
        elif name == "br":
            self._end_line(keep_blank=True)
        elif name in BLOCKS:
            self._end_line(apart=name in APART)
        elif name in CELLS:
            self._line.append(" ")
        if name == "blockquote":
            self._quote(attributes, ends=ends)

    def _quote(self, attributes: str, *, ends: bool) -> None:
        if not ends:
            self._quotes.append(bool(CITES.search(attributes)))
            self._depth += self._quotes[-1]
        elif self._quotes:
            self._depth -= self._quotes.pop()

    def _end_line(self, *, apart: bool = False, keep_blank: bool = False) -> None:
        line = " ".join("".join(self._line).split())  # white space is one space, as on a screen
        self._line = []
        if line or keep_blank:
            self._lines.append(self._marked(line))
        if apart and self._lines and self._lines[-1]:
            self._lines.append("")

    def _marked(self, line: str) -> str:
        if self._depth:
            return f"> {line}"
        return "-- " if line == "--" else line  # the space, which says that a signature follows, is not seen
