"""Loops that say the same, for a person to merge: `heardback loop merge` does it, nothing else does."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.access import Right, role_for, somebody
from heardback.domain.lifecycle import OPEN
from heardback.matching.lexicon import read_register
from heardback.matching.merging import Offer, merging_offers
from heardback.store import Loop
from heardback.store.session import reading
from heardback.store.waiting import changes_to_match, comments_to_match
from tasks.door import admit, matter
from tasks.knowledge import knowledge_of
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


@step()
def loops_that_say_the_same(by: str, at: datetime, service: str = "") -> list[dict[str, Any]]:
    """Open loops that may be put into another, of one service where given: only such as whoever asks may see.

    `into` and `loop` with their voices and titles, `service`, `likeness` and `reason`; never a comment's words. Raises
    NotAllowed.
    """
    with open_workplace() as work:
        admit(work, by, Right.LOOPS, at, "loop alike")
        with reading(work.store) as session:
            loops = {loop.loop_uid: loop for loop in _loops(session, service) if _may_see(work, by, loop)}
            comments = comments_to_match(session, unmatched_only=False)
            changes = changes_to_match(session)
        comments = comments[comments["loop_uid"].isin(loops)]
        desk = [f"{loops[uid].service_code} {loops[uid].kept_from_service}" for uid in comments["loop_uid"]]
        register = read_register(changes.assign(**changes[["you_said", "title", "we_did"]].fillna("")))
        knows = knowledge_of(work, comments, changes)
        voices = {uid: loop.voices for uid, loop in loops.items()}
        offers = merging_offers(comments.assign(desk=desk), register, knows, voices)
        return [_row(offer, loops) for offer in offers]


def _loops(session: Session, service: str) -> list[Loop]:
    query = select(Loop).where(Loop.state.in_(OPEN))
    return list(session.scalars(query.where(Loop.service_code == service) if service else query))


def _may_see(work: Workplace, by: str, loop: Loop) -> bool:
    person = somebody(work.council.directory, by, matter(loop))
    return person is not None and role_for(person, Right.LOOPS) is not None


def _row(offer: Offer, loops: dict[str, Loop]) -> dict[str, Any]:
    into, other = loops[offer.into], loops[offer.loop_uid]
    return {
        "into": into.loop_uid,
        "into_voices": into.voices,
        "loop": other.loop_uid,
        "voices": other.voices,
        "service": into.service_code,
        "title": other.title or into.title,
        "likeness": round(offer.likeness, 2),
        "reason": offer.reason,
    }
