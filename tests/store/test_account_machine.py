"""Whatever is pulled, edited, repeated, spoiled, repaired, moved or merged, in any order, nothing is lost (G1, G13)."""

import atexit
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from heardback.checks import gate
from heardback.domain.lifecycle import OPEN
from heardback.store import Comment, Loop, Membership, QuarantinedRow, Response
from heardback.store.session import open_store, reading
from tasks.loops import By, merge_loops
from tasks.quarantine import discard_row, release_row
from tests.council import Row, box_row, exit_row
from tests.desk import Desk, desk_at, problems_of
from tests.factories import NOW

WORDS = [
    "The room is freezing", "the ROOM is freezing!", "More pizza on Fridays", "my dad hits me", "nothing", "lovely",
    "this is a formal complaint", "Too little", "",
]  # fmt: skip
NUMBERS, SAID = st.integers(1, 6), st.sampled_from(WORDS)
LENIENT = {"gate": {"max_bad_share": 1, "max_vanished_share": 1}}


@dataclass
class Model:
    """What the sheet at the source says now, and what ought to be on record, by record id."""

    sheet: dict[int, tuple[str, str, bool]] = field(default_factory=dict)  # improve, like, is the day missing
    twice: set[int] = field(default_factory=set)
    on_record: dict[int, tuple[str, str]] = field(default_factory=dict)
    touched: dict[int, int] = field(default_factory=dict)  # the pull that last brought or withdrew it
    set_aside: dict[int, tuple[int, int, tuple[str, str]]] = field(default_factory=dict)  # by row: id, pull, words

    def rows(self) -> list[Row]:
        """The sheet as it is exported."""
        rows = {
            n: exit_row(n, said, like=like, date="" if bad else "2026-09-01")
            for n, (said, like, bad) in self.sheet.items()
        }
        return [row for number, row in sorted(rows.items()) for _ in range(1 + (number in self.twice))]


