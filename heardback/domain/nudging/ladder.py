"""Who answers for a loop that waits, and how far up it has climbed: one rung at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from config.directory import Directory, Service
from config.policy import NudgePolicy
from heardback.domain.absence import Absences
from heardback.domain.nudging.open_loops import OpenLoop
from heardback.domain.nudging.window import Window, iso_week


class Rung(StrEnum):
    """How far up a loop has climbed; it stands on one at a time, and its owner goes on hearing of it."""

    OWNER = "owner"
    DEPUTY = "deputy"
    HEAD = "head"
    BOARD = "board"


@dataclass(frozen=True)
class Placed:
    """A loop, who answers for it ('' where nobody is left), its rung, and who else hears of it ('' where nobody).

    `stands_in_for` is whom the owner stands in for. `back_on` is when an owner comes back for whom this waits.
    """

    loop: OpenLoop
    owner: str
    rung: Rung
    escalated_to: str
    stands_in_for: str = ""
    back_on: date | None = None


def rung_of(overdue_days: int, policy: NudgePolicy) -> Rung:
    """The rung that a loop has reached by working days overdue."""
    if overdue_days >= policy.board_after:
        return Rung.BOARD
    if overdue_days >= policy.head_after:
        return Rung.HEAD
    return Rung.DEPUTY if overdue_days >= policy.deputy_after else Rung.OWNER


CLIMB = (Rung.OWNER, Rung.DEPUTY, Rung.HEAD, Rung.BOARD)


@dataclass(frozen=True)
class Ladders:
    """Every service's people in the order in which they are told, as they are there in one window."""

    directory: Directory
    policy: NudgePolicy
    absences: Absences
    window: Window

    @cached_property
    def _services(self) -> dict[str, Service]:
        return {service.code: service for service in self.directory.services}

    def place(self, loop: OpenLoop) -> Placed:
        """An owner who left is replaced by whoever stands behind; where nobody does, the board's list is the last rung.

        What accuses a service's staff goes past all of its people, on every rung.
        """
        if loop.kept_from_service:
            return self._outside_the_service(loop)
        service = self._services.get(loop.service_code)
        behind = (service.owner, service.deputy, service.head) if service else ()
        owner, away = self._present((loop.owner, *behind, self.directory.fallback_owner))
        if not owner:
            return Placed(loop, "", Rung.BOARD, "")
        back_on = self.absences.back_on(owner, self.window.today)
        ladder = ((Rung.DEPUTY, service.deputy), (Rung.HEAD, service.head)) if service else ()
        rung, person = self._climbed(loop, owner, ladder)
        return Placed(loop, owner, rung, person, away, back_on)

    def _outside_the_service(self, loop: OpenLoop) -> Placed:
        theirs = self.directory.people_of(loop.service_code)
        outsider = self.directory.owner_of(loop.service_code, kept_from_service=True)
        owner = loop.owner if loop.owner in self.directory.people and loop.owner not in theirs else outsider
        return Placed(loop, owner, Rung.OWNER, "")

    def _present(self, heirs: Sequence[str]) -> tuple[str, str]:
        """The first of the heirs who is there, or will be soon; and who it is that they stand in for."""
        known = [person for person in heirs if person in self.directory.people]
        there = [person for person in known if not self.absences.needs_stand_in(person, self.window.today)]
        owner = next(iter(there or known), "")
        return owner, known[0] if known and known[0] != owner else ""

    def _climbed(self, loop: OpenLoop, owner: str, ladder: Sequence[tuple[Rung, str]]) -> tuple[Rung, str]:
        reached = self._reached(loop)
        if reached in (Rung.OWNER, Rung.BOARD):
            return reached, ""
        for rung, person in ladder[reached == Rung.HEAD :]:
            if person in self.directory.people and person != owner and not self._is_away(person):
                return rung, person
        return Rung.BOARD, ""

    def _reached(self, loop: OpenLoop) -> Rung:
        """By days overdue, and never past a rung that has not been told in an earlier window."""
        by_days = rung_of(loop.overdue_days, self.policy)
        if loop.rungs_told is not None:
            by_days = min(by_days, self._next_rung(loop), key=CLIMB.index)
        is_chased = loop.chased_until is not None and self.window.today < loop.chased_until
        return Rung.OWNER if is_chased and by_days != Rung.BOARD else by_days

    def _next_rung(self, loop: OpenLoop) -> Rung:
        """What was told in this window stays as high as it was, however often the window is planned."""
        since = iso_week(loop.moved_on) if loop.moved_on else ""
        told = [(CLIMB.index(Rung(rung)), window) for rung, window in loop.rungs_told or () if since <= window]
        heights = [height + (window < self.window.name) for height, window in told]
        return CLIMB[min(max(heights, default=0), len(CLIMB) - 1)]

    def _is_away(self, person: str) -> bool:
        return self.absences.back_on(person, self.window.today) is not None


def days_in_words(day: date) -> str:
    """'3 December'."""
    return f"{day.day} {day:%B}"
