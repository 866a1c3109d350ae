"""The change that may answer a loop, beside the loop in its owner's digest: yes, partly or no, in place."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar, cast

from sqlalchemy.orm import Session

from config.council import Council
from heardback.domain.deadlines import Step
from heardback.domain.nudging.open_loops import OpenLoop, PossibleAnswer
from heardback.domain.nudging.plan import Digest, Escalation
from heardback.store.matches import offered
from tasks.languages import with_languages

MOST = 3  # beside so many loops of one digest: each takes two blocks, and all of them somebody's time
ROOM_FOR = 12  # a digest of more loops has no room for them under Slack's fifty blocks
RowT = TypeVar("RowT")


def with_possible_answers(session: Session, council: Council, told: Digest | Escalation) -> Digest | Escalation:
    """The same message; a digest's loops with their languages, undecided ones with the likeliest unjudged change."""
    if not isinstance(told, Digest):
        return told
    return replace(told, loops=tuple(with_possible(session, council, told.loops)))


def with_possible(session: Session, council: Council, rows: Sequence[RowT]) -> list[RowT]:
    """The same rows of a digest, its loops so."""
    rows = with_languages(session, rows)
    found: dict[str, OpenLoop] = {}
    for row in rows if len(rows) <= ROOM_FOR else ():
        if isinstance(row, OpenLoop) and row.next_step in (Step.OWN, Step.DECIDE) and len(found) < MOST:
            answer = possible_answer(session, council, row)
            found |= {row.loop_uid: replace(row, possible=answer)} if answer else {}
    return [cast("RowT", found.get(getattr(row, "loop_uid", ""), row)) for row in rows]


def possible_answer(session: Session, council: Council, loop: OpenLoop) -> PossibleAnswer | None:
    """The likeliest change that nobody has judged for a loop, and why: never by words that may be a child's."""
    found = offered(session, loop.loop_uid, council.policy.matching.ask_at)
    if found is None:
        return None
    change_uid, title, service_code = found
    service = "the same service" if service_code == loop.service_code else "a related service"
    return PossibleAnswer(change_uid, title, f"{service}, words alike, and the change came after")
