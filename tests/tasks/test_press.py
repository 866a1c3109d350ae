"""A press in Slack moves a loop once, for whoever may, as they saw it; everybody else is told why not (G9)."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from heardback.messages.listening import Worker, socket_client
from heardback.store import AccessEntry, Loop, Press
from heardback.store.session import reading, transaction
from tasks.listen import work_on
from tasks.nudge import nudge
from tests.council import exit_row
from tests.desk import Desk, problems_of
from tests.messages.presses import handed_in, pressed
from tests.messages.slack_server import TOKEN, FakeSlack
from tests.messages.slack_socket import SlackSocket
from tests.tasks.conftest import FREEZING, PIZZA, TUESDAY

pytestmark = pytest.mark.usefixtures("quick_gate")
LATER = TUESDAY + timedelta(hours=1)
DECIDED = {"outcome": "done", "wording": "We put a heater in."}


def post_to(slack: FakeSlack, channel: str) -> dict[str, Any]:
    return next(post for post in slack.posts if post["channel"] == channel)


def decide(slack: FakeSlack, user: str = "UAMIRA", at: datetime = LATER, **filled: str) -> dict[str, Any]:
    """Press 'Record decision' in Amira's digest and hand the form in; returns what was handed in."""
    work_on.run(pressed(post_to(slack, "DUAMIRA"), "heardback.decide", user), lambda: at)
    submission = handed_in(slack.forms[-1], user, **(filled or DECIDED))
    work_on.run(submission, lambda: at)
    return submission


def loop(desk: Desk, loop_uid: str = "L-0001") -> Loop:
    return desk.loop(loop_uid)


def test_a_decision_is_recorded_from_the_form_and_stands_in_the_message_afterwards(
    nudged: Desk, slack: FakeSlack
) -> None:
    decide(slack)
    found = loop(nudged)
    assert (found.state, found.outcome, found.wording, found.owner) == (
        "decided",
        "done",
        "We put a heater in.",
        "amira",
    )
    assert nudged.moves("L-0001") == ["open", "own", "decide"]
    assert slack.whispers[-1]["text"] == "L-0001: Decision recorded."
    assert slack.whispers[-1]["user"] == "UAMIRA"
    post = post_to(slack, "DUAMIRA")
    assert "Decided by Amira Sayed, 8 September" in json.dumps(post["blocks"])
    assert "heardback.decide" not in json.dumps(post["blocks"])
    assert len(slack.posts) == 2  # written anew where it stood, not sent again
    assert "zebra" not in json.dumps([slack.posts, slack.whispers, slack.forms])
    assert problems_of(nudged.store) == []


def test_a_press_delivered_twice_moves_once_and_is_answered_alike(nudged_anywhere: Desk, slack: FakeSlack) -> None:
    """Fault 15."""
    submission = decide(slack)
    said = slack.whispers[-1]["text"]
    work_on.run(submission, lambda: LATER + timedelta(minutes=5))
    assert nudged_anywhere.moves("L-0001") == ["open", "own", "decide"]
    assert slack.whispers[-1]["text"] == said
    assert nudged_anywhere.count(Press) == 1


def test_of_two_people_who_press_at_once_one_wins_and_the_other_is_told(
    nudged_anywhere: Desk, slack: FakeSlack
) -> None:
    """Fault 16: Ben is Amira's deputy, and looks at her message over her shoulder."""
    forms = []
    for user in ("UAMIRA", "UBEN"):
        work_on.run(pressed(post_to(slack, "DUAMIRA"), "heardback.decide", user), lambda: LATER)
        forms.append(handed_in(slack.forms[-1], user, **DECIDED))
    barrier = threading.Barrier(2)

    def hand_in(form: dict[str, Any]) -> str:
        barrier.wait()
        answer = work_on.run(form, lambda: LATER)
        assert answer
        return answer.text

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(hand_in, forms))
    assert said[0].startswith("L-0001 has changed since: it is decided, by ")
    assert said[1] == "L-0001: Decision recorded."
    assert nudged_anywhere.moves("L-0001") == ["open", "own", "decide"]


