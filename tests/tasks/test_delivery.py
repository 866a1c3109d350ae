"""When one way fails: what is tried next, what is never sent twice, what is listed (faults 8–14, 29, 30, 47, 51)."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

import tasks.ways
from heardback.domain.nudging.plan import nudge_uid
from heardback.errors import NotAllowed, SanityStop
from heardback.messages.slack import SlackSender
from heardback.store import Nudge, NudgedLoop, OutboxEvent
from heardback.store.nudges import Claim, Line, claim
from heardback.store.session import reading, transaction
from tasks.nudge import nudge
from tasks.sign_in import redeem, sign_in_link
from tasks.workplace import open_workplace
from tests.council import SERVICES
from tests.desk import Desk
from tests.messages.slack_server import TOKEN, FakeSlack, Trouble
from tests.messages.smtp_server import FakeMail
from tests.tasks.conftest import TUESDAY

pytestmark = pytest.mark.usefixtures("quick_gate")
HALF_AN_HOUR = timedelta(minutes=30)
LINKED = {"link_base": "https://heardback.example"}


@pytest.fixture
def waiting(sqlite_waiting: Desk) -> Desk:
    return sqlite_waiting


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMail]:
    with FakeMail() as server:
        monkeypatch.setenv("HEARDBACK_SMTP_URL", server.url)
        monkeypatch.setenv("HEARDBACK_MAIL_FROM", "heardback@northmere.example")
        monkeypatch.setenv("HEARDBACK_SECRET_LINK_KEY", "made-up-for-these-tests")
        yield server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second for each answer, so that a server that hangs is given up on quickly."""

    class Impatient(SlackSender):
        def __init__(self, token: str, base_url: str = "") -> None:
            super().__init__(token, base_url, timeout_seconds=1)

    monkeypatch.setattr("heardback.messages.slack.SlackSender", Impatient)
    assert tasks.ways


def states(desk: Desk) -> dict[str, tuple[str, str]]:
    with reading(desk.store) as session:
        return {one.recipient: (one.state, one.via) for one in session.scalars(select(Nudge))}


def to(slack: FakeSlack) -> list[str]:
    return sorted(post["channel"] for post in slack.posts)


def events(desk: Desk) -> list[str]:
    with reading(desk.store) as session:
        return [name for name in session.scalars(select(OutboxEvent.name)) if name == "delivery.refused"]


@pytest.mark.parametrize("kind", ["drop", "reset", "hang"])
@pytest.mark.parametrize("accepts", [True, False])
def test_8_9_whatever_becomes_of_the_connection_there_is_one_message(
    waiting: Desk, slack: FakeSlack, impatient: None, kind: str, accepts: bool
) -> None:
    slack.troubles.append(Trouble(kind, accepts=accepts))
    assert nudge(TUESDAY).failed == ["amira"]
    assert states(waiting)["amira"] == ("unknown", "slack")
    slack.release.set()
    assert nudge(TUESDAY + HALF_AN_HOUR).sent == ["amira"]
    assert nudge(TUESDAY + 2 * HALF_AN_HOUR).sent == []
    assert to(slack) == ["DUAMIRA", "DUBEN"]


@pytest.mark.parametrize("status", [500, 503])
def test_11_what_slack_says_is_its_own_fault_is_tried_again_and_in_the_end_goes_by_e_mail(
    waiting: Desk, slack: FakeSlack, mail: FakeMail, status: int
) -> None:
    """The fourth attempt in vain (fall_back_after) is the last by Slack; each looked in the history before."""
    waiting.configure(policy={"nudge": {"deputy_after": 50, "head_after": 60, "board_after": 70}})
    for number in range(3):
        slack.troubles.append(Trouble("status", status=status, method="conversations.open"))
        assert nudge(TUESDAY + number * HALF_AN_HOUR).failed == ["amira"]
        assert mail.letters == []
    slack.troubles.append(Trouble("status", status=status, method="conversations.open"))
    assert nudge(TUESDAY + 3 * HALF_AN_HOUR).sent == ["amira"]
    assert states(waiting)["amira"] == ("sent", "email")
    assert [letter["To"] for letter in mail.letters] == ["amira@northmere.example"]
    assert to(slack) == ["DUBEN"]


def test_12_an_address_that_slack_does_not_know_goes_by_e_mail_at_once_and_is_answered_by_a_link_that_opens_once(
    waiting_anywhere: Desk, slack: FakeSlack, mail: FakeMail
) -> None:
    waiting_anywhere.configure(policy=LINKED)
    slack.people.discard("UAMIRA")
    assert nudge(TUESDAY).sent == ["amira", "ben"]
    (letter,) = mail.letters
    plain, page = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert letter["Subject"] == "1 loop waiting for you"
    assert "L-0001" in plain
    assert "L-0001" in page
    assert "zebra" not in plain + page
    (link,) = [line for line in plain.splitlines() if line.startswith("https://heardback.example/sign-in/")]
    assert f'href="{link}"' in page
    token = link.rpartition("/")[2]
    assert redeem(token, TUESDAY + HALF_AN_HOUR)["person"] == "amira"
    for used_up in (token, token[:-9] + "x" * 9, "made-up"):
        with pytest.raises(NotAllowed, match="does not open anything"):
            redeem(used_up, TUESDAY + HALF_AN_HOUR)


