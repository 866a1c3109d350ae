"""A safeguarding alert goes out at once, to the right people, and again until somebody takes it (G5, faults 48, 50)."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from heardback.errors import NotAllowed
from tasks.alert import alert, take
from tasks.listen import work_on
from tasks.safeguarding import read_loop, settle_reading
from tests.council import SERVICES, exit_row
from tests.desk import Desk
from tests.factories import LEAD
from tests.messages.presses import pressed
from tests.messages.slack_server import FakeSlack, Trouble
from tests.messages.smtp_server import FakeMail
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
WEDNESDAY = datetime(2026, 9, 9, 9, 12, tzinfo=UTC)  # 10:12 in London
HARM = "he hits me when mum is out zebra"
MINUTE = timedelta(minutes=1)
PEOPLE = {
    **SERVICES["people"],
    "ruth": {**SERVICES["people"]["ruth"], "slack": "URUTH"},
    "hana": {**SERVICES["people"]["hana"], "slack": "UHANA"},
    "duty": {"name": "Duty line", "role": "Out of hours", "email": "duty@northmere.example", "slack": "UDUTY"},
}


@pytest.fixture
def slack(slack: FakeSlack) -> FakeSlack:
    """Whom an alert may go to is there too."""
    slack.people |= {"URUTH", "UHANA", "UDUTY"}
    return slack


@pytest.fixture
def held(sqlite_desk: Desk, slack: FakeSlack, ready_made: ReadyMade) -> Desk:
    """L-0001 is held back on a Wednesday morning; L-0002 is a wish."""
    return ready_made.fill(sqlite_desk, _held)


@pytest.fixture
def held_anywhere(desk: Desk, slack: FakeSlack, ready_made: ReadyMade) -> Desk:
    """The same on either database: for what rests on keys, locks and conditional updates."""
    return ready_made.fill(desk, _held)


def _held(desk: Desk) -> Desk:
    desk.configure(services={"people": PEOPLE, "safeguarding_duty": "duty"})
    desk.pull(exit_row(1, HARM), exit_row(2, "the room is freezing"), at=WEDNESDAY)
    return desk


def told(slack: FakeSlack) -> list[str]:
    return [post["channel"] for post in slack.posts]


def test_the_lead_alone_is_told_at_once_of_a_number_and_a_time_and_nothing_else(held: Desk, slack: FakeSlack) -> None:
    report = alert(WEDNESDAY + 4 * MINUTE)
    assert (report.sent, report.waiting) == (["ruth"], ["L-0001"])
    (post,) = slack.posts
    assert post["channel"] == "DURUTH"
    assert post["text"].split("\n") == [
        "Safeguarding review needed",
        "L-0001: waiting 4 minutes, to be opened by 11:12",
        "No details are shown here. If a child may be in danger now, call 999.",
    ]
    assert "call 999" in json.dumps(post["blocks"])  # who sees the blocks is not shown the text
    assert not any(word in json.dumps(post) for word in ("zebra", "Youth Justice", "yjs", "hits"))


def test_several_who_look_at_once_send_one_alert(held_anywhere: Desk, slack: FakeSlack) -> None:
    """`heardback listen` beside a scheduled `alert`, or two of them."""
    barrier = threading.Barrier(3)

    def look() -> list[str]:
        barrier.wait()
        return alert(WEDNESDAY).sent

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(lambda _: look(), range(3))) == [[], [], ["ruth"]]
    assert told(slack) == ["DURUTH"]


def test_50_a_silent_lead_is_told_again_then_the_deputy_then_the_duty_line(held: Desk, slack: FakeSlack) -> None:
    """Repeats each half hour; one more person with each hour that nobody opens it."""
    for minutes in range(0, 150, 5):
        alert(WEDNESDAY + minutes * MINUTE)
    assert told(slack) == [
        "DURUTH",  # at once
        "DURUTH",  # after 30 minutes
        "DUHANA", "DURUTH",  # 60: the deputy too
        "DUHANA", "DURUTH",  # 90
        "DUDUTY", "DUHANA", "DURUTH",  # 120: the duty line too
    ]  # fmt: skip


def test_in_doubt_by_slack_it_goes_by_e_mail_at_once(
    held: Desk, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Better twice than not at all; a digest would wait for the next run."""
    monkeypatch.setenv("HEARDBACK_MAIL_FROM", "heardback@northmere.example")
    with FakeMail() as mail:
        monkeypatch.setenv("HEARDBACK_SMTP_URL", mail.url)
        slack.troubles.append(Trouble("drop", accepts=True))
        assert alert(WEDNESDAY).sent == ["ruth"]
        assert (told(slack), [letter["To"] for letter in mail.letters]) == (["DURUTH"], ["ruth@northmere.example"])


@pytest.mark.parametrize("opened", ["read", "settle"])
def test_whoever_opens_it_ends_the_alerts(held: Desk, slack: FakeSlack, opened: str) -> None:
    alert(WEDNESDAY)
    if opened == "read":
        read_loop("L-0001", "ruth", WEDNESDAY + 9 * MINUTE)
    else:
        settle_reading("L-0001", "ruth", "needs_more", WEDNESDAY + 9 * MINUTE, reference="R-1")
    assert alert(WEDNESDAY + 300 * MINUTE).waiting == []
    assert told(slack) == ["DURUTH"]


