"""The pages for people without Slack in a real Chromium, wide and narrow: axe-core finds nothing (WCAG 2.2 AA)."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import uvicorn

from heardback.checks import gate
from heardback.reports.pack import page_name
from heardback.reports.rendering import write_text
from heardback.store.matches import propose
from heardback.store.session import open_store, transaction
from tasks.listen import web_app
from tasks.sign_in import sign_in_link
from tasks.workplace import open_workplace
from tests.council import change_row, exit_row
from tests.desk import Desk, desk_at
from tests.reports.made_up import content
from tests.reports.pages import pack_page
from tests.reports.test_in_a_browser import CHROMIUM, NARROW, RULES, WIDE

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no Chromium at {CHROMIUM}; CHROMIUM names another"),
    # playwright's own event loop is still open when its thread is collected
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
TUESDAY = datetime(2026, 10, 20, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    """A council whose pages are served on the loopback, and their address."""
    folder = tmp_path_factory.mktemp("council")
    url = f"sqlite:///{folder / 'heardback.db'}"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "run_rules", lambda *_: [])
        patch.setenv("HEARDBACK_SECRET_LINK_KEY", "made-up-for-these-tests")
        store = open_store(url)
        with desk_at(folder, store, url, patch) as desk:
            desk.configure(policy={"link_base": f"http://127.0.0.1:{port}"})
            held = exit_row(3, "My dad hits me when I am late")
            desk.pull(exit_row(1, "The room is freezing"), exit_row(2, "The door is broken"), held, at=TUESDAY)
            desk.pull(change_row(77), feed="log", at=TUESDAY)
            desk.move("L-0001", "describe", title="Make the waiting room warm", at=TUESDAY)
            _suggest(desk)
            with _served(port):
                yield desk, f"http://127.0.0.1:{port}"
        store.dispose()


def _suggest(desk: Desk) -> None:
    row = {"loop_uid": "L-0001", "change_uid": "log:77", "comment_uid": "c", "probability": 0.9, "score": 1.0,
           "band": "likely", "reasons": [], "matcher": "m", "features": []}  # fmt: skip
    with transaction(desk.store) as session:
        propose(session, [row], TUESDAY)


class _served:  # noqa: N801  used as a block
    """Serve the pages until the block ends."""

    def __init__(self, port: int) -> None:
        app, self._worker = web_app(lambda: TUESDAY)
        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()
        for _ in range(1_000):
            if self._server.started:
                return
            self._thread.join(0.01)
        raise AssertionError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._worker.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--no-proxy-server"])
        yield chromium
        chromium.close()


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "320px"])
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    context = browser.new_context(
        viewport=request.param, bypass_csp=True
    )  # our policy lets no script in, axe's neither
    yield context.new_page()
    context.close()


def assert_accessible(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES).response
    assert len(found["passes"]) > 8, "axe looked at next to nothing"
    assert [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def link_for(person: str) -> str:
    with open_workplace() as work:
        return sign_in_link(work, person, "digest-1", TUESDAY)


def test_axe_finds_nothing_from_the_link_to_the_form_that_came_back(page: Any, place: tuple[Desk, str]) -> None:
    page.goto(link_for("amira"))
    assert_accessible(page)
    page.get_by_role("button", name="Sign in and see your loops").click()
    assert page.url == f"{place[1]}/loops"
    assert_accessible(page)
    page.get_by_role("link", name="Make the waiting room warm").click()
    for summary in page.locator("summary").all():
        summary.click()
    assert_accessible(page)
    page.get_by_label("We can't, because").check()
    page.get_by_label("What young people will read").fill("There is no money for it this year.")
    page.get_by_role("button", name="Save the decision").click()
    assert page.get_by_role("alert").is_visible()
    assert page.get_by_label("What young people will read").input_value() == "There is no money for it this year."
    assert_accessible(page)
    page.get_by_role("link", name="Read what was said").click()
    assert_accessible(page)


def test_axe_finds_nothing_at_the_reading_desk(page: Any, place: tuple[Desk, str]) -> None:
    page.goto(link_for("ruth"))
    page.get_by_role("button", name="Sign in and see your loops").click()
    page.get_by_role("link", name="The reading queue").click()
    assert_accessible(page)
    page.get_by_role("link", name="L-0003").click()
    page.get_by_label("No concern").check()
    page.get_by_label("Why, or the referral").fill(" ")
    page.get_by_role("button", name="Record it").click()
    assert page.get_by_role("alert").is_visible()
    assert page.get_by_label("No concern").is_checked()
    assert_accessible(page)


def test_a_decision_is_recorded_with_no_script_and_nothing_asked_of_anybody_else(
    browser: Any, place: tuple[Desk, str]
) -> None:
    """As the policy in the headers stands: the style that we send is let in by it."""
    desk, address = place
    context = browser.new_context(java_script_enabled=False, viewport=WIDE)
    page, asked, faults = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.goto(link_for("amira"))
    page.get_by_role("button", name="Sign in and see your loops").click()
    page.get_by_role("link", name="L-0002").click()
    assert page.locator("section.act").first.bounding_box()["width"] < 800, "the style was not let in"
    page.get_by_label("We did it").check()
    page.get_by_label("What young people will read").fill("We mended the door.")
    page.get_by_role("button", name="Save the decision").click()
    assert "L-0002: Decision recorded." in page.get_by_role("status").inner_text()
    context.close()
    assert desk.loop("L-0002").wording == "We mended the door."
    assert [url for url in asked if not url.startswith(address)] == []
    assert faults == []


def test_the_boards_pack_is_shown_with_its_style_and_its_pictures(browser: Any, place: tuple[Desk, str]) -> None:
    """As the headers and the pack's own policy stand."""
    desk, address = place
    made = content()
    write_text(desk.folder / "home" / "reports" / page_name(made.period.label), pack_page(made))
    context = browser.new_context(viewport=WIDE)
    page, asked, faults = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.goto(link_for("dee"))
    page.get_by_role("button", name="Sign in and see your loops").click()
    page.goto(f"{address}/reports/{made.period.label}")
    assert page.locator("header.top").evaluate("top => getComputedStyle(top).backgroundColor") == "rgb(23, 50, 77)"
    assert page.locator("svg").first.bounding_box()["height"] > 100
    context.close()
    assert [url for url in asked if not url.startswith(address)] == []
    assert faults == []
