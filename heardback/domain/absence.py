"""Who is away, who stands in, and which days therefore do not count for a service."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from config.directory import Days, Directory
from heardback.domain.deadlines import Calendar


@dataclass
class Absences:
    """The leave and closed days of one directory over England's calendar.

    A short leave (up to `short_leave` working days) stops the clock of what its owner answers, and their message waits
    for them. In a longer one somebody stands in from its first day on, and the clock goes on.
    """

    directory: Directory
    calendar: Calendar
    short_leave: int
    _known: dict[tuple[str, str], Calendar] = field(default_factory=dict)

    def calendar_of(self, service_code: str, owner: str) -> Calendar:
        """Working days of a service as its owner works them: without its closed days and the owner's short leave."""
        key = (service_code, owner)
        if key not in self._known:
            service = self.directory.service(service_code)
            spans = [*(service.closed if service else ()), *self._short(owner)]
            self._known[key] = self.calendar.without({day for span in spans for day in span.each()})
        return self._known[key]

    def back_on(self, person: str, day: date) -> date | None:
        """The first day after somebody's leave; None where they are not away on `day`."""
        spans = [span for span in self._leave(person) if span.hold(day)]
        return max(span.last for span in spans) + timedelta(days=1) if spans else None

    def needs_stand_in(self, person: str, day: date) -> bool:
        """Whether somebody is away for longer than their loops can wait."""
        return any(span.hold(day) and not self._is_short(span) for span in self._leave(person))

    def _leave(self, person: str) -> Sequence[Days]:
        known = self.directory.people.get(person)
        return known.away if known else ()

    def _short(self, person: str) -> list[Days]:
        return [span for span in self._leave(person) if self._is_short(span)]

    def _is_short(self, span: Days) -> bool:
        before = span.first - timedelta(days=1)
        return self.calendar.working_days_between(before, span.last) <= self.short_leave
