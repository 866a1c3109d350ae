"""The past that a report speaks of: loops as they stood, which of them may be named, and by what words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy.orm import Session

from config.council import Council
from config.directory import Directory
from heardback.domain.measures.past_loops import PastLoop, Told, counted
from heardback.domain.words import UNMAPPED, Telling
from heardback.reports.rendering import in_words
from heardback.store.answers import flagged_today, loops_as_of, taken_back
from heardback.store.voices import voices_and_loops

NOBODY_KNOWS = "Service not known yet"
WAYS = {
    Telling.BOARD: "on a board",
    Telling.SESSION: "at a session",
    Telling.LETTER: "by letter",
    Telling.MESSAGE: "by message",
    Telling.REPORT: "in a report",
    Telling.OTHER: "in another way",
}


@dataclass(frozen=True)
class Past:
    """The loops counted at the end of a day (domain.past_loops.COLUMNS), and the voices behind them.

    `before` is the first instant after the day on the council's clock. What is flagged or taken back is so today: a
    loop that must not be named now is not named in an old report either.
    """

    as_of: date
    before: datetime
    loops: pd.DataFrame
    voices: pd.DataFrame
    flagged: frozenset[str]
    taken_back: frozenset[str]

    @property
    def named(self) -> pd.DataFrame:
        """The loops that may be named."""
        return self.loops[~self.loops["loop_uid"].isin(self.flagged | self.taken_back)]


def past_of(session: Session, council: Council, as_of: date) -> Past:
    """Everything as it was known at the end of a day."""
    before = datetime.combine(as_of + timedelta(days=1), time(), ZoneInfo(council.policy.timezone))
    voices, loops = voices_and_loops(session, as_of)
    return Past(as_of, before, counted(loops), voices, flagged_today(session), taken_back(session))


def by_number(session: Session, past: Past, loop_uids: Sequence[str]) -> list[PastLoop]:
    """These loops with all that staff wrote of them, in the order given."""
    found = {loop.loop_uid: loop for loop in loops_as_of(session, past.as_of, loop_uids)}
    return [found[uid] for uid in loop_uids]


def names_of(council: Council) -> dict[str, str]:
    """What services and sources are called, by their codes."""
    services = {service.code: service.name for service in council.directory.services}
    return services | {code: source.name for code, source in council.sources.items()} | {UNMAPPED: NOBODY_KNOWS}


def role_of(loop: PastLoop, directory: Directory) -> str:
    """The role of who answers for a loop; of its service's owner where nobody has it or whoever had it has left."""
    person = loop.owner if loop.owner in directory.people else directory.owner_of(loop.service_code)
    return directory.people[person].role


def how_told(told: Iterable[Told]) -> str:
    """Every telling as a board reads it: `on a board, Marsh Lane reception (families at the drop-in)`."""
    return "; ".join(_way(each) + (f" ({each.whom})" if each.whom else "") for each in told)


def where_told(told: Iterable[Told]) -> str:
    """Every telling as the public reads it: `Marsh Lane reception, 5 September 2025`."""
    return "; ".join(f"{each.where}, {in_words(each.on)}" for each in told)


def _way(told: Told) -> str:
    how = WAYS[Telling(told.how)] if told.how in set(Telling) else told.how
    return f"{how}, {told.where}"
