"""Who is told that something held back waits to be read: on a clock of its own, until a named person takes it (G5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.directory import Directory
from config.policy import SafeguardingPolicy
from heardback.domain.absence import Absences
from heardback.domain.nudging.plan import nudge_uid

KIND = "safeguarding"


@dataclass(frozen=True)
class HeldLoop:
    """A loop that is held back and that nobody has opened. No field says what is in it.

    `taken_at` and `taken_by` say who acknowledged it last; `passed_on` that they handed it to the deputy.
    """

    loop_uid: str
    service_code: str
    raised_at: datetime
    kept_from_service: bool = False
    taken_at: datetime | None = None
    taken_by: str = ""
    passed_on: bool = False


@dataclass(frozen=True)
class Alert:
    """What one person is told at one minute: every loop that they have to be told of then."""

    recipient: str
    window: str
    loops: tuple[HeldLoop, ...]

    @property
    def nudge_uid(self) -> str:
        """The key under which this alert is claimed, sent and found again."""
        return nudge_uid(KIND, self.recipient, self.window)


Told = Mapping[tuple[str, str], datetime]  # (loop, person) and when that person was last told of it


def plan_alerts(
    held: Sequence[HeldLoop],
    told: Told,
    directory: Directory,
    policy: SafeguardingPolicy,
    absences: Absences,
    at: datetime,
    timezone: str = "Europe/London",
) -> list[Alert]:
    """One alert for each person who is due to be told now, of all the loops at once. Pure."""
    repeat = timedelta(minutes=policy.repeat_minutes)
    waiting: dict[str, list[HeldLoop]] = {}
    ladders = AlertLadders(directory, policy, absences, timezone)
    for loop in sorted(held, key=lambda loop: (loop.raised_at, loop.loop_uid)):
        for person in ladders.people_for(loop, at):
            last = told.get((loop.loop_uid, person))
            if last is None or at - last >= repeat:
                waiting.setdefault(person, []).append(loop)
    window = f"{at.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M}"
    return [Alert(person, window, tuple(loops)) for person, loops in sorted(waiting.items())]


@dataclass(frozen=True)
class AlertLadders:
    """Lead, deputy, duty line; out of hours the duty line first. Never a person of the service that it accuses."""

    directory: Directory
    policy: SafeguardingPolicy
    absences: Absences
    timezone: str

    def people_for(self, loop: HeldLoop, at: datetime) -> list[str]:
        """Everybody who has to know by now: one more for every `open_within_minutes` that nobody opened it.

        Whoever acknowledged it has as long again before others are told; nobody is told meanwhile.
        """
        people, rounds = self.ladder(loop, at), self._rounds(loop.taken_at or loop.raised_at, at)
        if loop.passed_on:
            later = [person for person in people if person != loop.taken_by]
            first = self.directory.safeguarding_deputy
            people = [first, *(person for person in later if person != first)] if first in later else later
        elif loop.taken_by:
            after = people.index(loop.taken_by) + 1 if loop.taken_by in people else 0
            return [loop.taken_by, *people[after : after + rounds]] if rounds else []
        return people[: rounds + 1]

    def ladder(self, loop: HeldLoop, at: datetime) -> list[str]:
        """The order in which people are told of one loop at an instant."""
        lead, deputy = self.directory.safeguarding_lead, self.directory.safeguarding_deputy
        duty = self.directory.safeguarding_duty
        order = [lead, deputy, duty] if self._is_office(at) else [duty, lead, deputy]
        theirs = self.directory.people_of(loop.service_code) if loop.kept_from_service else frozenset()
        known = [person for person in dict.fromkeys(order) if person in self.directory.people and person not in theirs]
        day = at.astimezone(ZoneInfo(self.timezone)).date()
        # rather somebody on leave than nobody
        return [person for person in known if self.absences.back_on(person, day) is None] or known

    def _rounds(self, since: datetime, at: datetime) -> int:
        return max(0, (at - since) // timedelta(minutes=self.policy.open_within_minutes))

    def _is_office(self, at: datetime) -> bool:
        local = at.astimezone(ZoneInfo(self.timezone))
        is_open = self.policy.office_from <= local.time() < self.policy.office_to
        return is_open and self.absences.calendar.is_working_day(local.date())


def open_by(loop: HeldLoop, policy: SafeguardingPolicy) -> datetime:
    """When somebody should have opened it at the latest."""
    return loop.raised_at + timedelta(minutes=policy.open_within_minutes)


def waiting_minutes(loop: HeldLoop, at: datetime) -> int:
    """Whole minutes since it was held back."""
    return max(0, int((at - loop.raised_at).total_seconds() // 60))