def test_a_press_on_a_message_that_is_out_of_date_is_refused_with_where_it_stands(
    nudged_anywhere: Desk, slack: FakeSlack
) -> None:
    """Fault 17."""
    work_on.run(pressed(post_to(slack, "DUAMIRA"), "heardback.decide", "UAMIRA"), lambda: LATER)
    form = slack.forms[-1]
    nudged_anywhere.move("L-0001", "own", owner="ben", at=TUESDAY)
    work_on.run(handed_in(form, "UAMIRA", **DECIDED), lambda: LATER)
    expected = "L-0001 has changed since: it is owned, by Dan Okafor on 8 September. Nothing was recorded."
    assert slack.whispers[-1]["text"] == expected
    assert loop(nudged_anywhere).state == "owned"
    assert nudged_anywhere.count(Press) == 0


@pytest.mark.parametrize(("user", "told"), [("UBEN", "not yours to make"), ("UNOBODY", "does not know you")])
def test_who_may_not_is_refused_whatever_message_they_press(
    nudged: Desk, slack: FakeSlack, user: str, told: str
) -> None:
    """Amira is put at a service of her own, so that Ben has no part in it any more."""
    services = [
        {"code": "yjs", "name": "Youth Justice", "owner": "amira", "deputy": "hana", "head": "hana"},
        {"code": "youth", "name": "Youth Clubs", "owner": "ben", "deputy": "ben", "head": "hana"},
    ]
    nudged.configure(services={"services": services})
    work_on.run(pressed(post_to(slack, "DUAMIRA"), "heardback.decide", "UAMIRA"), lambda: LATER)
    work_on.run(handed_in(slack.forms[-1], user, **DECIDED), lambda: LATER)
    assert told in slack.whispers[-1]["text"]
    assert loop(nudged).state == "heard"
    if user == "UBEN":
        with reading(nudged.store) as session:
            entry = session.scalars(select(AccessEntry)).one()
        assert (entry.actor, entry.wanted, entry.about, entry.allowed) == ("ben", "decide", "L-0001", False)


def as_seen_now(press: dict[str, Any], version: int) -> dict[str, Any]:
    """The same choice in a message that shows a later version of the loop."""
    value = json.dumps({"loop": "L-0001", "version": version, "does": "snooze"})
    again: dict[str, Any] = json.loads(json.dumps(press))
    again["actions"][0] |= {"action_ts": f"{version}.7", "selected_option": {"value": value}}
    return again


def test_snoozing_takes_a_reason_from_the_third_time_on(nudged: Desk, slack: FakeSlack) -> None:
    first = pressed(post_to(slack, "DUAMIRA"), "heardback.more", "UAMIRA", choice="snooze")
    presses = [first, as_seen_now(first, loop(nudged).version + 1), as_seen_now(first, loop(nudged).version + 2)]
    for press in presses[:2]:
        work_on.run(press, lambda: LATER)
    assert loop(nudged).snoozed_until == datetime(2026, 9, 11, tzinfo=UTC).date()  # three working days on
    assert slack.forms == []
    work_on.run(presses[2], lambda: LATER)
    assert slack.forms[-1]["callback_id"] == "heardback.snooze"
    work_on.run(handed_in(slack.forms[-1], "UAMIRA", reason="the panel meets on Friday"), lambda: LATER)
    assert nudged.moves("L-0001") == ["open", "snooze", "snooze", "snooze"]


def test_not_mine_gives_it_to_a_colleague_with_a_reason(nudged: Desk, slack: FakeSlack) -> None:
    work_on.run(pressed(post_to(slack, "DUAMIRA"), "heardback.more", "UAMIRA", choice="not_mine"), lambda: LATER)
    (select_owner,) = [block for block in slack.forms[-1]["blocks"] if block.get("block_id") == "owner"]
    assert [option["value"] for option in select_owner["element"]["options"]] == ["ben", "hana"]
    work_on.run(handed_in(slack.forms[-1], "UAMIRA", owner="ben", reason="Ben runs the room"), lambda: LATER)
    assert loop(nudged).owner == "ben"
    assert nudge(TUESDAY + timedelta(days=7)).recipients == {"ben": 2}


