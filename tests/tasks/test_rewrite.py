"""An act anywhere rewrites the messages that name its loop, where they stand, and nobody is told anew (G9, G16)."""

import json
import os
import re
import signal
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

import tasks.rewrite
from heardback.domain.lifecycle import Role
from heardback.ledger import SYSTEM, Actor
from heardback.messages.message import Message, Receipt
from heardback.messages.slack import SlackSender
from heardback.store import Nudge, OutboxEvent
from heardback.store.matches import propose
from heardback.store.nudges import ABANDONED_AFTER
from heardback.store.session import reading, transaction
from tasks.alert import alert, take
from tasks.listen import watch, web_app, work_on
from tasks.loops import By, move_loop
from tasks.nudge import nudge
from tasks.rewrite import rewrite_messages
from tasks.safeguarding import read_loop, settle_reading
from tasks.sign_in import sign_in_link
from tasks.workplace import open_workplace
from tests.council import SERVICES, change_row, exit_row
from tests.desk import Desk
from tests.factories import LEAD
from tests.journeys.forking import exit_code_of
from tests.messages.presses import handed_in, pressed
from tests.messages.slack_server import TOKEN, FakeSlack, Trouble
from tests.ready_made import ReadyMade
from tests.tasks.conftest import TUESDAY, two_loops

pytestmark = pytest.mark.usefixtures("quick_gate")
MINUTE = timedelta(minutes=1)
LATER = TUESDAY + 60 * MINUTE
FORM = {"outcome": "done", "wording": "We put a heater in."}


@pytest.fixture
def climbed(sqlite_desk: Desk, slack: FakeSlack) -> Desk:
    """Amira's loop has climbed to her deputy, who is Ben, and his to his, who is Amira."""
    sqlite_desk.configure(policy={"nudge": {"deputy_after": 1, "head_after": 50, "board_after": 70}})
    two_loops(sqlite_desk)
    nudge(TUESDAY)
    nudge(TUESDAY + timedelta(days=7))
    nudge(TUESDAY + timedelta(days=14))
    return sqlite_desk


def decide(at: datetime = LATER) -> None:
    """By the command line, and not in Slack."""
    move_loop("L-0001", "decide", By("amira"), at, **FORM)


def newest(slack: FakeSlack, channel: str, kind: str = "") -> dict[str, Any]:
    """The newest message in a channel, of a kind where one is named."""
    return [post for post in slack.posts if post["channel"] == channel and f"{kind}-" in json.dumps(post["metadata"])][
        -1
    ]


def standing(slack: FakeSlack, channel: str, kind: str = "") -> str:
    """All that stands in it."""
    post = newest(slack, channel, kind)
    return json.dumps([post["text"], post["blocks"]], ensure_ascii=False)


def updated(slack: FakeSlack) -> list[str]:
    return [update["channel"] for update in slack.updates]


def test_a_decision_made_elsewhere_stands_in_the_message_and_takes_its_buttons_away(
    nudged_anywhere: Desk, slack: FakeSlack
) -> None:
    assert rewrite_messages(LATER) == 0  # nothing has moved
    decide()
    assert rewrite_messages(LATER) == 1
    assert updated(slack) == ["DUAMIRA"]
    shown = standing(slack, "DUAMIRA")
    assert "Decided by Amira Sayed, 8 September" in shown
    assert "Your loops: 0 waiting, 1 done" in shown
    assert "heardback.decide" not in shown
    assert rewrite_messages(LATER + MINUTE) == 0  # and that is all
    assert (len(slack.posts), updated(slack)) == (2, ["DUAMIRA"])
    assert "zebra" not in json.dumps([slack.posts, slack.updates])


def test_a_loop_that_only_gained_a_voice_keeps_its_buttons_and_can_be_pressed_again(
    nudged: Desk, slack: FakeSlack
) -> None:
    """The version on a button is the one that its reader saw; an older one would be refused."""
    nudged.move("L-0001", "describe", Actor("amira", Role.SERVICE_MANAGER), LATER, title="A warm room")
    assert rewrite_messages(LATER) == 1
    assert "A warm room" in standing(slack, "DUAMIRA")
    (post,) = [post for post in slack.posts if post["channel"] == "DUAMIRA"]
    work_on.run(pressed(post, "heardback.decide", "UAMIRA"), lambda: LATER)
    work_on.run(handed_in(slack.forms[-1], "UAMIRA", **FORM), lambda: LATER)
    assert slack.whispers[-1]["text"] == "L-0001: Decision recorded."


