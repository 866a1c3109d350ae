"""One page that shows messages as their readers would see them in Slack. It needs nothing but itself."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from heardback.messages.message import Message
from heardback.messages.wording import count

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

KINDS = {
    "digest": ("Digest", "digest", "digests"),
    "escalation": ("Escalation", "escalation", "escalations"),
    "climbs": ("Escalation, if nobody moves it", "escalation to come", "escalations to come"),
    "board": ("Board summary", "board summary", "board summaries"),
    "safeguarding": ("Safeguarding alert", "safeguarding alert", "safeguarding alerts"),
    "answered": ("The first digest, once a loop of it is decided", "digest after an act", "digests after acts"),
    "form": ("A form that a button opens", "form", "forms"),
}
BOLD = re.compile(r"(\*[^*\s](?:[^*\n]*[^*\s])?\*)")


def preview_page(messages: Sequence[Message], council: str = "", made_on: str = "") -> str:
    """The page as HTML, messages in the order given. The same messages give the same bytes; no script, no request."""
    numbers = Counter(message.kind for message in messages)
    summary = [count(numbers[kind], one, many) for kind, (_, one, many) in KINDS.items() if numbers[kind]]
    names = {kind: name for kind, (name, _, _) in KINDS.items()}
    return _template().render(messages=messages, names=names, summary=summary, council=council, made_on=made_on)


@lru_cache(maxsize=1)  # as long to compile as a page is to fill, and a nudge writes many
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    # by name, because jinja2 escapes nothing by default and only some endings with select_autoescape
    environment = Environment(
        loader=PackageLoader("heardback.messages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["mrkdwn"] = mrkdwn
    environment.filters["web_address"] = web_address
    return environment.get_template("preview.html.j2")


def mrkdwn(text: str) -> "Markup":
    """The little of Slack's mrkdwn that our messages use: bold, and lines. Everything else is shown as it stands."""
    from markupsafe import Markup, escape

    pieces = []
    for piece in BOLD.split(text):
        bold = BOLD.fullmatch(piece) is not None
        words = escape(unescape(piece[1:-1] if bold else piece))
        pieces.append(Markup("<strong>{}</strong>").format(words) if bold else words)
    return Markup("").join(pieces).replace("\n", Markup("<br>\n"))


def web_address(url: str) -> str:
    """The address where it is one that a browser opens as a page; '' for any other scheme."""
    return url if url.lower().startswith(("https://", "http://")) else ""
