"""What practitioners are told every six weeks: which weeks, and which loops of them."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from heardback.domain.lifecycle import ANSWERED
from heardback.domain.measures.period import Period
from heardback.domain.words import LoopState, Outcome


@dataclass(frozen=True)
class PracticeLoops:
    """Loops by number. `answered` in the weeks, those that most asked for first; `promised` fall due in the next ones.

    `untold` are decided and nobody has been told of them, the oldest decision first.
    """

    answered: tuple[str, ...]
    untold: tuple[str, ...]
    promised: tuple[str, ...]


def weeks_before(day: date, counted_from: date, weeks: int) -> Period | None:
    """The last whole stretch of so many weeks that was over before a day; None where none was yet."""
    length = timedelta(weeks=weeks)
    over = (day - counted_from) // length
    if over < 1:
        return None
    first = counted_from + (over - 1) * length
    last = first + length - timedelta(days=1)
    return Period(first, last, first.isoformat(), f"{first.day} {first:%B} to {last.day} {last:%B %Y}")


def practice_loops(loops: pd.DataFrame, weeks: Period) -> PracticeLoops:
    """What there is to tell of some weeks. `loops` are past_loops.COLUMNS as they stood at the end of them."""
    answered = loops[loops["state"].isin([state.value for state in ANSWERED])]
    decided = pd.to_datetime(answered["decided_on"])
    new = answered[decided.between(pd.Timestamp(weeks.first), pd.Timestamp(weeks.last))]
    untold = answered[answered["state"] == LoopState.DECIDED.value]
    promised = answered[(answered["outcome"] == Outcome.WILL.value) & answered["promise_kept_on"].isna()]
    until = weeks.last + (weeks.last - weeks.first) + timedelta(days=1)
    due = promised[pd.to_datetime(promised["promise_by"]) <= pd.Timestamp(until)]
    return PracticeLoops(
        _numbers(new.sort_values(["voices", "loop_uid"], ascending=[False, True])),
        _numbers(untold.sort_values(["decided_on", "loop_uid"])),
        _numbers(due.sort_values(["promise_by", "loop_uid"])),
    )


def _numbers(loops: pd.DataFrame) -> tuple[str, ...]:
    return tuple(str(uid) for uid in loops["loop_uid"])