def test_a_press_rewrites_what_others_were_told_of_the_same_loop_too(climbed: Desk, slack: FakeSlack) -> None:
    assert "has not moved and may need you" in standing(slack, "DUBEN", "escalation")
    work_on.run(
        pressed(newest(slack, "DUAMIRA", "digest"), "heardback.decide", "UAMIRA"),
        lambda: TUESDAY + timedelta(days=14, hours=1),
    )
    form = handed_in(slack.forms[-1], "UAMIRA", **FORM)
    work_on.run(form, lambda: TUESDAY + timedelta(days=14, hours=1))
    assert "Decided by Amira Sayed" in standing(slack, "DUBEN", "escalation")
    assert "heardback.chase" not in standing(slack, "DUBEN", "escalation")
    assert set(updated(slack)) == {"DUAMIRA", "DUBEN"}


def test_what_still_waits_in_an_escalation_keeps_the_escalations_own_buttons(climbed: Desk, slack: FakeSlack) -> None:
    climbed.move("L-0001", "join", SYSTEM, TUESDAY + timedelta(days=14), voices=1)
    rewrite_messages(TUESDAY + timedelta(days=14, hours=1))
    shown = standing(slack, "DUBEN", "escalation")
    assert "Loops that had not moved: 1 waiting, 0 done" in shown
    assert "heardback.chase" in shown
    assert "Why you: you are the owner" in shown


def test_chased_by_somebody_above_it_is_still_its_owners_to_answer(climbed: Desk, slack: FakeSlack) -> None:
    at = TUESDAY + timedelta(days=14, hours=1)
    climbed.move("L-0001", "chase", Actor("Ben Roe", Role.SERVICE_MANAGER), at, until=(at + timedelta(7)).date())
    rewrite_messages(at)
    assert "Being chased by Ben Roe, 22 September" in standing(slack, "DUBEN", "escalation")
    assert "heardback.decide" in standing(slack, "DUAMIRA", "digest")


def test_a_loop_that_is_held_back_since_says_nothing_of_itself(nudged: Desk, slack: FakeSlack) -> None:
    nudged.move("L-0001", "describe", Actor("amira", Role.SERVICE_MANAGER), LATER, title="A warm room")
    nudged.move("L-0001", "withhold", LEAD, LATER, reason="read: needs_more")
    rewrite_messages(LATER)
    shown = standing(slack, "DUAMIRA")
    assert "L-0001\\nNothing is waiting here any more" in shown
    assert not any(word in shown for word in ("warm", LEAD.name, "heardback.decide"))


def test_what_became_of_a_loop_in_another_service_is_not_told_to_whom_it_was_taken_from(
    nudged: Desk, slack: FakeSlack
) -> None:
    services = [{**service, "deputy": "hana", "head": "hana"} for service in SERVICES["services"]]
    nudged.configure(services={"services": services})
    move_loop("L-0001", "reassign", By("amira"), LATER, reason="theirs", service="youth")
    rewrite_messages(LATER)
    assert "Passed on by Amira Sayed" in standing(slack, "DUAMIRA")
    move_loop("L-0001", "decide", By("ben"), LATER, **FORM)
    rewrite_messages(LATER)
    assert "Nothing is waiting here any more" in standing(slack, "DUAMIRA")
    assert "Ben" not in standing(slack, "DUAMIRA")


def test_what_accuses_staff_since_says_nothing_to_them_whoever_has_it_now(nudged: Desk, slack: FakeSlack) -> None:
    nudged.move("L-0001", "describe", Actor("amira", Role.SERVICE_MANAGER), LATER, title="A warm room")
    nudged.move("L-0001", "keep_from_service", LEAD, LATER, reason="about staff")
    nudged.move("L-0001", "reassign", Actor("Ruth Abara", Role.SERVICE_MANAGER), LATER, owner="ruth", reason="hers")
    rewrite_messages(LATER)
    shown = standing(slack, "DUAMIRA")
    assert "L-0001\\nNothing is waiting here any more" in shown
    assert not any(word in shown for word in ("warm", "Ruth", LEAD.name))