def test_waiting_for_others_stops_the_clock_and_is_shown_in_the_next_digest(nudged: Desk, slack: FakeSlack) -> None:
    nudged.pull(exit_row(1, FREEZING), exit_row(2, PIZZA, service="youth"), exit_row(3, "Fix the door"), name="b.csv")
    work_on.run(pressed(post_to(slack, "DUAMIRA"), "heardback.more", "UAMIRA", choice="pause"), lambda: LATER)
    filled = {"reason": "the police's panel", "until": "2026-09-22"}
    work_on.run(handed_in(slack.forms[-1], "UAMIRA", **filled), lambda: LATER)
    report = nudge(TUESDAY + timedelta(days=7))
    (paused,) = [item for item in report.explanations if item["loop"] == "L-0001"]
    assert (paused["verdict"], paused["why"]) == ("paused", "waits for others, its clock stands until 22 September")
    shown = [post["channel"] for post in slack.posts if "the clock stands: L-0001 until 22 Sep." in post["text"]]
    assert shown == ["DUAMIRA"]
    assert "police" not in json.dumps(slack.posts)


def test_a_pause_without_end_is_refused(nudged: Desk, slack: FakeSlack) -> None:
    work_on.run(pressed(post_to(slack, "DUAMIRA"), "heardback.more", "UAMIRA", choice="pause"), lambda: LATER)
    work_on.run(handed_in(slack.forms[-1], "UAMIRA", reason="for ever", until="2030-01-01"), lambda: LATER)
    assert "within 40 working days" in slack.whispers[-1]["text"]
    assert loop(nudged).paused_until is None


def test_what_slack_refuses_to_show_undoes_nothing(nudged: Desk, slack: FakeSlack) -> None:
    work_on.run(pressed(post_to(slack, "DUAMIRA"), "heardback.decide", "UAMIRA"), lambda: LATER)
    form = slack.forms[-1]
    slack.tokens.clear()
    work_on.run(handed_in(form, "UAMIRA", **DECIDED), lambda: LATER)
    assert loop(nudged).state == "decided"


@pytest.mark.parametrize(
    "payload",
    [{}, {"type": "block_actions"}, {"type": "block_actions", "actions": [{"action_id": "heardback.decide"}]},
     {"type": "view_submission", "view": {"callback_id": "heardback.decide", "private_metadata": "{"}},
     {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": "other", "value": "x"}]}],
)  # fmt: skip
def test_what_is_none_of_ours_or_broken_does_nothing(nudged: Desk, slack: FakeSlack, payload: dict[str, Any]) -> None:
    assert work_on.run(payload, lambda: LATER) is None


def test_over_the_socket_a_press_is_acknowledged_within_three_seconds_and_worked_on_though_the_database_is_slow(
    nudged: Desk, slack: FakeSlack
) -> None:
    """Fault 19: a writer holds the database while the form comes in."""
    with SlackSocket() as wire:
        slack.socket_url = wire.url
        worked = threading.Event()

        def handle(payload: Any) -> None:
            work_on.run(payload, lambda: LATER)
            worked.set()

        worker = Worker(handle)
        client = socket_client("xapp-made-up", TOKEN, worker, slack.base_url)
        client.connect()
        try:
            assert wire.connected.wait(10)
            opened = wire.hand_over(pressed(post_to(slack, "DUAMIRA"), "heardback.decide", "UAMIRA"))
            wire.acknowledged(opened)
            assert worked.wait(10)
            worked.clear()
            incomplete = wire.hand_over(handed_in(slack.forms[-1], "UAMIRA", outcome="cannot", wording="No."))
            assert wire.acknowledged(incomplete)[0]["errors"] == {"reason": "“We can't” needs its reason."}
            with transaction(nudged.store) as writer:
                writer.execute(text("UPDATE source_state SET last_error = last_error"))
                slow = wire.hand_over(handed_in(slack.forms[-1], "UAMIRA", **DECIDED))
                assert wire.acknowledged(slow)[1] < 3.0
                assert not worked.is_set()
            assert worked.wait(20)
        finally:
            client.close()
            worker.close()
    assert loop(nudged).state == "decided"