def test_of_several_who_press_the_button_of_one_link_at_once_one_is_let_in(
    waiting_anywhere: Desk, mail: FakeMail
) -> None:
    waiting_anywhere.configure(policy=LINKED)
    with open_workplace() as work:
        token = sign_in_link(work, "amira", "digest-1", TUESDAY).rpartition("/")[2]
    barrier = threading.Barrier(4)

    def press() -> str:
        barrier.wait()
        try:
            return redeem(token, TUESDAY)["person"]
        except NotAllowed:
            return "refused"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: press(), range(4))) == ["amira", "refused", "refused", "refused"]


def test_a_link_does_not_open_after_a_week(waiting: Desk, mail: FakeMail) -> None:
    waiting.configure(policy=LINKED)
    nudge(TUESDAY)
    plain = mail.letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (link,) = [line for line in plain.splitlines() if "/sign-in/" in line]
    with pytest.raises(NotAllowed):
        redeem(link.rpartition("/")[2], TUESDAY + timedelta(days=7, seconds=1))


def test_12_where_no_way_is_left_the_loops_stand_on_the_exception_list_until_one_works(
    waiting: Desk, slack: FakeSlack, mail: FakeMail
) -> None:
    slack.people.discard("UAMIRA")
    mail.troubles.append("refuse")
    report = nudge(TUESDAY)
    assert (report.sent, report.failed, report.unreachable) == (["ben"], ["amira"], ["amira"])
    assert report.exceptions == ["L-0001"]
    slack.people.add("UAMIRA")
    later = nudge(TUESDAY + HALF_AN_HOUR)
    assert (later.sent, later.exceptions, later.unreachable) == (["amira"], [], [])


def test_who_has_e_mail_alone_is_told_also_where_nudging_runs_once_a_day(waiting: Desk, mail: FakeMail) -> None:
    """Hours without a run look like a restored backup (fault 47), and nobody can look into a mailbox."""
    assert nudge(TUESDAY - timedelta(days=1)).sent == []
    assert nudge(TUESDAY).sent == ["amira", "ben"]
    assert nudge(TUESDAY + timedelta(hours=3)).sent == []
    assert [letter["To"] for letter in mail.letters] == ["amira@northmere.example", "ben@northmere.example"]


def test_a_run_killed_before_it_tried_any_way_is_made_up_for_by_e_mail(waiting: Desk, mail: FakeMail) -> None:
    """G4 without a loss: the way is on record before it is tried, so nothing can have gone out."""
    lines = [Line("L-0001", 1, "owner")]
    with transaction(waiting.store) as session:
        uid = nudge_uid("digest", "amira", "2026-W37")
        claim(session, Claim(uid, "digest", "amira", "2026-W37", lines), TUESDAY)
    assert nudge(TUESDAY + HALF_AN_HOUR).sent == ["amira", "ben"]
    assert len(mail.letters) == 2


def test_an_e_mail_in_doubt_is_not_sent_again_in_its_window(waiting: Desk, mail: FakeMail) -> None:
    mail.troubles += ["drop"]
    assert nudge(TUESDAY).failed == ["amira"]
    for number in (1, 2, 3):
        assert nudge(TUESDAY + number * HALF_AN_HOUR).failed == ["amira"]
    assert [letter["To"] for letter in mail.letters] == ["amira@northmere.example", "ben@northmere.example"]


@pytest.mark.parametrize("trouble", ["later", "refuse"])
def test_an_e_mail_that_was_certainly_refused_may_be_sent_again(waiting: Desk, mail: FakeMail, trouble: str) -> None:
    mail.troubles.append(trouble)
    assert nudge(TUESDAY).failed == ["amira"]
    assert nudge(TUESDAY + HALF_AN_HOUR).sent == ["amira"]
    assert len(mail.letters) == 2


def test_13_a_revoked_token_raises_one_alarm_asks_slack_once_and_loses_no_loop(
    waiting_anywhere: Desk, slack: FakeSlack
) -> None:
    slack.tokens.clear()
    for number in range(3):
        slack.calls.clear()
        assert nudge(TUESDAY + number * HALF_AN_HOUR).failed == ["amira", "ben"]
        assert slack.calls == ["conversations.open"]
    assert events(waiting_anywhere) == ["delivery.refused"]
    slack.tokens.add(TOKEN)
    assert nudge(TUESDAY + 3 * HALF_AN_HOUR).sent == ["amira", "ben"]
    slack.tokens.clear()
    nudge(TUESDAY + timedelta(days=7))
    assert events(waiting_anywhere) == ["delivery.refused"] * 2