def test_the_rest_of_a_digest_keeps_its_possible_answers_and_says_how_many_more_there_are(
    sqlite_desk: Desk, slack: FakeSlack
) -> None:
    sqlite_desk.configure(policy={"nudge": {"digest_cap": 2}})
    heard = ("The room is freezing", "More pizza please", "Fix the front door")
    sqlite_desk.pull(*(exit_row(number, said) for number, said in enumerate(heard, 1)), at=TUESDAY)
    sqlite_desk.pull(change_row(77, Date="2026-09-05"), feed="log", at=TUESDAY)
    likely = {"loop_uid": "L-0001", "change_uid": "log:77", "comment_uid": "c", "probability": 0.9, "score": 1.0,
              "band": "likely", "reasons": [], "matcher": "m", "features": []}  # fmt: skip
    with transaction(sqlite_desk.store) as session:
        propose(session, [likely], TUESDAY)
    nudge(TUESDAY)
    move_loop("L-0002", "decide", By("amira"), LATER, **FORM)
    assert rewrite_messages(LATER) == 1
    shown = standing(slack, "DUAMIRA")
    assert "Your loops: 2 waiting, 1 done" in shown
    assert "and 1 more" in shown
    assert "heardback.match.yes" in shown


@pytest.fixture
def counted(sqlite_desk: Desk, slack: FakeSlack) -> Desk:
    """Amira's digest shows L-0001 and counts two more, which she alone may see of her service."""
    services = [{**service, "deputy": "hana", "head": "hana"} for service in SERVICES["services"]]
    sqlite_desk.configure(policy={"nudge": {"digest_cap": 1}}, services={"services": services})
    heard = ("The room is freezing", "More pizza please", "Fix the front door")
    sqlite_desk.pull(*(exit_row(number, said) for number, said in enumerate(heard, 1)), at=TUESDAY)
    assert nudge(TUESDAY).sent == ["amira"]
    assert "and 2 more" in standing(slack, "DUAMIRA")
    return sqlite_desk


@pytest.mark.parametrize("how", ["decided", "given to another service", "held back", "put off"])
def test_how_many_more_there_are_is_right_whichever_of_them_moves(counted: Desk, slack: FakeSlack, how: str) -> None:
    if how == "decided":
        move_loop("L-0003", "decide", By("amira"), LATER, **FORM)
    if how == "given to another service":
        move_loop("L-0003", "reassign", By("amira"), LATER, reason="theirs", service="youth")
    if how == "held back":
        counted.move("L-0003", "withhold", LEAD, LATER, reason="read: needs_more")
    if how == "put off":
        move_loop("L-0003", "snooze", By("amira"), LATER, until=(LATER + timedelta(days=3)).date())
    assert rewrite_messages(LATER) == 1
    shown = standing(slack, "DUAMIRA")
    assert "Your loops: 2 waiting, 0 done" in shown
    assert "and 1 more" in shown
    assert "See all 2" in shown
    assert "L-0003" not in shown
    assert rewrite_messages(LATER + MINUTE) == 0


def test_the_text_for_ears_says_how_many_more_there_are_too(counted: Desk, slack: FakeSlack) -> None:
    move_loop("L-0003", "decide", By("amira"), LATER, **FORM)
    rewrite_messages(LATER)
    assert "and 1 more" in newest(slack, "DUAMIRA")["text"]


def test_a_short_wait_that_slack_asks_for_is_kept_and_a_long_one_is_left_to_the_next_run(
    nudged: Desk, slack: FakeSlack
) -> None:
    decide()
    move_loop("L-0002", "decide", By("ben"), LATER, **FORM)
    slack.troubles.append(Trouble("status", "chat.update", status=429, error="ratelimited", retry_after="0.01"))
    slack.troubles.append(Trouble("status", "chat.update", status=429, error="ratelimited", retry_after="300"))
    slack.calls.clear()
    assert rewrite_messages(LATER) == 0
    assert slack.calls == ["chat.update"] * 2  # asked again after the short one; the long one is for all of us
    assert rewrite_messages(LATER + MINUTE) == 2


