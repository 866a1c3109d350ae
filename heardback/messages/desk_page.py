"""The pages for people without Slack: sign in, your loops, one loop and what can be done about it. No script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from heardback.domain.nudging.open_loops import OpenLoop
from heardback.messages import wording
from heardback.messages.modals import OUTCOMES, PLAIN, TELLINGS

if TYPE_CHECKING:
    from jinja2 import Template

MOST_LISTED = 100
LONGEST = 600  # characters of a field, as in Slack's forms
READINGS = {
    "referred": "A concern: it has been referred",
    "needs_more": "Not clear yet: it stays held back, and another person is to read it",
    "complaint": "A complaint: it goes to its own procedure",
    "not_a_concern": "No concern: it goes on like any other",
}
SAYS = ("change_name", "loop_title", "is_titled", "voices", "decided", "due", "next_step", "day")


@dataclass(frozen=True)
class Reader:
    """Who looks, for which council, below which path; `key` is what their forms carry."""

    council: str
    base: str
    name: str = ""
    key: str = ""


@dataclass(frozen=True)
class Card:
    """One loop and what its reader may do about it. `stands` says how it stands where nothing is owed any more."""

    loop_uid: str
    stands: str
    loop: OpenLoop | None = None
    service: str = ""
    acts: tuple[str, ...] = ()
    needs_reason: bool = False
    colleagues: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    may_read: bool = False


@dataclass(frozen=True)
class Held:
    """A loop for a trained reader: what was said in it, as it was written, and which version of it that was."""

    loop_uid: str
    version: int
    service: str
    words: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Returned:
    """A form that came back: which, what stood in it, and what is wrong, by field ('' for all of it)."""

    action: str = ""
    filled: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def sign_in_page(reader: Reader, token: str, page: str = "loops") -> str:
    """A button, because programs that look through mail open links and press nothing; then `page`."""
    return _page("sign_in", reader, token=token, page=page)


def loops_page(
    reader: Reader, own: Sequence[OpenLoop], climbed: Sequence[OpenLoop], said: str = "", *, reads: bool = False
) -> str:
    """Loops that wait for the reader, then those of others that have not moved; `said` is what was just recorded.

    With `reads`, the way to the reading queue stands above them.
    """
    return _page("loops", reader, own=own, climbed=climbed, said=said, most=MOST_LISTED, reads=reads)


def loop_page(reader: Reader, card: Card, returned: Returned | None = None) -> str:
    """One loop with a form for each thing that can be done; `returned` is the one that was not taken, as it was."""
    # so that a form handed in twice is done once, and the next page's form is another
    return _page("loop", reader, card=card, back=returned or Returned(), once=token_urlsafe(12))


def words_page(reader: Reader, card: Card, words: Sequence[str]) -> str:
    """What was said, identifying details hidden already."""
    return _page("words", reader, card=card, words=words)


def queue_page(reader: Reader, waiting: Mapping[str, int], queue: Sequence[Mapping[str, Any]], said: str = "") -> str:
    """What waits for a trained person, the most urgent first, without a word of it."""
    return _page("queue", reader, waiting=waiting, queue=queue, said=said)


def reading_page(reader: Reader, held: Held, returned: Returned | None = None) -> str:
    """What was said, as it was written, and the form for what came of reading it."""
    return _page("reading", reader, card=held, back=returned or Returned())


def notice_page(reader: Reader, heading: str, text: str) -> str:
    """A page that says one thing."""
    return _page("notice", reader, heading=heading, text=text)


@lru_cache(maxsize=1)
def style() -> str:
    """The pages' one style sheet, which stands in each of them."""
    return (files("heardback.messages") / "templates" / "desk.css").read_text(encoding="utf-8")


def _page(kind: str, reader: Reader, **values: Any) -> str:
    return _template().render(kind=kind, reader=reader, **values) + "\n"


@lru_cache(maxsize=1)
def _template() -> "Template":
    """Read and compiled once: a tenth of a second, which somebody would wait for on every page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("heardback.messages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.globals |= {name: getattr(wording, name) for name in SAYS}
    environment.globals |= {"outcomes": OUTCOMES, "tellings": TELLINGS, "plain": PLAIN, "readings": READINGS}
    environment.globals["style"] = Markup(style())  # noqa: S704  our own file
    return environment.get_template("desk.html.j2")
