"""A made-up year of 40 services and 20,000 comments: messages per owner and week, and closure with and without nudging.

    python bench/simulated_year.py

The planning, windows, ladder, calendar and deadlines are Heardback's own; people are made up, by this model and a seed:

- 20,000 comments on working days of 2026 fall into 40 services unevenly; 14 comments make a loop on average (the
  grouping of the sample council), so about 1,430 loops.
- Each owner has a diligence d, drawn once from Beta(2, 3). Without any nudge they move a loop on a working day with the
  chance 0.04 d.
- A loop shown in a digest is moved within the week with the chance 0.35 + 0.4 d the first time, and 30 % less with each
  further showing (each further reminder in one encounter cut acceptance by about 30 %: PMC5387195). One on which the
  deputy or head was told is moved with 0.5 in that week.
- Each move is one step: owning and deciding in one, then telling. A loop is closed when it was told.

What this shows is how the rules load people, not what people will do: change the model, and closure changes with it.
"""

import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from config.directory import Directory, Person, Service
from config.policy import Policy
from heardback.domain.deadlines import Calendar, Step, due_on, england
from heardback.domain.nudging.ladder import Rung
from heardback.domain.nudging.open_loops import OpenLoop
from heardback.domain.nudging.plan import NudgePlan, plan_nudges
from heardback.domain.nudging.window import iso_week

SERVICES, COMMENTS, VOICES, YEAR, SEED = 40, 20_000, 14, 2026, 11
POLICY = Policy()


@dataclass
class Waiting:
    """A loop of the simulation: what Heardback would have on record of it."""

    loop: OpenLoop
    decided_on: date | None = None
    closed_on: date | None = None
    shown: int = 0


def directory() -> Directory:
    """Forty services; owners deputise for each other, and eight people head five services each."""
    codes = [f"o{n}" for n in range(SERVICES)] + [f"h{n}" for n in range(8)] + ["lead", "officer"]
    people = {code: Person(name=code, role="", email=f"{code}@sim.example") for code in codes}
    services = tuple(Service(code=f"s{n}", name=f"S{n}", owner=f"o{n}", deputy=f"o{(n + 1) % SERVICES}",
                             head=f"h{n % 8}") for n in range(SERVICES))  # fmt: skip
    return Directory(council="Simulated", people=people, services=services, safeguarding_lead="lead",
                     safeguarding_deputy="officer", fallback_owner="officer")  # fmt: skip