@pytest.mark.parametrize("trouble", ["drop", "reset", "garbage"])
@pytest.mark.parametrize("accepts", [True, False])
def test_an_update_that_broke_off_is_made_again(nudged: Desk, slack: FakeSlack, trouble: str, accepts: bool) -> None:
    decide()
    slack.troubles.append(Trouble(trouble, "chat.update", accepts=accepts))
    assert rewrite_messages(LATER) == 0
    assert rewrite_messages(LATER + MINUTE) == 1
    assert "Decided by Amira Sayed" in standing(slack, "DUAMIRA")
    assert len(slack.posts) == 2


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "channel_not_found"])
def test_what_slack_will_never_take_is_not_asked_again(nudged: Desk, slack: FakeSlack, code: str) -> None:
    decide()
    slack.troubles.append(Trouble("refuse", "chat.update", error=code))
    assert rewrite_messages(LATER) == 0
    slack.calls.clear()
    assert rewrite_messages(LATER + MINUTE) == 0
    assert slack.calls == []
    with reading(nudged.store) as session:
        stays = dict(session.execute(select(Nudge.recipient, Nudge.stays_as_it_is)).tuples().all())
    assert stays == {"amira": code, "ben": ""}


def test_a_revoked_token_is_asked_once_raises_one_alarm_and_loses_no_update(nudged: Desk, slack: FakeSlack) -> None:
    decide()
    move_loop("L-0002", "decide", By("ben"), LATER, **FORM)
    slack.tokens.clear()
    slack.calls.clear()
    assert [rewrite_messages(LATER + number * MINUTE) for number in range(2)] == [0, 0]
    assert slack.calls == ["chat.update"] * 2
    with reading(nudged.store) as session:
        names = list(session.scalars(select(OutboxEvent.name)))
    assert names.count("delivery.refused") == 1
    slack.tokens.add(TOKEN)
    assert rewrite_messages(LATER + 2 * MINUTE) == 2