def test_whoever_takes_it_has_an_hour_and_is_then_asked_again_with_the_next(held: Desk, slack: FakeSlack) -> None:
    alert(WEDNESDAY)
    work_on.run(pressed(slack.posts[0], "heardback.acknowledge", "URUTH"), lambda: WEDNESDAY + 5 * MINUTE)
    assert "Ruth Abara will review it" in json.dumps(slack.posts[0]["blocks"])
    assert slack.whispers[-1]["text"] == "L-0001: yours to review."
    for minutes in range(6, 65, 5):
        alert(WEDNESDAY + minutes * MINUTE)
    assert told(slack) == ["DURUTH"]
    alert(WEDNESDAY + 66 * MINUTE)
    assert told(slack) == ["DURUTH", "DUHANA", "DURUTH"]


def test_passed_to_the_deputy_it_is_the_deputys_at_once(held_anywhere: Desk, slack: FakeSlack) -> None:
    alert(WEDNESDAY)
    work_on.run(pressed(slack.posts[0], "heardback.pass_on", "URUTH"), lambda: WEDNESDAY + 5 * MINUTE)
    alert(WEDNESDAY + 6 * MINUTE)
    assert told(slack) == ["DURUTH", "DUHANA"]


@pytest.mark.parametrize("who", ["amira", "priya", "dee"])
def test_nobody_else_takes_it(held: Desk, who: str) -> None:
    with pytest.raises(NotAllowed):
        take(["L-0001"], who, WEDNESDAY)
    assert alert(WEDNESDAY).sent == ["ruth"]


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 9, 12, 10, 0, tzinfo=UTC),  # a Saturday
        datetime(2026, 9, 9, 21, 0, tzinfo=UTC),  # an evening
        datetime(2026, 12, 25, 10, 0, tzinfo=UTC),  # a bank holiday
    ],
)
def test_out_of_hours_the_duty_line_is_told_first(sqlite_desk: Desk, slack: FakeSlack, at: datetime) -> None:
    sqlite_desk.configure(services={"people": PEOPLE, "safeguarding_duty": "duty"})
    sqlite_desk.pull(exit_row(1, HARM), at=at)
    assert alert(at).sent == ["duty"]


def test_what_accuses_a_services_staff_goes_past_all_its_people(held: Desk, slack: FakeSlack) -> None:
    """Hana heads the service and is the deputy of safeguarding: she is never told, however long nobody answers."""
    held.move("L-0001", "keep_from_service", LEAD, at=WEDNESDAY, reason="names a worker")
    for minutes in range(0, 200, 10):
        alert(WEDNESDAY + minutes * MINUTE)
    assert set(told(slack)) == {"DURUTH", "DUDUTY"}


def test_everything_that_waits_is_one_message_and_a_later_one_does_not_wait_for_the_next_round(
    held: Desk, slack: FakeSlack
) -> None:
    held.pull(exit_row(1, HARM), exit_row(2, "the room is freezing"), exit_row(3, "she hits me"),
              exit_row(4, "my uncle hits me"), name="b.csv", at=WEDNESDAY)  # fmt: skip
    alert(WEDNESDAY)
    (post,) = slack.posts
    assert post["text"].startswith("Safeguarding review needed: 3 loops")
    held.pull(exit_row(1, HARM), exit_row(2, "the room is freezing"), exit_row(3, "she hits me"),
              exit_row(4, "my uncle hits me"), exit_row(5, "he hits me too"), name="c.csv",
              at=WEDNESDAY + 3 * MINUTE)  # fmt: skip
    alert(WEDNESDAY + 4 * MINUTE)
    assert len(slack.posts) == 2
    assert slack.posts[1]["text"].startswith("Safeguarding review needed\nL-0005")


@pytest.mark.parametrize("trouble", [Trouble("drop"), Trouble("status", status=500), Trouble("refuse", error="x")])
def test_an_alert_that_may_not_have_arrived_is_sent_again_at_the_next_look(
    held_anywhere: Desk, slack: FakeSlack, trouble: Trouble
) -> None:
    """At least once (G5): in doubt it is sent again, unlike a digest."""
    slack.troubles.append(trouble)
    assert alert(WEDNESDAY).failed == ["ruth"]
    assert alert(WEDNESDAY + MINUTE).sent == ["ruth"]


def test_holding_everything_until_it_was_read_alarms_for_what_the_list_found_alone(
    sqlite_desk: Desk, slack: FakeSlack
) -> None:
    sqlite_desk.configure(services={"people": PEOPLE}, policy={"screening": {"hold": "all"}})
    sqlite_desk.pull(exit_row(1, HARM), exit_row(2, "the room is freezing"), at=WEDNESDAY)
    assert sqlite_desk.states() == ["withheld", "withheld"]
    assert alert(WEDNESDAY).waiting == ["L-0001"]
