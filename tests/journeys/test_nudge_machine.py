"""Whatever happens in whatever order: nobody is nudged twice, no overdue loop is out of sight, a press moves once."""

import json
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

import tasks.deeds
import tasks.deliver
from heardback.checks import gate
from heardback.errors import LedgerError, SendFailed
from heardback.messages.message import Message, Receipt
from heardback.store import HistoryEntry, Loop, Press
from heardback.store.session import open_store, reading
from tasks.nudge import NudgeReport, nudge
from tasks.press import answer_press
from tests.council import exit_row
from tests.desk import Desk, desk_at, problems_of

TUESDAY = datetime(2026, 9, 8, 9, 0, tzinfo=UTC)
TEMPLATE: dict[str, bytes] = {}
# Amira has no part in Youth Clubs, nor Ben in Youth Justice; U0 is nobody.
APART = [
    {"code": "yjs", "name": "Youth Justice", "owner": "amira", "deputy": "amira", "head": "hana"},
    {"code": "youth", "name": "Youth Clubs", "owner": "ben", "deputy": "ben", "head": "hana"},
]
MAY = {"yjs": "UAMIRA", "youth": "UBEN"}
NAMES = {"UAMIRA": "Amira Sayed", "UBEN": "Ben Achebe"}
MOVES = {"snooze": ["snooze"], "chase": ["chase"], "decide": ["decide"]}
SAID = {"snooze": "Snoozed", "chase": "Yours to chase", "decide": "Decision recorded"}


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it happens."""


class Wire:
    """A conversation with a history, as far as a machine needs one: it takes, takes and breaks off, or refuses."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, str, str]] = []  # address, key, text
        self.troubles: list[str] = []

    def _trouble(self) -> str:
        return self.troubles.pop(0) if self.troubles else ""

    def send(self, message: Message, address: str) -> Receipt:
        trouble = self._trouble()
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
        trouble = self._trouble()
        if trouble == "refuse":
            raise SendFailed("history is down")
        if trouble.startswith("die"):
            raise Killed
        return next((Receipt(a, str(n)) for n, (a, key, _) in enumerate(self.arrived) if key == nudge_uid), None)


