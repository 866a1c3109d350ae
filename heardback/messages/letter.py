"""A message as a letter: subject, plain text and HTML, for those who have no buttons to press."""

from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from heardback.messages.message import Message

if TYPE_CHECKING:
    from jinja2 import Template

NOBODY_QUOTED = "Nothing here quotes what a child or a family wrote."
NO_LINK = "To answer, reply to whoever looks after participation at the council, with the number of the loop."
ONCE = "This link is yours alone and opens once"


def subject_of(message: Message) -> str:
    """The first line of the message, as it is read out."""
    return unescape(message.text.split("\n", 1)[0])[:150]


def plain_of(message: Message, council: str) -> str:
    """The whole message as lines of text, and how to act on it."""
    lines = [unescape(line) for line in message.text.split("\n")]
    how = f"{ONCE}:\n{message.sign_in}" if message.sign_in else NO_LINK
    return "\n\n".join([*lines, how, f"Heardback for {council}. {NOBODY_QUOTED}"]) + "\n"


def html_of(message: Message, council: str) -> str:
    """The same as a page without pictures, scripts or anything that is fetched."""
    how = ONCE if message.sign_in else NO_LINK
    return _template().render(message=message, council=council, how=how, nobody_quoted=NOBODY_QUOTED)


@lru_cache(maxsize=1)
def _template() -> "Template":
    """Read and compiled once, whatever the number of letters."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from heardback.messages.preview import mrkdwn

    environment = Environment(
        loader=PackageLoader("heardback.messages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["mrkdwn"] = mrkdwn
    return environment.get_template("letter.html.j2")
