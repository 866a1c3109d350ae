"""Action plans: each recommendation as its register had it on a day, and the loops that rest on it."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from heardback.domain.action_plan import Action, Progress, progress_of
from heardback.reports.action_plan import answer
from heardback.store import Change, ChangeRevision
from heardback.store.plans import plans_as_of
from heardback.store.session import reading, transaction
from tasks.action_plan import PlanWritten, write_plan
from tests.factories import LEAD, MANAGER, NOW, OWN, a_loop
from tests.reports.pages import check_asks_for_nothing, check_is_accessible, read
from tests.reports.test_documents import check_is_tagged
from tests.store.test_evidence import a_change
from tests.tasks.answered_loops import OFFICER, WORDING, approve, move

DAY, DECIDED = date(2026, 11, 10), date(2026, 9, 21)


def an_action(session: Session, number: int, **fields: object) -> str:
    change_uid = a_change(session, number, "44 of 57 reports on time.")
    given = {"recommendation": f"Recommendation {number}", "action": "Write a rule.", "owner": "Head of hubs", **fields}
    session.execute(update(Change).where(Change.change_uid == change_uid).values(**given))
    return change_uid


def resting_on(session: Session, change_uid: str, title: str, *approvers: object) -> str:
    described = ("describe", {"title": title, "on": date(2026, 9, 5)})
    loop_uid = a_loop(session, OWN, described, ("match", {"change": change_uid, "on": date(2026, 9, 10)}))
    move(session, loop_uid, "decide", outcome="done", wording=WORDING, on=DECIDED)
    approve(session, loop_uid, *approvers)  # type: ignore[arg-type]
    return loop_uid


def plan(folder: Path, as_of: date = DAY) -> tuple[PlanWritten, str]:
    written = write_plan(as_of, str(folder))
    return written, written.paths[0].read_text("utf-8")


@pytest.mark.parametrize(
    ("status", "due", "progress"),
    [
        ("done", date(2026, 1, 1), Progress.DONE),
        ("planned", date(2026, 11, 9), Progress.LATE),
        ("planned", DAY, Progress.UNDER_WAY),
        ("planned", None, Progress.UNDER_WAY),
        ("refused", date(2026, 1, 1), Progress.NOT_ACCEPTED),
    ],
)
def test_what_is_not_done_when_its_day_is_over_is_late(status: str, due: date | None, progress: Progress) -> None:
    assert progress_of(Action("log:1", "log", "1", "yjs", status, "Do it.", due_on=due), DAY) == progress


def test_each_recommendation_stands_with_its_action_owner_day_evidence_state_and_loops(
    workplace: Engine, tmp_path: Path
) -> None:
    with transaction(workplace) as session:
        late = an_action(session, 1, status="planned", due_on=date(2026, 10, 31), we_did="Half of it.")
        an_action(session, 2)
        a_change(session, 3)  # a change that answers no recommendation is no part of a plan
        told = resting_on(session, late, "Reports before the meeting", MANAGER, OFFICER)
        move(session, told, "tell", how="board", where="Marsh Lane", on=date(2026, 9, 30))
        unchecked = resting_on(session, late, "Nobody checked this")
    written, page = plan(tmp_path)
    said = read(page).text
    assert written.sentence == "Of 2 recommendations: 1 done, 1 late."
    for words in (
        "1. Recommendation 1", "Late Youth Justice Service", "Write a rule.", "Head of hubs", "31 October 2026",
        "Half of it.", "44 of 57 reports on time.", f"{told}, decided, and people told: Reports before the meeting",
        f"{unchecked}, decided, people not told yet", "No comment has been linked to it by a person yet.",
    ):  # fmt: skip
        assert words in said
    for words in ("Nobody checked this", "freezing", "Heater"):
        assert words not in page


def test_page_and_paper_are_accessible_and_the_same_each_time(sqlite_workplace: Engine, tmp_path: Path) -> None:
    with transaction(sqlite_workplace) as session:
        an_action(session, 1)
    first, page = plan(tmp_path / "first")
    again, _ = plan(tmp_path / "again")
    check_is_accessible(read(page))
    check_asks_for_nothing(read(page))
    check_is_tagged(first.paths[1])
    assert [path.read_bytes() for path in first.paths] == [path.read_bytes() for path in again.paths]


def test_a_loop_behind_a_flag_is_not_named_behind_an_action(sqlite_workplace: Engine, tmp_path: Path) -> None:
    with transaction(sqlite_workplace) as session:
        loop_uid = resting_on(session, an_action(session, 1), "Reports before the meeting", MANAGER, OFFICER)
    assert loop_uid in plan(tmp_path)[1]
    with transaction(sqlite_workplace) as session:
        move(session, loop_uid, "withhold", LEAD, reason="A concern was raised.")
    assert loop_uid not in plan(tmp_path)[1]


def test_a_past_day_is_read_as_the_register_stood_then(sqlite_workplace: Engine) -> None:
    later = NOW + timedelta(days=2)
    with transaction(sqlite_workplace) as session:
        edited, came_later = an_action(session, 1, status="done"), an_action(session, 2, recorded_at=later)
        gone = an_action(session, 3, left_at=later)
        change = session.get_one(Change, edited)
        before = {"status": "planned", "recommendation": "As it was", "due_on": "2026-12-01", "service_code": "yjs"}
        kept = ChangeRevision(
            change_uid=edited, revision=1, pull_uid=change.pull_uid, content=before, replaced_at=later
        )
        session.add(kept)
        change.recorded_at = later

    def known(at: datetime) -> dict[str, tuple[str, str]]:
        with reading(sqlite_workplace) as session:
            found = plans_as_of(session, at)
        return {action.change_uid: (action.recommendation, action.status) for action in found}

    assert known(NOW + timedelta(days=1)) == {edited: ("As it was", "planned"), gone: ("Recommendation 3", "done")}
    then = known(later + timedelta(days=1))
    assert then == {edited: ("Recommendation 1", "done"), came_later: ("Recommendation 2", "done")}


def test_a_council_without_a_plan_is_told_so() -> None:
    assert answer([], DAY) == "No register holds a recommendation yet."