class Account(RuleBasedStateMachine):
    """A council of one survey and one box, beside a dict that says what should be there."""

    template = Path(mkdtemp(prefix="heardback-template-"))
    atexit.register(shutil.rmtree, template)  # each worker of a suite left one behind

    @initialize()
    def open(self) -> None:
        self.home = TemporaryDirectory(prefix="heardback-machine-")
        folder = Path(self.home.name)
        if not (self.template / "heardback.db").exists():
            open_store(f"sqlite:///{self.template / 'heardback.db'}").dispose()
        shutil.copy(self.template / "heardback.db", folder)
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(gate, "run_rules", lambda *_: [])
        url = f"sqlite:///{folder / 'heardback.db'}"
        self.store = open_store(url)
        self.place = desk_at(folder, self.store, url, self.patch)
        self.desk: Desk = self.place.__enter__()
        self.desk.configure(policy=LENIENT)
        self.model, self.hours, self.cards = Model(), 0, 0

    @property
    def now(self):  # type: ignore[no-untyped-def]
        return NOW + timedelta(hours=self.hours)

    @rule(number=NUMBERS, improve=SAID, like=SAID)
    def somebody_answers_or_edits(self, number: int, improve: str, like: str) -> None:
        self.model.sheet[number] = (improve, like, False)

    @rule(number=NUMBERS)
    def a_row_is_spoiled(self, number: int) -> None:
        if number in self.model.sheet:
            self.model.sheet[number] = (*self.model.sheet[number][:2], True)

    @rule(number=NUMBERS)
    def a_row_is_deleted(self, number: int) -> None:
        self.model.sheet.pop(number, None)

    @rule(number=NUMBERS)
    def a_row_stands_twice_or_no_longer(self, number: int) -> None:
        self.model.twice ^= {number}

    @precondition(lambda self: self.model.sheet)
    @rule()
    def pull(self) -> None:
        self.hours += 1
        rows = self.model.rows()
        before = self._waiting()
        report = self.desk.pull(*rows, at=self.now)
        if report.status == "unchanged":
            return
        assert report.status == "landed", report.error
        assert report.rows_read == len(rows) == sum(report.fates.values())
        self._note_pull(sorted(self._waiting() - before))

    @rule(words=st.lists(SAID.filter(bool), min_size=1, max_size=4))
    def a_box_is_emptied(self, words: list[str]) -> None:
        self.hours, self.cards = self.hours + 1, self.cards + 1
        report = self.desk.pull(*map(box_row, words), feed="box", name=f"{self.cards:03}.csv", at=self.now)
        assert report.status == "unchanged" or sum(report.fates.values()) == len(words)

    @precondition(lambda self: self.model.set_aside)
    @rule(data=st.data())
    def a_row_is_repaired_and_released(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(sorted(self.model.set_aside)))
        number, pulled, words = self.model.set_aside.pop(row)
        assert release_row(row, "Priya Nair", self.now, {}).fate == "quarantine"  # it is as bad as before
        released = release_row(row, "Priya Nair", self.now, {"date": "2026-09-03"})
        assert released.fate != "quarantine"
        if self.model.touched.get(number, 0) <= pulled:
            self.model.on_record[number], self.model.touched[number] = words, pulled

    @precondition(lambda self: self.model.set_aside)
    @rule(data=st.data())
    def a_row_is_discarded(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(sorted(self.model.set_aside)))
        self.model.set_aside.pop(row)
        discard_row(row, "Priya Nair", self.now, "scribbles")

    @rule(data=st.data(), told=st.booleans())
    def somebody_answers_for_a_loop(self, data: st.DataObject, told: bool) -> None:
        loops = self._loops()
        if loops:
            loop_uid = data.draw(st.sampled_from(loops))
            self.desk.move(loop_uid, "own", owner="amira", at=self.now)
            self.desk.move(loop_uid, "decide", outcome="done", wording="Done.", at=self.now)
            if told:
                self.desk.move(loop_uid, "tell", how="board", where="Reception", at=self.now)

    @rule(data=st.data(), service=st.sampled_from(["yjs", "youth"]))
    def loops_are_merged(self, data: st.DataObject, service: str) -> None:
        loops = self._loops(service)
        if len(loops) > 1:
            into, *others = data.draw(st.lists(st.sampled_from(loops), min_size=2, max_size=3, unique=True))
            merge_loops(into, others, By("Amira Sayed"), self.now, "they say the same")

    @invariant()
    def rows_read_are_accounted_for_the_chain_holds_and_every_comment_has_one_loop(self) -> None:
        assert problems_of(self.store) == []

    @invariant()
    def what_is_on_record_is_what_was_said_last(self) -> None:
        with reading(self.store) as session:
            query = (
                select(Response.source_record_id, Comment.question_code, Comment.text)
                .join(Response, Response.response_uid == Comment.response_uid)
                .join(Membership, (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None))
                .join(Loop, Loop.loop_uid == Membership.loop_uid)
                .where(Response.source_id == "exit", Loop.state != "withheld")
            )
            stored = {(int(number), question): text for number, question, text in session.execute(query) if text}
        said = {
            (number, question): text
            for number, texts in self.model.on_record.items()
            for question, text in zip(("improve", "like"), texts, strict=True)
            if text
        }
        assert stored == {place: text for place, text in said.items() if place in stored}
        assert all("hits me" in said[place] or self._is_held(*place) for place in said.keys() - stored.keys())

    def teardown(self) -> None:
        if hasattr(self, "place"):
            self.place.__exit__(None, None, None)
            self.patch.undo()
            self.store.dispose()
            self.home.cleanup()

    def _note_pull(self, waiting: list[int]) -> None:
        bad = [number for number, (_, _, is_bad) in sorted(self.model.sheet.items()) if is_bad]
        spoiled = [number for number in bad for _ in range(1 + (number in self.model.twice))]
        if waiting:
            assert len(waiting) == len(spoiled) or len(waiting) == len(bad)
        for row in waiting:
            number = self._record_id(row)
            self.model.set_aside[row] = (number, self.hours, self.model.sheet[number][:2])
        for number, (improve, like, is_bad) in self.model.sheet.items():
            if not is_bad:
                if self.model.on_record.get(number) != (improve, like):
                    self.model.touched[number] = self.hours
                self.model.on_record[number] = (improve, like)
        if not bad:
            for number in self.model.on_record.keys() - self.model.sheet.keys():
                del self.model.on_record[number]
                self.model.touched[number] = self.hours

    def _waiting(self) -> set[int]:
        with reading(self.store) as session:
            return set(session.scalars(select(QuarantinedRow.quarantine_id)))

    def _record_id(self, row: int) -> int:
        with reading(self.store) as session:
            return int(session.get_one(QuarantinedRow, row).cells["id"])

    def _loops(self, service: str = "") -> list[str]:
        with reading(self.store) as session:
            query = select(Loop.loop_uid).where(Loop.state.in_(OPEN)).order_by(Loop.loop_uid)
            return list(session.scalars(query.where(Loop.service_code == service) if service else query))

    def _is_held(self, number: int, question: str) -> bool:
        """What was held keeps its words until somebody has read them, whatever it was edited to."""
        with reading(self.store) as session:
            query = (
                select(Loop.state)
                .join(Membership, (Membership.loop_uid == Loop.loop_uid) & Membership.left_on.is_(None))
                .join(Comment, Comment.comment_uid == Membership.comment_uid)
                .join(Response, Response.response_uid == Comment.response_uid)
                .where(Response.source_record_id == str(number), Comment.question_code == question)
            )
            return session.scalars(query).one() == "withheld"


TestAccount = Account.TestCase
TestAccount.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
