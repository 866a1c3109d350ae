"""Whatever happens in whatever order: nobody is nudged twice in a window, and no overdue loop is out of sight."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

import tasks.deliver
from heardback.checks import gate
from heardback.errors import LedgerError, SendFailed
from heardback.messages.message import Message, Receipt
from heardback.store import Loop
from heardback.store.session import open_store, reading
from tasks.nudge import NudgeReport, nudge
from tests.council import exit_row
from tests.desk import Desk, desk_at

TUESDAY = datetime(2026, 9, 8, 9, 0, tzinfo=UTC)
TEMPLATE: dict[str, bytes] = {}


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it happens."""


class Wire:
    """A conversation with a history, as far as a machine needs one: it takes, takes and breaks off, or refuses."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, str, str]] = []  # address, key, text
        self.trouble = ""

    def send(self, message: Message, address: str) -> Receipt:
        trouble, self.trouble = self.trouble, ""
        if trouble == "refuse":
            raise SendFailed("not now", code="unreachable")
        if trouble == "die before":
            raise Killed
        self.arrived.append((address, message.nudge_uid, message.text))
        if trouble == "die after":
            raise Killed
        if trouble == "break off":
            raise SendFailed("broke off", fate_unknown=True)
        return Receipt(address, str(len(self.arrived)))

    def find(self, address: str, nudge_uid: str) -> Receipt | None:  # noqa: ARG002  one wire for everybody
        trouble, self.trouble = self.trouble, ""
        if trouble == "history down":
            raise SendFailed("history is down")
        return next((Receipt(a, str(n)) for n, (a, key, _) in enumerate(self.arrived) if key == nudge_uid), None)


class Nudging(RuleBasedStateMachine):
    """Loops, a clock, sends, presses, kills and reassignments, against the plainest record of what arrived."""

    @initialize()
    def council(self) -> None:
        self.place = TemporaryDirectory()
        folder = Path(self.place.name)
        url = f"sqlite:///{folder / 'heardback.db'}"
        if TEMPLATE:
            (folder / "heardback.db").write_bytes(TEMPLATE["db"])
        self.store = open_store(url)
        TEMPLATE.setdefault("db", (folder / "heardback.db").read_bytes())
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(gate, "run_rules", lambda *_: [])
        self.context = desk_at(folder, self.store, url, self.patch)
        self.desk: Desk = self.context.__enter__()
        self.wire, self.at, self.said = Wire(), TUESDAY, 0
        way = tasks.deliver.ways_to
        self.patch.setattr(tasks.deliver, "ways_to", lambda work, person: [self._way(one) for one in way(work, person)])
        self.last: NudgeReport | None = None
        self.hear()

    def _way(self, way: Any) -> Any:
        return type(way)("folder", self.wire, way.address, has_history=True, has_buttons=True)

    def teardown(self) -> None:
        if hasattr(self, "context"):
            self.context.__exit__(None, None, None)
            self.patch.undo()
            self.store.dispose()
            self.place.cleanup()

    @rule()
    def hear(self) -> None:
        """One comment for each service, and all that was said before (the export is a snapshot)."""
        self.said += 1
        rows = [exit_row(number, f"Wish number {number} is like no other", service="youth" if number % 2 else "yjs",
                         date="2026-09-01") for number in range(1, 2 * self.said + 1)]  # fmt: skip
        self.desk.pull(*rows, name=f"{self.said:03d}.csv", at=self.at)
        self.last = None

    @rule(hours=st.sampled_from([1, 5, 24, 72, 168]))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(trouble=st.sampled_from(["", "", "refuse", "break off", "die before", "die after", "history down"]))
    def press_owners(self, trouble: str) -> None:
        """A run; what dies in it has no report."""
        self.wire.trouble = trouble
        try:
            self.last = nudge.run(self.at)
        except Killed:
            self.last = None
        self.wire.trouble = ""
        self.at += timedelta(minutes=5)

    @precondition(lambda self: self._open())
    @rule(data=st.data(), move=st.sampled_from(["close", "snooze", "reassign", "pause"]))
    def an_owner_acts(self, data: st.DataObject, move: str) -> None:
        uid = data.draw(st.sampled_from(self._open()))
        until = (self.at + timedelta(days=4)).date()
        details: dict[str, list[tuple[str, dict[str, Any]]]] = {
            "close": [("own", {"owner": "amira"}), ("decide", {"outcome": "done", "wording": "Done."}),
                      ("tell", {"how": "board", "where": "Reception"})],
            "snooze": [("snooze", {"until": until})],
            "reassign": [("reassign", {"owner": "hana", "reason": "hers"})],
            "pause": [("pause", {"until": until, "reason": "the police"})],
        }  # fmt: skip
        for name, given in details[move]:
            try:
                self.desk.move(uid, name, at=self.at, **given)
            except LedgerError:
                return
        self.last = None  # what was planned before is not about how things stand now

    def _open(self) -> list[str]:
        with reading(self.store) as session:
            query = select(Loop.loop_uid).where(Loop.state.in_(["heard", "owned", "matched", "reopened"]))
            return sorted(session.scalars(query))

    @invariant()
    def nobody_is_nudged_twice_in_a_window(self) -> None:
        if hasattr(self, "wire"):
            arrived = Counter(key for _, key, _ in self.wire.arrived)
            assert [key for key, times in arrived.items() if times > 1] == []
            digests = Counter((address, key[:15]) for address, key, _ in self.wire.arrived if key.startswith("digest"))
            assert all(times == 1 for times in digests.values())

    @invariant()
    def every_loop_is_told_or_says_why_not_and_every_overdue_one_is_in_sight(self) -> None:
        report = getattr(self, "last", None)
        if report is None:
            return
        verdicts = {item["loop"]: item for item in report.explanations}
        assert set(self._open()) <= set(verdicts)
        assert all(item["why"] for item in verdicts.values())
        shown = {"told", "counted", "snoozed", "paused", "not_now", "away"}
        assert all(item["verdict"] in shown or loop in report.exceptions for loop, item in verdicts.items())

    @rule()
    def a_closed_loop_is_in_no_new_message(self) -> None:
        """Messages of a run after a loop was closed do not name it."""
        before = len(self.wire.arrived)
        closed = {f"L-{number:04d}" for number in range(1, 60)} - set(self._open())
        self.last = nudge.run(self.at)
        for _, _, text in self.wire.arrived[before:]:
            assert [uid for uid in closed if uid in text] == []


Nudging.TestCase.settings = settings(
    max_examples=4, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
TestNudging = Nudging.TestCase
