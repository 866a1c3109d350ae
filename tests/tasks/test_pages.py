"""What the pages say of the system is what its code says: the picture of words, and the figures of the privacy page."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from config.policy import Policy
from heardback.domain.access import Right
from heardback.store.access import READING_OUTCOMES
from tasks.flow_picture import ARROWS, BOX, HEIGHT, PLACES, PLAIN, WIDTH, WORDS, picture

DOCS = Path(__file__).parents[2] / "docs"
SVG = "{http://www.w3.org/2000/svg}"
BOUNDARY = 386


@pytest.fixture(scope="module")
def privacy() -> str:
    return (DOCS / "privacy.md").read_text(encoding="utf-8")


def test_the_picture_is_the_one_that_the_code_draws() -> None:
    written = (DOCS / "data-flow.svg").read_text(encoding="utf-8")
    assert written == picture(), "python -m tasks.flow_picture > docs/data-flow.svg"


def test_the_picture_is_sound_and_can_be_read_aloud() -> None:
    root = ElementTree.fromstring(picture())  # noqa: S314  our own
    assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
    assert len(root.findall(f"{SVG}rect")) == len(PLACES) + 1


def test_what_holds_words_stands_above_the_line_and_all_else_below_it() -> None:
    assert f"<path d='M30 {BOUNDARY}" in picture()
    for place in PLACES.values():
        above = place.y + place.height < BOUNDARY
        assert above == (place.fill == WORDS), place.title
        assert above or place.fill == PLAIN


def test_no_box_lies_on_another_or_beyond_the_edge_and_no_line_is_too_long_for_its_box() -> None:
    places = list(PLACES.values())
    for number, place in enumerate(places):
        assert place.x + BOX <= WIDTH
        assert place.y + place.height <= HEIGHT
        assert all(len(line) <= 30 for line in place.lines), place.title
        for other in places[number + 1 :]:
            apart = abs(place.x - other.x) >= BOX
            assert apart or place.y + place.height < other.y or other.y + other.height < place.y, (place, other)


def test_nothing_leads_from_below_the_line_back_to_words() -> None:
    assert not [(a, b) for a, _, b, _ in ARROWS if PLACES[a].fill == PLAIN and PLACES[b].fill == WORDS]


def test_the_periods_on_the_page_are_the_policys(privacy: str) -> None:
    kept = Policy().retention
    rows = dict(re.findall(r"^\| ([^|]+?) \|[^|]+\| (\d+) months", privacy, re.MULTILINE))
    assert rows == {
        "Files as they came": str(kept.raw_files_months),
        "Words of comments": str(kept.comment_text_months),
        "Cells of rows that broke their contract": str(kept.quarantine_months),
        "What the checks found": str(kept.validation_months),
    }


def test_the_protocols_defaults_are_the_policys(privacy: str) -> None:
    policy = Policy()
    assert f"| {policy.safeguarding.read_within_hours} hours of the clock" in privacy
    assert policy.screening.hold == "flagged"
    assert (policy.complaints.answer_within, policy.complaints.extended) == (10, 20)
    assert "ten working days for the first answer and\ntwenty where it was extended" in privacy


def test_every_outcome_of_reading_and_every_right_is_explained(privacy: str) -> None:
    for outcome in READING_OUTCOMES:
        assert f"*{outcome.replace('_', ' ')}*" in privacy
    access = (DOCS / "access.md").read_text(encoding="utf-8")
    assert all(right.value in access for right in Right)
