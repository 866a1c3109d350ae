"""The pack and the board in a real Chromium, wide, narrow and in print: axe-core finds nothing (WCAG 2.2 AA)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from heardback.reports.board import write_board
from heardback.reports.rendering import write_text
from tests.reports.made_up import content
from tests.reports.pages import pack_page
from tests.reports.test_board import ABOUT, EVERY_KIND

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
PAGES = ("pack.html", "index.html", "cannot.html", "method.html")

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no Chromium at {CHROMIUM}; CHROMIUM names another"),
    # playwright's own event loop is still open when its thread is collected
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pages")
    write_text(place / "pack.html", pack_page(content()))
    write_board(place, EVERY_KIND, ABOUT)
    return place


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(params=[("screen", WIDE), ("screen", NARROW), ("print", WIDE)], ids=["wide", "320px", "print"])
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    media, size = request.param
    context = browser.new_context(viewport=size, bypass_csp=True)  # our own policy lets no script in, axe's neither
    opened = context.new_page()
    opened.emulate_media(media=media)
    yield opened
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(page: Any, folder: Path, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.goto((folder / name).as_uri())
    found = Axe().run(page, options=RULES).response
    assert len(found["passes"]) > 15, "axe looked at next to nothing"
    assert [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_the_screen(page: Any, folder: Path, name: str) -> None:
    page.goto((folder / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_nothing_is_asked_of_the_network(browser: Any, folder: Path) -> None:
    context = browser.new_context()
    asked: list[str] = []
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        opened.goto((folder / name).as_uri())
    context.close()
    assert [url for url in asked if not url.startswith("file:")] == []
    assert len(asked) == len(PAGES)
