"""With Slack alone: a button that leads to a page sends a link that signs in whoever pressed it, and nobody else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from heardback.messages.blocks import BoardSummary, board_summary_message
from heardback.messages.slack import SlackSender
from heardback.store import SignIn
from heardback.store.session import reading
from tasks.alert import alert
from tasks.board_summary import BOARD
from tasks.listen import web_app, work_on
from tasks.nudge import nudge
from tests.council import SERVICES, exit_row
from tests.desk import Desk
from tests.messages.presses import pressed
from tests.messages.slack_server import TOKEN, FakeSlack
from tests.tasks.conftest import TUESDAY

pytestmark = pytest.mark.usefixtures("quick_gate")
ADDRESS = "https://heardback.example"
LATER = TUESDAY + timedelta(hours=1)
PACK = "<!doctype html><style>p { color: teal }</style><p>Closed: 71%</p>"


@pytest.fixture
def office(sqlite_waiting: Desk, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """L-0001 waits for Amira and L-0002 for Ben, in Slack; there are pages, and neither has had an e-mail."""
    sqlite_waiting.configure(policy={"link_base": ADDRESS}, services={"roles": {"quality_board": ["ben"]}})
    monkeypatch.setenv("HEARDBACK_SECRET_LINK_KEY", "made-up-for-these-tests")
    assert nudge(TUESDAY).sent == ["amira", "ben"]
    return sqlite_waiting


@pytest.fixture
def browser(office: Desk) -> Iterator[TestClient]:
    """Nobody is signed in on it."""
    app, worker = web_app(lambda: LATER)
    with TestClient(app, base_url=ADDRESS) as client:
        yield client
    worker.close()


def digest_to(slack: FakeSlack, channel: str) -> dict[str, Any]:
    return next(post for post in slack.posts if post["channel"] == channel)


def link_after(slack: FakeSlack, post: dict[str, Any], action: str, user: str) -> str:
    """What stands in the whisper after a press, as an address of the pages."""
    before = len(slack.whispers)
    work_on.run(pressed(post, f"heardback.{action}", user), lambda: LATER)
    (whisper,) = slack.whispers[before:]
    assert (whisper["channel"], whisper["user"]) == (post["channel"], user)
    (link,) = re.findall(r"<(https://[^|>]+)\|Sign in here>", whisper["text"])
    return str(link).removeprefix(ADDRESS)


def sign_in(browser: TestClient, link: str) -> Response:
    """Open the link and press its button."""
    page = browser.get(link)
    (action,) = re.findall(r'action="(/sign-in/[^"]+)"', page.text)
    return browser.post(action)


def test_whoever_has_slack_alone_gets_from_its_button_to_the_very_page(
    browser: TestClient, office: Desk, slack: FakeSlack
) -> None:
    assert browser.get("/loops/L-0001").status_code == 401
    link = link_after(slack, digest_to(slack, "DUAMIRA"), "open", "UAMIRA")
    page = sign_in(browser, link)
    assert (page.status_code, page.url.path) == (200, "/loops/L-0001")
    assert "Amira Sayed" in page.text
    assert browser.post(link).status_code == 410, "it opens once"
    with reading(office.store) as session:
        (kept,) = session.scalars(select(SignIn))
    uid = digest_to(slack, "DUAMIRA")["metadata"]["event_payload"]["key"]
    assert (kept.person, kept.nudge_uid, kept.made_at, kept.used_at) == ("amira", uid, LATER, LATER)
    assert slack.updates == [], "nothing has happened to the loop"


def test_a_press_by_somebody_else_signs_in_the_one_who_pressed(browser: TestClient, slack: FakeSlack) -> None:
    """Ben looks at Amira's message; the link is his own, and what he sees is what he may."""
    page = sign_in(browser, link_after(slack, digest_to(slack, "DUAMIRA"), "open", "UBEN"))
    assert "<span>Ben Achebe</span>" in page.text
    assert "<span>Amira Sayed</span>" not in page.text


def test_whom_the_council_does_not_know_gets_no_link(office: Desk, slack: FakeSlack) -> None:
    work_on.run(pressed(digest_to(slack, "DUAMIRA"), "heardback.open", "USTRANGER"), lambda: LATER)
    assert "does not know you" in slack.whispers[-1]["text"]
    assert office.count(SignIn) == 0


def test_the_boards_open_report_leads_to_the_report(browser: TestClient, office: Desk, slack: FakeSlack) -> None:
    folder = office.folder / "home" / "reports"
    folder.mkdir(parents=True)
    (folder / "board-pack-2026-08.html").write_text(PACK, encoding="utf-8")
    summary = BoardSummary("2026-08", "August 2026", "Most were answered.", (("Closed", "71%"),), ())
    SlackSender(TOKEN, slack.base_url).send(board_summary_message(summary, BOARD, "", ADDRESS), "CBOARD")
    page = sign_in(browser, link_after(slack, slack.posts[-1], "report", "UBEN"))
    assert (page.url.path, page.text) == ("/reports/2026-08", PACK)


def test_an_alerts_button_leads_to_the_reading_desk(browser: TestClient, office: Desk, slack: FakeSlack) -> None:
    slack.people.add("URUTH")
    people = {**SERVICES["people"], "ruth": {**SERVICES["people"]["ruth"], "slack": "URUTH"}}
    office.configure(policy={"link_base": ADDRESS}, services={"people": people})
    office.pull(exit_row(1, "The room is freezing zebra"), exit_row(3, "he hits me quagga"), name="b.csv", at=LATER)
    alert(LATER)
    page = sign_in(browser, link_after(slack, digest_to(slack, "DURUTH"), "review", "URUTH"))
    assert (page.url.path, "quagga" in page.text) == ("/safeguarding/L-0003", True)
    assert not any("quagga" in str(said) for said in (slack.posts, slack.whispers))


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "loops/../sign-out", "loops/L-1?x=1", ""])
def test_a_link_leads_to_our_own_pages_and_nowhere_else(browser: TestClient, slack: FakeSlack, page: str) -> None:
    link = link_after(slack, digest_to(slack, "DUAMIRA"), "open", "UAMIRA").partition("?")[0]
    answer = browser.post(link, params={"page": page}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/loops")


def test_without_pages_a_press_says_so(sqlite_waiting: Desk, slack: FakeSlack) -> None:
    nudge(TUESDAY)
    work_on.run(pressed(digest_to(slack, "DUAMIRA"), "heardback.open", "UAMIRA"), lambda: LATER)
    assert slack.whispers[-1]["text"].startswith("There is no page to open")
    assert sqlite_waiting.count(SignIn) == 0
