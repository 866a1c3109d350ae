"""Loops as they stood at the end of a past day: in columns to count and to choose from, one by one to be named."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import pandas as pd

from heardback.domain.lifecycle import ANSWERED, ASIDE, CLOSED, OPEN
from heardback.domain.measures.period import Period
from heardback.domain.words import LoopState, Outcome, Telling

SAMPLE = 10
# What choosing needs of each loop; days are datetime64, missing is NaT.
COLUMNS = (
    "loop_uid", "service_code", "state", "heard_from", "voices", "outcome", "reopened", "has_change",
    "owned_on", "decided_on", "promise_by", "promise_kept_on", "told_on", "agreed_on",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One record that people were told: how (words.Telling), where, whom and when. Staff wrote every word."""

    how: Telling | str
    where: str
    whom: str
    on: date


@dataclass(frozen=True)
class PastLoop:
    """One loop at the end of a day. `title`, `wording` and `reason` are staff-written; nothing holds a child's words.

    `reason` is that of the decision. `told` holds the tellings of the present answer alone, oldest first. `approvals`
    are (what, who) for the title and wording as they stand: either of them rewritten has to be approved again.
    """

    loop_uid: str
    service_code: str
    state: LoopState | str
    heard_from: date
    voices: int
    title: str = ""
    owner: str = ""
    change_uid: str = ""
    outcome: Outcome | str = ""
    wording: str = ""
    reason: str = ""
    decided_on: date | None = None
    promise_by: date | None = None
    promise_kept_on: date | None = None
    told_on: date | None = None
    agreed_on: date | None = None
    told: tuple[Told, ...] = ()
    approvals: tuple[tuple[str, str], ...] = ()

    @property
    def closed_on(self) -> date | None:
        """The day on which it was both decided and told; None while it is not."""
        if self.state not in CLOSED or self.decided_on is None or self.told_on is None:
            return None
        return max(self.decided_on, self.told_on)


def counted(loops: pd.DataFrame) -> pd.DataFrame:
    """Loops that are owed an answer or have one: nothing set aside."""
    return loops[~_stand(loops, ASIDE)]


def answered(loops: pd.DataFrame) -> pd.DataFrame:
    """Loops with a decision that stands."""
    return loops[_stand(loops, ANSWERED)]


def closed(loops: pd.DataFrame, period: Period | None = None) -> pd.DataFrame:
    """Loops decided and told; with a period, those that became so within it."""
    told = loops[_stand(loops, CLOSED) & loops["decided_on"].notna() & loops["told_on"].notna()]
    return told[_within(_closed_on(told), period)] if period else told


def longest_open(loops: pd.DataFrame, limit: int) -> list[str]:
    """The loops that have waited longest for a decision, the oldest first."""
    waiting = loops[_stand(loops, OPEN)]
    return _numbers(waiting.sort_values(["heard_from", "loop_uid"]).head(limit))


def promises_broken(loops: pd.DataFrame, as_of: date) -> list[str]:
    """Loops whose promise was not kept although its day is over, the longest overdue first."""
    promised = loops[_stand(loops, ANSWERED) & (loops["outcome"] == Outcome.WILL.value)]
    late = promised[(promised["promise_by"] < pd.Timestamp(as_of)) & promised["promise_kept_on"].isna()]
    return _numbers(late.sort_values(["promise_by", "loop_uid"]))


def refusals(loops: pd.DataFrame, period: Period) -> list[str]:
    """Loops that were decided in the period with “cannot, because”, the newest first."""
    refused = loops[_stand(loops, ANSWERED) & (loops["outcome"] == Outcome.CANNOT.value)]
    named = refused[_within(refused["decided_on"], period)]
    return _numbers(named.sort_values(["decided_on", "loop_uid"], ascending=[False, True]))


def stories(loops: pd.DataFrame, period: Period) -> dict[str, list[str]]:
    """For each service by code its closed loops that rest on a change, the best to tell first.

    Those closed in the period go first, then those that people agreed with, then those that most asked for.
    """
    told = closed(loops)
    told = told[told["has_change"]]
    day = _closed_on(told)
    ranked = told.assign(
        elsewhere=~_within(day, period),
        not_agreed=told["state"] != LoopState.AGREED.value,
        age=-day.astype("int64"),
        fewer=-told["voices"],
    ).sort_values(["service_code", "elsewhere", "not_agreed", "fewer", "age", "loop_uid"])
    return {str(service): _numbers(part) for service, part in ranked.groupby("service_code", sort=True)}


def audit_sample(loop_uids: Iterable[str], month: str, size: int = SAMPLE) -> list[str]:
    """Up to `size` loops drawn at random, the same for a month whoever draws, in the order of their numbers."""
    drawn = heapq.nsmallest(size, loop_uids, key=lambda uid: sha256(f"{month}/{uid}".encode()).digest())
    return sorted(drawn)


def _stand(loops: pd.DataFrame, states: Iterable[LoopState]) -> pd.Series:
    return loops["state"].isin([state.value for state in states])


def _closed_on(told: pd.DataFrame) -> pd.Series:
    """The later of decision and telling; neither may be missing."""
    return told["decided_on"].where(told["decided_on"] > told["told_on"], told["told_on"])


def _within(days: pd.Series, period: Period) -> pd.Series:
    return days.between(pd.Timestamp(period.first), pd.Timestamp(period.last))


def _numbers(loops: pd.DataFrame) -> list[str]:
    return [str(uid) for uid in loops["loop_uid"]]
