"""What answers have and lack, and what is known of the difference that their changes made."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from heardback.domain.measures.difference import difference_made, in_a_sentence
from heardback.domain.measures.past_loops import PastLoop, answered, audit_sample
from heardback.domain.measures.period import Period
from heardback.domain.measures.quality_of_answers import AnswerChecks
from heardback.domain.measures.readability import AIM, reading_age
from heardback.domain.words import Outcome
from heardback.reports.vagueness import asks_something, says_something
from heardback.store.ratings import changed_on, ratings_of
from tasks.past import Past, by_number

MOST = 2_000  # answers read in a month: an interval of two points either way is narrow enough
FEWEST = 10  # ratings on either side of a change, so that its difference points to nobody


def checks_of(session: Session, past: Past, period: Period) -> list[AnswerChecks]:
    """What is true of each answer that was decided in a period and may be named; of MOST of them drawn at random."""
    loops = answered(past.named)
    days = loops["decided_on"].dt.date
    within = loops["loop_uid"][(days >= period.first) & (days <= period.last)]
    return [_checks(loop) for loop in by_number(session, past, audit_sample(within, period.label, MOST))]


def ratings_since(session: Session, past: Past, loops: Sequence[PastLoop]) -> dict[str, str]:
    """For each change behind these loops, in a sentence, how its service was rated before and since."""
    days = changed_on(session, {loop.change_uid for loop in loops if loop.change_uid})
    services = {loop.change_uid: loop.service_code for loop in loops}
    return {
        uid: in_a_sentence(difference_made(ratings_of(session, services[uid], past.as_of), day, FEWEST), FEWEST)
        for uid, day in days.items()
    }


def _checks(loop: PastLoop) -> AnswerChecks:
    return AnswerChecks(
        specific_ask=asks_something(loop.title),
        says_what=says_something(loop.wording),
        dated=loop.decided_on is not None and (loop.outcome != Outcome.WILL or loop.promise_by is not None),
        owned_by=bool(loop.owner),
        readable=reading_age(loop.wording) <= AIM,
    )
