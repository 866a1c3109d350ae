"""Loops as they are shown: one with its suggestions, its history and maybe its words, or a list of them."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.access import Right, role_for, somebody
from heardback.domain.identifying.redaction import redactor_of
from heardback.domain.languages import in_words
from heardback.domain.words import LoopState
from heardback.errors import NotAllowed, NotFound
from heardback.store import Change, Comment, HistoryEntry, Loop, Match, Membership
from heardback.store.languages import languages_of
from heardback.store.matches import suggestions_for
from heardback.store.session import reading
from tasks.door import admit, matter, matter_of
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

SHOWN = (
    "loop_uid", "service_code", "channel", "state", "version", "voices", "heard_from", "heard_to", "title", "owner",
    "owned_on", "change_uid", "outcome", "wording", "decided_on", "promise_by", "promise_kept_on", "told_on",
    "agreed_on", "snoozed_until", "paused_since", "paused_until", "chased_until",
)  # fmt: skip


@dataclass(frozen=True)
class LoopView:
    """One loop as its service sees it. `words` come only where they were asked for, identifying details hidden.

    `written` says in what it is written where that is not English alone.
    """

    loop: dict[str, Any]
    matches: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    written: str = ""


@step()
def show_loop(loop_uid: str, *, to: str = "", words_to: str = "", at: datetime | None = None) -> LoopView:
    """One loop, its suggestions and its history; its words too where a person is named who may see them (G15).

    A withheld loop's words are not shown here at all (G8). Nobody named is whoever runs Heardback, who is shown no word
    and nothing that accuses staff. Raises NotFound, NotAllowed.
    """
    with open_workplace() as work:
        with reading(work.store) as session:
            over = matter_of(session, loop_uid)
        if at and (words_to or to):
            admit(work, words_to or to, Right.WORDS if words_to else Right.LOOPS, at, loop_uid, over)
        elif over.kept_from_service:
            raise NotAllowed(f"{loop_uid} is not shown to nobody in particular", do="say who looks: --by NAME")
        return _view(work, loop_uid, words=bool(words_to))


def _view(work: Workplace, loop_uid: str, *, words: bool) -> LoopView:
    with reading(work.store) as session:
        loop = session.get(Loop, loop_uid)
        if loop is None:
            raise NotFound(f"there is no loop {loop_uid}", do="heardback loop list")
        may_show = words and loop.state not in (LoopState.WITHHELD, LoopState.DIVERTED)
        redactor = redactor_of(work.council)
        texts = [redactor.hide(text) for text in session.scalars(_texts(loop_uid))] if may_show else []
        written = in_words(languages_of(session, [loop_uid]).get(loop_uid, {}), loop.voices)
        return LoopView(as_shown(loop), _matches(session, loop_uid), _history(session, loop_uid), texts, written)


@step()
def list_loops(
    state: str = "", service: str = "", limit: int = 50, *, to: str = "", at: datetime | None = None
) -> list[dict[str, Any]]:
    """Loops by number; of one state or one service where given.

    Those that somebody may see where a person is named, and otherwise all but those that accuse staff.
    """
    query = select(Loop).order_by(Loop.loop_uid)
    query = query.where(Loop.state == state) if state else query
    query = query.where(Loop.service_code == service) if service else query
    with open_workplace() as work:
        if to and at:
            admit(work, to, Right.LOOPS, at, "loop list")
        with reading(work.store) as session:
            theirs = (loop for loop in session.scalars(query) if _may_list(work, to, loop))
            return [as_shown(loop) for loop in islice(theirs, limit)]


def _may_list(work: Workplace, to: str, loop: Loop) -> bool:
    if not to:
        return not loop.kept_from_service
    person = somebody(work.council.directory, to, matter(loop))
    return person is not None and role_for(person, Right.LOOPS) is not None


def as_shown(loop: Loop) -> dict[str, Any]:
    """What anybody who may see a loop sees of it."""
    return {name: getattr(loop, name) for name in SHOWN}


def _texts(loop_uid: str) -> Any:
    return (
        select(Comment.text)
        .join(Membership, Membership.comment_uid == Comment.comment_uid)
        .where(Membership.loop_uid == loop_uid, Membership.left_on.is_(None))
        .order_by(Comment.comment_uid)
    )


def _matches(session: Session, loop_uid: str) -> list[dict[str, Any]]:
    return [
        {name: getattr(match, name) for name in ("change_uid", "probability", "band", "standing", "reasons")}
        | {"title": _title(session, match)}
        for match in suggestions_for(session, loop_uid)
    ]


def _title(session: Session, match: Match) -> str:
    return session.scalar(select(Change.title).where(Change.change_uid == match.change_uid)) or ""


def _history(session: Session, loop_uid: str) -> list[dict[str, Any]]:
    query = select(HistoryEntry).where(HistoryEntry.loop_uid == loop_uid).order_by(HistoryEntry.sequence)
    names = ("sequence", "version", "move", "to_state", "actor", "role", "on_date", "at", "reason")
    return [{name: getattr(entry, name) for name in names} for entry in session.scalars(query)]