def _dying(work: Any) -> Any:
    """The same work, after which its process is gone before anything of it is kept."""

    def worked(*given: Any, **more: Any) -> None:
        work(*given, **more)
        raise Killed

    return worked


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
        self.desk.configure(services={"services": APART})
        self.presses: list[tuple[dict[str, Any], str]] = []  # what Slack handed over, and what was answered
        self.by_hand: Counter[tuple[str, str, str]] = Counter()  # loop, move, who: the plain record of presses
        self.wire, self.at, self.said = Wire(), TUESDAY, 0
        way = tasks.deliver.ways_to
        self.patch.setattr(tasks.deliver, "ways_to", lambda work, person: [self._way(one) for one in way(work, person)])
        self.last: NudgeReport | None = None
        self.hear()

    def _way(self, way: Any) -> Any:
        return type(way)("folder", self.wire, way.address, has_history=True, has_buttons=True)

    def teardown(self) -> None:
        if hasattr(self, "context"):
            self.history_is_what_was_pressed_and_sound()
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

    @rule(troubles=st.lists(st.sampled_from(["", "refuse", "break off", "die before", "die after"]), max_size=3))
    def press_owners(self, troubles: list[str]) -> None:
        """Runs until one meets no trouble: killed, and killed again while it looks. What dies has no report.

        Then nothing is lost: whoever was to be told has been told, or it was found to stand there.
        """
        self.wire.troubles = list(troubles)
        for _ in range(len(troubles) + 1):
            met = bool(self.wire.troubles)
            try:
                self.last = nudge.run(self.at)
            except Killed:
                self.last = None
            self.at += timedelta(minutes=5)
            if not met:
                break
        self.wire.troubles = []  # what no message came to meet
        assert met or (self.last is not None and self.last.failed == self.last.being_sent == [])

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

    @rule(
        data=st.data(), user=st.sampled_from(["UAMIRA", "UBEN", "U0"]), does=st.sampled_from(sorted(MOVES)),
        stale=st.sampled_from([0, 0, 1]), killed=st.booleans(),
    )  # fmt: skip
    def somebody_presses(self, data: st.DataObject, user: str, does: str, stale: int, killed: bool) -> None:
        """A button or a form of a message: of this version or an older one, worked on or killed amid its work."""
        loops = self._all()
        uid = data.draw(st.sampled_from(sorted(loops)))
        payload = self._payload(user, does, uid, loops[uid].version - stale)
        self._hand_over(payload, user, does, killed=killed)

    @precondition(lambda self: getattr(self, "presses", None))
    @rule(data=st.data())
    def slack_hands_one_over_again(self, data: st.DataObject) -> None:
        """Whether it was worked on, refused or killed the first time: what was recorded is answered alike."""
        payload, said = data.draw(st.sampled_from(self.presses))
        again = self._hand_over(payload, *payload["machine"])
        assert again == said or not said.endswith(tuple(f": {done}." for done in SAID.values()))

    def _hand_over(self, payload: dict[str, Any], user: str, does: str, *, killed: bool = False) -> str:
        uid, version = payload["about"]
        before, known = self._all()[uid], self.desk.count(Press)
        try:
            with pytest.MonkeyPatch.context() as patch:
                if killed:
                    patch.setattr(tasks.deeds, "move_within", _dying(tasks.deeds.move_within))
                answer = answer_press.run(payload, self.at)
        except Killed:
            said = ""
        else:
            assert answer
            said = answer.text
        after = self._all()[uid]
        recorded = said == f"{uid}: {SAID[does]}."
        is_new = self.desk.count(Press) > known
        assert recorded or (after.version == before.version and not is_new)
        if is_new:
            assert (MAY[before.service_code], before.version) == (user, version)
            owned = ["own"] if does == "decide" and before.state in ("heard", "reopened") else []
            assert after.version == before.version + len(owned) + 1
            self.by_hand.update((uid, move, NAMES[user]) for move in owned + MOVES[does])
            self.last = None
        elif user != MAY[before.service_code]:
            assert "not yours to make" in said or "does not know you" in said or killed
        self.presses.append((payload, said))
        return said

    def _payload(self, user: str, does: str, uid: str, version: int) -> dict[str, Any]:
        """As Slack hands it over; `about` and `machine` are this test's own."""
        number, seen = len(self.presses), {"loop": uid, "version": version}
        ours = {"about": (uid, version), "machine": (user, does), "user": {"id": user}}
        if does == "decide":
            filled = {"outcome": {"o": {"selected_option": {"value": "done"}}}, "wording": {"w": {"value": "Done."}}}
            view = {"id": f"V{number}", "callback_id": "heardback.decide", "private_metadata": json.dumps(seen),
                    "state": {"values": filled}}  # fmt: skip
            return {"type": "view_submission", "view": view, **ours}
        value, done = json.dumps(seen | {"does": does}), {"action_id": "heardback.more", "action_ts": f"{number}.1"}
        return {"type": "block_actions", "actions": [done | {"selected_option": {"value": value}}], **ours}

    def _all(self) -> dict[str, Loop]:
        with reading(self.store) as session:
            return {loop.loop_uid: loop for loop in session.scalars(select(Loop))}

    def history_is_what_was_pressed_and_sound(self) -> None:
        """No press twice, none lost, none by anybody who may not; and the chain holds."""
        with reading(self.store) as session:
            query = select(HistoryEntry.loop_uid, HistoryEntry.move, HistoryEntry.actor)
            found = Counter(tuple(row) for row in session.execute(query.where(HistoryEntry.actor.in_(NAMES.values()))))
        assert found == self.by_hand
        assert problems_of(self.store) == []

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
        waiting = {uid for uid, loop in self._all().items() if loop.state == "decided"} | set(self._open())
        closed = {f"L-{number:04d}" for number in range(1, 60)} - waiting
        self.last = nudge.run(self.at)
        for _, _, text in self.wire.arrived[before:]:
            assert [uid for uid in closed if uid in text] == []


Nudging.TestCase.settings = settings(
    max_examples=5, stateful_step_count=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
TestNudging = Nudging.TestCase