def heard(dice: random.Random, calendar: Calendar) -> dict[date, list[Waiting]]:
    """The year's loops by the day on which they were heard."""
    days = [date(YEAR, 1, 1) + timedelta(days=n) for n in range(365)]
    working = [day for day in days if calendar.is_working_day(day)]
    weights = [1 / (n + 1) ** 0.6 for n in range(SERVICES)]
    found: dict[date, list[Waiting]] = defaultdict(list)
    for number in range(COMMENTS // VOICES):
        day, (place,) = dice.choice(working), dice.choices(range(SERVICES), weights)
        voices = max(1, int(dice.expovariate(1 / VOICES)))
        loop = OpenLoop(
            f"L-{number:05d}", f"s{place}", "feedback_box", "heard", "", voices, day, day, "", day, Step.OWN, 0,
            None, 0, 1, moved_on=day, rungs_told=(),
        )  # fmt: skip
        found[day].append(Waiting(loop))
    return found


class Year:
    """One run of the year."""

    def __init__(self, *, nudging: bool) -> None:
        self.nudging, self.dice, self.calendar = nudging, random.Random(SEED), england(YEAR - 1, YEAR + 1)  # noqa: S311
        self.directory = directory()
        self.diligence = {code: self.dice.betavariate(2, 3) for code in sorted(self.directory.people)}
        self.waiting: list[Waiting] = []
        self.all: list[Waiting] = []
        self.messages: Counter[tuple[str, str, str]] = Counter()  # person, week, kind

    def run(self) -> None:
        """Every working day: what is heard, what owners do of their own accord, and once a week what they are told."""
        arriving, sent = heard(self.dice, self.calendar), set()
        for day in (date(YEAR, 1, 1) + timedelta(days=n) for n in range(365)):
            if not self.calendar.is_working_day(day):
                continue
            self.waiting += arriving.get(day, [])
            self.all += arriving.get(day, [])
            for one in self.waiting:
                owner = f"o{one.loop.service_code[1:]}"
                if self.dice.random() < 0.04 * self.diligence[owner]:
                    self.move(one, day)
            if self.nudging and iso_week(day) not in sent:
                plan = self.plan(day)
                if plan.digests or plan.escalations:
                    sent.add(iso_week(day))
                    self.tell(plan, day)
            self.waiting = [one for one in self.waiting if one.closed_on is None]

    def plan(self, day: date) -> NudgePlan:
        """Heardback's own plan of a day at ten."""
        for one in self.waiting:
            deadlines = POLICY.deadlines.of(one.loop.service_code, one.loop.channel)
            due = due_on(one.loop.state, one.loop.heard_from, one.decided_on, "", None, deadlines, self.calendar)
            if due:
                late = self.calendar.working_days_between(due.on, day)
                one.loop = replace(one.loop, due_on=due.on, next_step=due.step, overdue_days=late)
        at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        return plan_nudges([one.loop for one in self.waiting], self.directory, POLICY.nudge, self.calendar, at)

    def tell(self, plan: NudgePlan, day: date) -> None:
        """Messages go out, and people act on them in the week that follows or do not."""
        found, week = {one.loop.loop_uid: one for one in self.waiting}, plan.window.name
        for digest in plan.digests:
            self.messages[digest.owner, week, "digest"] += 1
            for loop in (*digest.loops, *digest.beyond):
                self.note(found[loop.loop_uid], Rung.OWNER, week)
            for loop in digest.loops:
                one, chance = found[loop.loop_uid], 0.35 + 0.4 * self.diligence[digest.owner]
                if self.dice.random() < chance * 0.7**one.shown:
                    self.move(one, day)
                one.shown += 1
        self.escalate(plan, found, day)

    def escalate(self, plan: NudgePlan, found: dict[str, Waiting], day: date) -> None:
        """Deputies and heads."""
        for escalation in plan.escalations:
            self.messages[escalation.recipient, plan.window.name, "escalation"] += 1
            for item in (*escalation.loops, *escalation.beyond):
                self.note(found[item.loop.loop_uid], item.rung, plan.window.name)
            for item in escalation.loops:
                if self.dice.random() < 0.5:
                    self.move(found[item.loop.loop_uid], day)

    def note(self, one: Waiting, rung: Rung, week: str) -> None:
        """As the store has it: the newest window of each rung."""
        told = dict(one.loop.rungs_told or ()) | {str(rung): week}
        one.loop = replace(one.loop, rungs_told=tuple(told.items()))

    def move(self, one: Waiting, day: date) -> None:
        """Decided, and then told."""
        if one.decided_on is None:
            one.decided_on, one.shown = day, 0
            one.loop = replace(one.loop, state="decided", moved_on=day, rungs_told=())
        elif one.closed_on is None and one.decided_on < day:
            one.closed_on = day
            one.loop = replace(one.loop, state="told")

    def figures(self) -> str:
        """Closure, days to close, and what each owner got in a week."""
        closed = [one for one in self.all if one.closed_on]
        days = [
            self.calendar.working_days_between(one.loop.heard_from, one.closed_on) for one in closed if one.closed_on
        ]
        line = f"{len(closed)} of {len(self.all)} loops closed ({len(closed) / len(self.all):.0%})"
        line += f", median {statistics.median(days):.0f} working days" if days else ""
        weekly = Counter(self.messages.values())
        if self.messages:
            people = {person for person, _, _ in self.messages}
            totals = Counter(kind for (_, _, kind), n in self.messages.items() for _ in range(n))
            line += "\n  " + ", ".join(f"{kind}s: {n} in all, {n / len(people) / 52:.2f} a person and week"
                                       for kind, n in sorted(totals.items()))  # fmt: skip
            line += f"; most of one kind to one person in one week: {max(weekly)}"
        return line


def main() -> None:
    """The year twice, with the same seed."""
    for nudging in (False, True):
        begun, year = time.perf_counter(), Year(nudging=nudging)
        year.run()
        sys.stdout.write(f"{'with' if nudging else 'without'} nudging: {year.figures()}; "
                         f"{time.perf_counter() - begun:.0f} s\n")  # fmt: skip
        sys.stdout.flush()


if __name__ == "__main__":
    main()