def test_while_one_writes_a_message_anew_no_other_does_and_no_writer_waits_for_slack(
    nudged_anywhere: Desk, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever read the older state could come last; a move that falls in between is found by the next run."""
    update, others = SlackSender.update, []

    def meanwhile(sender: SlackSender, message: Message, place: Receipt) -> None:
        monkeypatch.setattr(SlackSender, "update", update)
        with transaction(nudged_anywhere.store) as session:  # refused at once, were a transaction open
            session.execute(text("UPDATE source_state SET last_error = last_error"))
        others.append(rewrite_messages(LATER))
        move_loop("L-0001", "tell", By("amira"), LATER, how="session", where="Orchard Hub")
        update(sender, message, place)

    decide()
    monkeypatch.setattr(SlackSender, "update", meanwhile)
    assert rewrite_messages(LATER) == 1
    assert others == [0]
    assert "Decided by" in standing(slack, "DUAMIRA")
    assert rewrite_messages(LATER + MINUTE) == 1
    assert "Told back by Amira Sayed" in standing(slack, "DUAMIRA")


def test_a_message_of_four_weeks_ago_is_left_until_somebody_presses_it(nudged: Desk, slack: FakeSlack) -> None:
    late = TUESDAY + timedelta(days=28, hours=1)
    press = pressed(slack.posts[0], "heardback.decide", "UAMIRA")
    decide(at=late)
    assert rewrite_messages(late) == 0
    work_on.run(press, lambda: late)
    work_on.run(handed_in(slack.forms[-1], "UAMIRA", **FORM), lambda: late)
    assert "has changed since" in slack.whispers[-1]["text"]
    assert updated(slack) == ["DUAMIRA"]


def test_whoever_left_the_council_has_nothing_written_anew(nudged: Desk, slack: FakeSlack) -> None:
    decide()
    people = {code: one for code, one in SERVICES["people"].items() if code != "amira"}
    services = [{**one, "owner": "ben", "deputy": "ben"} for one in SERVICES["services"]]
    _write_services(nudged, {**SERVICES, "people": people, "services": services})
    assert rewrite_messages(LATER) == 0
    assert updated(slack) == []


def _write_services(desk: Desk, services: Mapping[str, Any]) -> None:
    import yaml

    (desk.folder / "config" / "services.yaml").write_text(yaml.safe_dump(dict(services)), encoding="utf-8")


def test_without_a_token_nothing_is_asked(nudged: Desk, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    decide()
    monkeypatch.delenv("HEARDBACK_SLACK_TOKEN")
    slack.calls.clear()
    assert rewrite_messages(LATER) == 0
    assert slack.calls == []


def test_whoever_listens_writes_messages_anew_each_minute(nudged: Desk, slack: FakeSlack) -> None:
    class Rounds:
        """Ends the watch after so many rounds."""

        left = 2

        def is_set(self) -> bool:
            return self.left == 0

        def wait(self, _seconds: float) -> None:
            self.left -= 1

    decide()
    watch(Rounds(), lambda: LATER)  # type: ignore[arg-type]
    assert updated(slack) == ["DUAMIRA"]


def test_an_act_on_a_page_rewrites_the_message_without_keeping_the_page_waiting(
    nudged: Desk, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudged.configure(policy={"link_base": "https://heardback.example"})
    monkeypatch.setenv("HEARDBACK_SECRET_LINK_KEY", "made-up-for-these-tests")
    app, worker = web_app(lambda: LATER)
    slack.troubles.append(Trouble("hang", "chat.update"))
    with TestClient(app, base_url="https://heardback.example") as client, open_workplace() as work:
        client.post(sign_in_link(work, "amira", "digest-1", LATER).removeprefix("https://heardback.example"))
        page = client.get("/loops/L-0001").text.partition('action="/loops/L-0001/decide"')[2]
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.partition("</form>")[0]))
        done = client.post("/loops/L-0001/decide", data=hidden | FORM)
        assert (done.status_code, "L-0001: Decision recorded." in done.text) == (200, True)
        slack.release.set()
    worker.close()
    assert slack.calls.count("chat.update") == 1
    assert rewrite_messages(LATER + MINUTE) == 1  # the first one hung, and was given up
    assert "Decided by Amira Sayed" in standing(slack, "DUAMIRA")


@pytest.mark.parametrize("checkpoint", ["before update", "after update", "before note_rewritten"])
def test_killed_amid_it_is_written_by_a_later_run_and_stands_there_once(
    nudged: Desk, slack: FakeSlack, checkpoint: str
) -> None:
    """A SIGKILL of a process of its own; its claim is abandoned after two minutes."""
    decide()
    ours = {name: value for name, value in os.environ.items() if name.startswith("HEARDBACK_")}
    assert exit_code_of(_rewrite_and_die, ours, LATER, checkpoint) == -signal.SIGKILL
    assert updated(slack) == ([] if checkpoint == "before update" else ["DUAMIRA"])
    assert rewrite_messages(LATER + MINUTE) == 0  # it may be at it still
    assert rewrite_messages(LATER + ABANDONED_AFTER) == 1
    assert "Decided by Amira Sayed" in standing(slack, "DUAMIRA")
    assert len(slack.posts) == 2
    assert rewrite_messages(LATER + ABANDONED_AFTER) == 0


def _rewrite_and_die(environment: dict[str, str], at: datetime, checkpoint: str) -> None:
    os.environ.update(environment)
    when, name = checkpoint.split()
    place: Any = SlackSender if name == "update" else tasks.rewrite
    step = getattr(place, name)

    def fatal(*given: Any) -> None:
        if when == "after":
            step(*given)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, fatal)
    rewrite_messages(at)


HELD_AT = datetime.fromisoformat("2026-09-09T09:12:00+00:00")
SAFEGUARDING = {
    "people": {
        **SERVICES["people"],
        "ruth": {**SERVICES["people"]["ruth"], "slack": "URUTH"},
        "hana": {**SERVICES["people"]["hana"], "slack": "UHANA"},
    }
}


@pytest.fixture
def alarmed(sqlite_desk: Desk, slack: FakeSlack, ready_made: ReadyMade) -> Desk:
    """Two loops are held back; the lead was told at once, and her deputy an hour later, as nobody had opened them."""
    slack.people |= {"URUTH", "UHANA"}
    ready_made.fill(sqlite_desk, _held)
    alert(HELD_AT)
    alert(HELD_AT + 60 * MINUTE)
    return sqlite_desk


def _held(desk: Desk) -> Desk:
    desk.configure(services=SAFEGUARDING)
    rows = [exit_row(1, "he hits me when mum is out zebra"), exit_row(2, "she hits me every night zebra")]
    desk.pull(*rows, at=HELD_AT)
    return desk


def test_an_alert_that_nobody_has_acted_on_is_left_as_it_is(alarmed: Desk, slack: FakeSlack) -> None:
    assert [post["channel"] for post in slack.posts] == ["DURUTH", "DUHANA", "DURUTH"]
    assert rewrite_messages(HELD_AT + 61 * MINUTE) == 0


def test_what_one_has_opened_is_off_everybodys_alert_and_the_other_keeps_its_buttons(
    alarmed: Desk, slack: FakeSlack
) -> None:
    read_loop("L-0001", "hana", HELD_AT + 62 * MINUTE)
    assert rewrite_messages(HELD_AT + 62 * MINUTE) == 3
    for channel in ("DURUTH", "DUHANA"):
        shown = standing(slack, channel)
        assert "L-0001: Hana Weiss opened it" in shown
        assert "review-L-0001" not in shown
        assert "review-L-0002" in shown
        assert '"value": "L-0002"' in shown
        assert "call 999" in shown
        assert "zebra" not in shown


def test_whoever_takes_an_alert_keeps_the_way_to_read_it_and_the_others_see_who_has_it(
    alarmed: Desk, slack: FakeSlack
) -> None:
    take(["L-0001", "L-0002"], "ruth", HELD_AT + 62 * MINUTE)
    rewrite_messages(HELD_AT + 62 * MINUTE)
    for channel in ("DURUTH", "DUHANA"):
        shown = standing(slack, channel)
        assert "Ruth Abara will review it" in shown
        assert "review-L-0001" in shown
        assert "heardback.acknowledge" not in shown


def test_what_was_passed_on_can_be_taken_by_whoever_it_was_passed_to(alarmed: Desk, slack: FakeSlack) -> None:
    take(["L-0001", "L-0002"], "ruth", HELD_AT + 62 * MINUTE, pass_on=True)
    rewrite_messages(HELD_AT + 62 * MINUTE)
    shown = standing(slack, "DUHANA")
    assert "Ruth Abara passed it on" in shown
    assert "I will review all 2" in shown
    assert '"value": "L-0001 L-0002"' in shown


def test_a_settled_alert_says_that_nothing_waits_and_not_what_came_of_it(alarmed: Desk, slack: FakeSlack) -> None:
    for loop_uid in ("L-0001", "L-0002"):
        settle_reading(loop_uid, "ruth", "referred", HELD_AT + 62 * MINUTE, reference="MASH-7")
    rewrite_messages(HELD_AT + 62 * MINUTE)
    shown = standing(slack, "DUHANA")
    assert "Safeguarding review: nothing waits here any more" in shown
    assert "heardback." not in shown
    assert not any(word in shown for word in ("MASH", "referred"))


def test_what_turns_out_to_accuse_a_readers_own_service_says_nothing_more_to_them(
    alarmed: Desk, slack: FakeSlack
) -> None:
    """Hana is deputy of safeguarding and head of the service."""
    settle_reading("L-0001", "ruth", "needs_more", HELD_AT + 62 * MINUTE, reference="R", about_staff=True)
    rewrite_messages(HELD_AT + 62 * MINUTE)
    assert "L-0001: Nothing is waiting here any more" in standing(slack, "DUHANA")
    assert "L-0001: Ruth Abara opened it" in standing(slack, "DURUTH")