def test_47_after_a_restored_backup_nothing_of_this_window_is_sent_again_nor_of_a_past_one(
    waiting_anywhere: Desk, slack: FakeSlack
) -> None:
    """The backup is of Monday: no claim of Tuesday's stands in it, and the last run that it knows is a day old."""
    nudge(TUESDAY - timedelta(days=1))
    nudge(TUESDAY)
    assert to(slack) == ["DUAMIRA", "DUBEN"]
    with transaction(waiting_anywhere.store) as session:
        session.execute(delete(NudgedLoop))
        session.execute(delete(Nudge))
        session.connection().exec_driver_sql("UPDATE mark SET at = '2026-09-07 10:00:00.000000'")
    assert nudge(TUESDAY + HALF_AN_HOUR).sent == ["amira", "ben"]  # found there, and marked
    assert to(slack) == ["DUAMIRA", "DUBEN"]
    with pytest.raises(SanityStop):
        nudge(TUESDAY - timedelta(days=7))


@pytest.mark.parametrize("days", [366, -366])
def test_29_a_clock_that_is_a_year_out_tells_nobody_anything(waiting: Desk, slack: FakeSlack, days: int) -> None:
    nudge(TUESDAY - timedelta(days=1))
    with pytest.raises(SanityStop, match="nobody was told anything"):
        nudge(TUESDAY + timedelta(days=days))
    assert slack.posts == []
    assert nudge(TUESDAY + timedelta(days=364), clock_is_right=True).sent  # told one rung, however long overdue
    assert {json.loads(post["metadata"])["event_payload"]["key"][:6] if isinstance(post["metadata"], str)
            else post["metadata"]["event_payload"]["key"][:6] for post in slack.posts} <= {"digest"}  # fmt: skip


def test_51_the_loops_of_an_owner_who_left_go_to_who_answers_now_and_are_not_lost(
    waiting: Desk, slack: FakeSlack
) -> None:
    waiting.move("L-0001", "own", owner="amira", at=TUESDAY)
    services = [dict(service) for service in SERVICES["services"]]
    services[0] |= {"owner": "hana", "deputy": "ben"}
    services[1] |= {"deputy": "hana"}
    people = {code: person for code, person in SERVICES["people"].items() if code != "amira"}
    path = waiting.folder / "config" / "services.yaml"
    import yaml

    path.write_text(yaml.safe_dump({**SERVICES, "people": people, "services": services}), encoding="utf-8")
    report = nudge(TUESDAY)
    assert report.recipients == {"ben": 1, "hana": 1}
    (told,) = [item for item in report.explanations if item["loop"] == "L-0001"]
    assert (told["verdict"], told["to"]) == ("told", ["hana"])


def test_30_who_is_on_a_short_leave_is_told_when_they_are_back_and_in_a_long_one_somebody_stands_in(
    waiting: Desk, slack: FakeSlack
) -> None:
    away = {"first": "2026-09-07", "last": "2026-09-09"}
    waiting.configure(
        services={"people": {**SERVICES["people"], "amira": {**SERVICES["people"]["amira"], "away": [away]}}}
    )
    report = nudge(TUESDAY)
    (held,) = [item for item in report.explanations if item["loop"] == "L-0001"]
    assert (report.sent, held["verdict"]) == (["ben"], "away")
    assert held["why"] == "amira is away until 10 September, and told then"
    assert nudge(TUESDAY + timedelta(days=2)).sent == ["amira"]
    long = {"first": "2026-09-11", "last": "2026-09-30"}
    waiting.configure(
        services={"people": {**SERVICES["people"], "amira": {**SERVICES["people"]["amira"], "away": [long]}}}
    )
    assert nudge(TUESDAY + timedelta(days=7)).recipients == {"ben": 2}


def test_nobody_climbs_past_a_rung_that_was_not_told(waiting: Desk, slack: FakeSlack) -> None:
    """The owner first, a window later the deputy, then the head, then the board's list, however overdue it is."""
    waiting.configure(policy={"nudge": {"deputy_after": 1, "head_after": 1, "board_after": 1}})
    late = TUESDAY + timedelta(days=35)
    climbed = []
    for week in range(4):
        report = nudge(late + timedelta(days=7 * week))
        (item,) = [one for one in report.explanations if one["loop"] == "L-0001"]
        climbed.append((item["to"], "L-0001" in report.exceptions))
        again = nudge(late + timedelta(days=7 * week, hours=1))  # planned again in the same window: no higher
        assert [one for one in again.explanations if one["loop"] == "L-0001"] == [item]
    assert climbed == [(["amira"], False), (["amira", "ben"], False), (["amira", "hana"], False), (["amira"], True)]


def test_the_folder_is_used_where_nothing_else_is_set_up(waiting: Desk) -> None:
    nudge(TUESDAY)
    assert len(list(Path(waiting.folder / "home" / "outbox").glob("*.json"))) == 2
    assert set(states(waiting).values()) == {("sent", "folder")}
