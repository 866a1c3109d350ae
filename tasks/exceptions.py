"""What a board should ask about by name: the oldest open loops, broken promises, refusals, sources gone quiet."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from config.council import Council
from config.maps import SourceMap
from heardback.domain.deadlines import Calendar
from heardback.domain.measures.past_loops import PastLoop, longest_open, promises_broken, refusals
from heardback.domain.measures.period import Period
from heardback.domain.words import LoopState
from heardback.reports.content import Exceptions, LoopLine, QuietSource
from heardback.store.evidence import last_heard
from tasks.past import Past, by_number, names_of, role_of

OLDEST, LISTED = 10, 40  # a board cannot ask about more in one meeting
WHERE_IT_STANDS = {
    LoopState.HEARD: "Nobody has taken it on",
    LoopState.OWNED: "Taken on, not decided",
    LoopState.MATCHED: "A change that answers it is known; not decided",
    LoopState.REOPENED: "Answered once, and opened again",
}


def exceptions_of(session: Session, council: Council, past: Past, period: Period, calendar: Calendar) -> Exceptions:
    """All four lists, the worst first. Loops that may not be named are left out."""
    lines = _Lines(council, past.as_of, calendar)
    broken, refused = promises_broken(past.named, past.as_of), refusals(past.named, period)

    def named(loop_uids: Sequence[str], line: Callable[[PastLoop], LoopLine]) -> tuple[LoopLine, ...]:
        return tuple(line(loop) for loop in by_number(session, past, loop_uids[:LISTED]))

    return Exceptions(
        oldest_open=named(longest_open(past.named, OLDEST), lines.waiting),
        promises_broken=named(broken, lines.promised),
        refusals=named(refused, lines.refused),
        quiet_sources=quiet_sources(council, last_heard(session, past.as_of), past.as_of),
        broken=len(broken),
        refused=len(refused),
    )


def quiet_sources(council: Council, heard: dict[str, date], as_of: date) -> tuple[QuietSource, ...]:
    """Sources through which nothing was said for longer than their maps allow; those never heard from first.

    By the days that the council states, and not by the rhythm that the alarms learn: the same day gives the same page.
    """
    limits = {
        code: source.quiet_after_days or council.policy.volume.quiet_after_days
        for code, source in council.sources.items()
    }
    quiet = [
        (heard.get(code), QuietSource(source.name, heard.get(code), f"something every {limits[code]} days"))
        for code, source in sorted(council.sources.items())
        if _is_quiet(source, limits[code], heard.get(code), as_of)
    ]
    return tuple(line for _, line in sorted(quiet, key=lambda pair: pair[0] or date.min))


def _is_quiet(source: SourceMap, limit: int, heard: date | None, as_of: date) -> bool:
    since = heard or source.opened_on
    return since is not None and since + timedelta(days=limit) < as_of


class _Lines:
    """Loops as lines of a list: each with the day it is about and the working days gone by since."""

    def __init__(self, council: Council, as_of: date, calendar: Calendar) -> None:
        self._directory, self._names = council.directory, names_of(council)
        self._as_of, self._calendar = as_of, calendar

    def waiting(self, loop: PastLoop) -> LoopLine:
        """A loop that waits for a decision since it was heard."""
        return self._line(loop, loop.heard_from, WHERE_IT_STANDS[LoopState(loop.state)])

    def promised(self, loop: PastLoop) -> LoopLine:
        """A promise by the day it should have been kept."""
        return self._line(loop, loop.promise_by or self._as_of, loop.wording)

    def refused(self, loop: PastLoop) -> LoopLine:
        """A “cannot” by the day it was decided, with its reason."""
        return self._line(loop, loop.decided_on or self._as_of, loop.reason)

    def _line(self, loop: PastLoop, since: date, detail: str) -> LoopLine:
        return LoopLine(
            loop_uid=loop.loop_uid,
            service=self._names.get(loop.service_code, loop.service_code),
            title=loop.title,
            owner_role=role_of(loop, self._directory),
            since=since,
            working_days=self._calendar.working_days_between(since, self._as_of),
            detail=detail,
        )
