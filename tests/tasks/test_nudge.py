"""Who has not moved is told once in a week, whoever runs, dies or misbehaves (G4, G16)."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import tasks.deliver
import tasks.nudge
from heardback.domain.deadlines import Calendar, england
from heardback.messages.message import Message, Receipt
from heardback.messages.slack import SlackSender
from heardback.store import Nudge, NudgedLoop
from heardback.store.nudges import ABANDONED_AFTER
from heardback.store.session import reading
from tasks.nudge import nudge
from tests.council import exit_row
from tests.desk import Desk
from tests.factories import LEAD
from tests.messages.slack_server import TOKEN, FakeSlack, Trouble
from tests.tasks.conftest import FREEZING, PIZZA, TUESDAY

pytestmark = pytest.mark.usefixtures("quick_gate")
ABANDONED = TUESDAY + ABANDONED_AFTER + timedelta(minutes=1)
PATIENT = {"nudge": {"deputy_after": 50, "head_after": 60, "board_after": 70}}
HASTY = {"nudge": {"deputy_after": 1, "head_after": 2, "board_after": 70}}


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    """Built once: a century of bank holidays takes a quarter of a second."""
    return england(2025, 2027)


@pytest.fixture(autouse=True)
def _one_calendar(calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.nudge, "england", lambda: calendar)


@pytest.fixture
def waiting(waiting_anywhere: Desk) -> Desk:
    return waiting_anywhere


def written(desk: Desk) -> list[Path]:
    return sorted((desk.folder / "home" / "outbox").glob("*.json"))


def nudges(desk: Desk) -> dict[str, str]:
    with reading(desk.store) as session:
        return {nudge.recipient: nudge.state for nudge in session.scalars(select(Nudge))}


def told_of(desk: Desk) -> list[str]:
    with reading(desk.store) as session:
        return list(session.scalars(select(NudgedLoop.loop_uid).order_by(NudgedLoop.loop_uid)))


def test_each_owner_gets_one_digest_in_a_folder_without_a_word_that_was_said(waiting: Desk) -> None:
    report = nudge(TUESDAY)
    assert (report.window, report.sent, report.failed) == ("2026-W37", ["amira", "ben"], [])
    assert (nudges(waiting), told_of(waiting)) == ({"amira": "sent", "ben": "sent"}, ["L-0001", "L-0002"])
    payloads = [path.read_text(encoding="utf-8") for path in written(waiting)]
    assert len(payloads) == 2
    assert not any("zebra" in payload or "freezing" in payload for payload in payloads)
    assert {json.loads(payload)["channel"] for payload in payloads} == {"UAMIRA", "UBEN"}
    assert Path(report.preview).exists()


def test_the_preview_shows_what_is_to_come_too(sqlite_waiting: Desk) -> None:
    """An escalation as a deputy would read it, a digest after an act, and the forms behind the buttons."""
    page = Path(nudge(TUESDAY).preview).read_text(encoding="utf-8")
    for words in (
        "Escalation, if nobody moves it",
        "1 loop has not moved and may need you",
        "The first digest, once a loop of it is decided",
        "Decided by Amira Sayed",
        "Record a decision",
    ):
        assert words in page
    assert len(written(sqlite_waiting)) == 2


def test_a_second_run_in_the_window_sends_nothing(waiting: Desk) -> None:
    nudge(TUESDAY)
    report = nudge(TUESDAY + timedelta(days=2))
    assert (report.sent, report.already_sent) == ([], ["amira", "ben"])
    assert len(written(waiting)) == 2


def test_the_next_window_asks_again(sqlite_waiting: Desk) -> None:
    sqlite_waiting.configure(policy=PATIENT)
    nudge(TUESDAY)
    report = nudge(TUESDAY + timedelta(days=7))
    assert (report.window, report.sent) == ("2026-W38", ["amira", "ben"])


def test_a_clock_that_went_back_an_hour_sends_nothing_twice(sqlite_waiting: Desk) -> None:
    nudge(TUESDAY + timedelta(hours=1))
    assert nudge(TUESDAY).sent == []
    assert len(written(sqlite_waiting)) == 2


def test_outside_the_window_nobody_is_told_and_the_report_says_why(sqlite_waiting: Desk) -> None:
    report = nudge(TUESDAY - timedelta(days=1))
    assert (report.sent, written(sqlite_waiting)) == ([], [])
    assert {item["why"] for item in report.explanations} == {"not due: nudge day is Tuesday, 8 September"}


def test_a_dry_run_says_who_would_be_told_and_claims_nothing(sqlite_waiting: Desk) -> None:
    report = nudge(TUESDAY, dry_run=True)
    assert report.recipients == {"amira": 1, "ben": 1}
    assert (report.sent, nudges(sqlite_waiting), written(sqlite_waiting)) == ([], {}, [])


def test_a_loop_that_moved_on_is_not_told_of(waiting: Desk) -> None:
    waiting.move("L-0001", "own", owner="amira", on=date(2026, 9, 7))
    waiting.move("L-0001", "decide", outcome="done", wording="Done.", on=date(2026, 9, 7))
    waiting.move("L-0001", "tell", how="board", where="Reception", on=date(2026, 9, 7))
    waiting.move("L-0002", "withhold", LEAD, reason="a concern")
    report = nudge(TUESDAY)
    assert (report.sent, report.recipients, written(waiting)) == ([], {}, [])


@pytest.mark.parametrize(("others", "outcome"), [(0, ["ben"]), (1, ["amira", "ben"])])
def test_a_loop_that_moves_on_between_plan_and_claim_is_not_told_of(
    waiting: Desk, monkeypatch: pytest.MonkeyPatch, others: int, outcome: list[str]
) -> None:
    if others:
        waiting.pull(
            exit_row(1, FREEZING), exit_row(2, PIZZA, service="youth"), exit_row(3, "Fix the door"), name="export-2.csv"
        )
    plan = tasks.nudge.plan_nudges

    def and_then_it_is_answered(*given: object) -> object:
        planned = plan(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(tasks.nudge, "plan_nudges", plan)
        waiting.answer("L-0001", told=True)
        return planned

    monkeypatch.setattr(tasks.nudge, "plan_nudges", and_then_it_is_answered)
    assert nudge(TUESDAY).sent == outcome
    assert "L-0001" not in told_of(waiting)
    assert not any("L-0001" in path.read_text(encoding="utf-8") for path in written(waiting))


class Killed(BaseException):
    """What a kill looks like from inside."""


def killed_at(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The run dies when it is about to call this."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(tasks.deliver if hasattr(tasks.deliver, name) else tasks.nudge, name, die)
        with pytest.raises(Killed):
            nudge(TUESDAY)


@pytest.mark.parametrize("instant", ["claim", "note_way", "patiently", "mark", "_write_preview"])
def test_whenever_a_run_is_killed_each_owner_gets_one_message(
    sqlite_waiting: Desk, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch, instant: str
) -> None:
    killed_at(monkeypatch, instant)
    soon = nudge(TUESDAY + timedelta(seconds=30))
    if instant in ("note_way", "patiently", "mark"):
        assert soon.being_sent == ["amira"]  # for all that is known it is being sent
    nudge(ABANDONED)
    nudge(ABANDONED + timedelta(hours=1))
    assert sorted(post["channel"] for post in slack.posts) == ["DUAMIRA", "DUBEN"]
    assert nudges(sqlite_waiting) == {"amira": "sent", "ben": "sent"}


def test_a_claim_abandoned_by_a_kill_is_looked_for_before_anything_is_sent(
    waiting: Desk, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_at(monkeypatch, "mark")  # Slack has it, and we do not know
    assert [post["channel"] for post in slack.posts] == ["DUAMIRA"]
    slack.calls.clear()
    assert nudge(ABANDONED).sent == ["amira", "ben"]
    assert slack.calls == ["conversations.open", "conversations.history", "conversations.open", "chat.postMessage"]
    assert len(slack.posts) == 2


def test_a_dropped_connection_is_reconciled_by_the_next_run(waiting: Desk, slack: FakeSlack) -> None:
    slack.troubles.append(Trouble("drop", accepts=True))
    assert nudge(TUESDAY).failed == ["amira"]
    assert nudges(waiting)["amira"] == "unknown"
    assert nudge(TUESDAY + timedelta(minutes=30)).sent == ["amira"]
    assert [post["channel"] for post in slack.posts] == ["DUAMIRA", "DUBEN"]


def test_while_slacks_history_is_down_too_nothing_is_sent_again(sqlite_waiting: Desk, slack: FakeSlack) -> None:
    """Fault 14: that nobody can say is no reason to believe that it did not go out."""
    slack.troubles.append(Trouble("drop", accepts=True))
    nudge(TUESDAY)
    for minutes in (30, 60, 90):
        slack.troubles.append(Trouble("status", method="conversations.history", status=503))
        assert nudge(TUESDAY + timedelta(minutes=minutes)).failed == ["amira"]
        assert nudges(sqlite_waiting)["amira"] == "unknown"
    assert nudge(TUESDAY + timedelta(hours=2)).sent == ["amira"]
    assert [post["channel"] for post in slack.posts] == ["DUAMIRA", "DUBEN"]


def test_a_short_wait_that_slack_asks_for_is_kept_and_a_long_one_left_to_the_next_run(
    sqlite_waiting: Desk, slack: FakeSlack
) -> None:
    sqlite_waiting.configure(policy=PATIENT)
    slack.troubles.append(Trouble("status", status=429, error="ratelimited", retry_after="0"))
    assert nudge(TUESDAY).sent == ["amira", "ben"]
    slack.troubles.append(Trouble("status", status=429, error="ratelimited", retry_after="300"))
    report = nudge(TUESDAY + timedelta(days=7))
    assert (report.sent, report.failed) == (["ben"], ["amira"])
    assert nudge(TUESDAY + timedelta(days=7, minutes=30)).sent == ["amira"]
    assert len(slack.posts) == 4


def test_an_address_that_slack_does_not_know_fails_for_that_owner_alone(sqlite_waiting: Desk, slack: FakeSlack) -> None:
    slack.people.discard("UAMIRA")
    report = nudge(TUESDAY)
    assert (report.sent, report.failed) == (["ben"], ["amira"])
    with reading(sqlite_waiting.store) as session:
        failed = session.scalars(select(Nudge).where(Nudge.recipient == "amira")).one()
    assert (failed.state, "user_not_found" in failed.error, TOKEN in failed.error) == ("failed", True, False)
    slack.people.add("UAMIRA")
    assert nudge(TUESDAY + timedelta(minutes=30)).sent == ["amira"]


def test_who_has_no_slack_id_is_written_to_the_folder(sqlite_waiting: Desk, slack: FakeSlack) -> None:
    sqlite_waiting.configure(policy=HASTY)
    for week in (1, 2, 3):
        nudge(TUESDAY + timedelta(days=7 * week))  # the owner, the deputy, and then the head, who is not on Slack
    assert {json.loads(path.read_text(encoding="utf-8"))["channel"] for path in written(sqlite_waiting)} == {
        "hana@northmere.example"
    }


def test_runs_at_once_send_one_message_to_each_owner(waiting: Desk, slack: FakeSlack) -> None:
    barrier = threading.Barrier(3)

    def run() -> list[str]:
        barrier.wait()
        return nudge(TUESDAY).sent

    with ThreadPoolExecutor(3) as pool:
        sent = [name for future in [pool.submit(run) for _ in range(3)] for name in future.result()]
    assert sorted(sent) == ["amira", "ben"]
    assert sorted(post["channel"] for post in slack.posts) == ["DUAMIRA", "DUBEN"]


def test_a_slow_run_does_not_make_its_later_claims_look_abandoned(
    sqlite_waiting: Desk, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Amira's message takes five minutes; while Ben's is on its way, another run must not take it for abandoned."""
    send, clock, others = SlackSender.send, [0.0], []

    def slowly(sender: SlackSender, message: Message, address: str) -> Receipt:
        clock[0] += 300.0
        if address == "UBEN":
            monkeypatch.setattr(SlackSender, "send", send)
            others.append(nudge(TUESDAY + timedelta(minutes=10, seconds=30)))
        return send(sender, message, address)

    monkeypatch.setattr(SlackSender, "send", slowly)
    monkeypatch.setattr(tasks.nudge, "monotonic", lambda: clock[0])
    assert nudge(TUESDAY + timedelta(minutes=5)).sent == ["amira", "ben"]
    assert (others[0].sent, others[0].being_sent) == ([], ["ben"])
    assert sorted(post["channel"] for post in slack.posts) == ["DUAMIRA", "DUBEN"]
    assert nudges(sqlite_waiting) == {"amira": "sent", "ben": "sent"}
