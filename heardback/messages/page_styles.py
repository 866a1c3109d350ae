"""The style sheets that stand in a page, and how a browser is told to let them in and nothing else."""

from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser


def style_hash(style: str) -> str:
    """What names one style in a content security policy."""
    return "sha256-" + b64encode(sha256(style.encode()).digest()).decode()


def styles_in(html: str) -> tuple[str, ...]:
    """The text of every style element of a page, as a browser reads it."""
    found = _Styles()
    found.feed(html)
    found.close()
    return tuple(found.styles)


class _Styles(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.styles: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  the parser's own
        self._inside = tag == "style"
        if self._inside:
            self.styles.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.styles[-1] += data
