"""The pages for people without Slack: sign in, your loops, one loop and what can be done about it. No script."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from heardback.domain.open_loops import OpenLoop
from heardback.messages import wording
from heardback.messages.modals import OUTCOMES, PLAIN, TELLINGS

if TYPE_CHECKING:
    from jinja2 import Template

MOST_LISTED = 100
SAYS = ("loop_title", "is_titled", "voices", "due", "next_step", "day")


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
class Returned:
    """A form that came back: which, what stood in it, and what is wrong, by field ('' for all of it)."""

    action: str = ""
    filled: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def sign_in_page(reader: Reader, token: str) -> str:
    """A button, because programs that look through mail open links and press nothing."""
    return _page("sign_in", reader, token=token)


def loops_page(reader: Reader, own: Sequence[OpenLoop], climbed: Sequence[OpenLoop], said: str = "") -> str:
    """Loops that wait for the reader, then those of others that have not moved; `said` is what was just recorded."""
    return _page("loops", reader, own=own, climbed=climbed, said=said, most=MOST_LISTED)


def loop_page(reader: Reader, card: Card, returned: Returned | None = None) -> str:
    """One loop with a form for each thing that can be done; `returned` is the one that was not taken, as it was."""
    # so that a form handed in twice is done once, and the next page's form is another
    return _page("loop", reader, card=card, back=returned or Returned(), once=token_urlsafe(12))


def words_page(reader: Reader, card: Card, words: Sequence[str]) -> str:
    """What was said, identifying details hidden already."""
    return _page("words", reader, card=card, words=words)


def notice_page(reader: Reader, heading: str, text: str) -> str:
    """A page that says one thing."""
    return _page("notice", reader, heading=heading, text=text)


@lru_cache(maxsize=1)
def style() -> str:
    """The pages' one style sheet, which stands in each of them."""
    return (files("heardback.messages") / "templates" / "desk.css").read_text(encoding="utf-8")


def style_hash() -> str:
    """By which a browser lets this style in and no other."""
    return "sha256-" + b64encode(sha256(style().encode()).digest()).decode()


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
    environment.globals |= {"outcomes": OUTCOMES, "tellings": TELLINGS, "plain": PLAIN}
    environment.globals["style"] = Markup(style())  # noqa: S704  our own file
    return environment.get_template("desk.html.j2")
