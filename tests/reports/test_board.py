"""The board that young people see, read as a page."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.domain.words import Outcome
from heardback.reports.board import BoardAbout, rounded, voices_in_words, write_board
from heardback.reports.posters import write_posters
from tests.reports.pages import Page, check_asks_for_nothing, check_is_accessible, read
from tests.reports.test_documents import check_is_tagged
from tests.reports.test_entries import ENTRY

ABOUT = BoardAbout(
    "Eastmere", date(2026, 11, 9), heard=412, open=96, closed=233, refused=31, contact="Tell any worker."
)
EVERY_KIND = [
    ENTRY,
    replace(ENTRY, loop_uid="L-1", outcome=Outcome.WILL, by_date=date(2027, 1, 30)),
    replace(ENTRY, loop_uid="L-2", outcome=Outcome.WILL, by_date=date(2026, 10, 30)),
    replace(ENTRY, loop_uid="L-3", outcome=Outcome.WILL, by_date=date(2026, 11, 1), kept_on=date(2026, 10, 28)),
    replace(ENTRY, loop_uid="L-4", outcome=Outcome.PARTLY, because="The hall is full on other nights."),
    replace(ENTRY, loop_uid="L-5", outcome=Outcome.CANNOT, service="Family Hubs"),
    replace(ENTRY, loop_uid="L-6", outcome=Outcome.ALREADY, service="Family Hubs", voices=14, told="Canal Street"),
]


def board(folder: Path, entries: list[object]) -> Page:
    path, *others = write_board(folder, entries, ABOUT)  # type: ignore[arg-type]
    assert path == folder / "index.html"
    assert others == [folder / "cannot.html", folder / "method.html"]
    return read(path.read_text("utf-8"))


def card(page: Page, loop_uid: str) -> str:
    article = next(each for each in page.all("article") if each.attributes["aria-labelledby"] == loop_uid)
    return " ".join(article.text.split())


def test_the_board_is_accessible_and_asks_for_nothing(tmp_path: Path) -> None:
    page = board(tmp_path, EVERY_KIND)
    check_is_accessible(page)
    check_asks_for_nothing(page, beside=("cannot.html", "method.html"))


@pytest.mark.parametrize(
    ("loop_uid", "words"),
    [
        ("L-0007", "We did Canal Street now closes at 9.30pm, not 8pm."),
        ("L-1", "We will, by 30 January 2027 Canal Street"),
        ("L-2", "This is late. We said 30 October 2026 and it is not done yet."),
        ("L-3", "We said we would do this by 1 November 2026. It was done on 28 October 2026."),
        ("L-4", "We can’t do the rest, because The hall is full on other nights."),
        ("L-5", "We can’t, because Canal Street"),
        ("L-6", "It is already here Canal Street"),
    ],
)
def test_each_outcome_is_said_in_words_of_its_own(tmp_path: Path, loop_uid: str, words: str) -> None:
    said = card(board(tmp_path, EVERY_KIND), loop_uid)
    assert words in said
    assert said.startswith("You said Later closing on Fridays")
    assert "The difference" in said


def test_a_promise_not_yet_due_is_not_called_late(tmp_path: Path) -> None:
    due_today = replace(ENTRY, outcome=Outcome.WILL, by_date=ABOUT.as_of)
    assert "late" not in card(board(tmp_path, [due_today]), "L-0007").lower().replace("later", "")


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"difference": "Said 11 times before, twice since."}, "Said 11 times before, twice since."),
        ({"agreed": True}, "People we told said this answers it."),
        ({"agreed": False}, "People we told said this is not enough yet."),
        ({}, "We do not know yet."),
        ({"outcome": Outcome.CANNOT}, "Nothing has changed."),
        ({"outcome": Outcome.WILL, "by_date": date(2027, 1, 1)}, "None yet. It is not done."),
        (
            {"outcome": Outcome.WILL, "by_date": date(2027, 1, 1), "agreed": True},
            "None yet. It is not done. People we told said the plan answers it.",
        ),
        (
            {"outcome": Outcome.WILL, "by_date": date(2027, 1, 1), "agreed": False},
            "None yet. It is not done. People we told said this is not enough yet.",
        ),
    ],
)
def test_the_difference_is_told_as_far_as_it_is_known(tmp_path: Path, known: dict[str, object], words: str) -> None:
    entry = replace(ENTRY, **known)  # type: ignore[arg-type]
    assert f"The difference {words}" in card(board(tmp_path, [entry]), "L-0007")


def test_every_card_carries_its_date_its_owner_its_number_and_where_people_were_told(tmp_path: Path) -> None:
    said = card(board(tmp_path, EVERY_KIND), "L-6")
    for words in (
        "Decided on 15 October 2026",
        "Who answers for this: Youth hubs manager",
        "Number L-6",
        "Canal Street",
    ):
        assert words in said


def test_entries_stand_under_their_service_the_newest_first(tmp_path: Path) -> None:
    older = replace(ENTRY, loop_uid="L-9", decided_on=date(2026, 1, 5), title="Older wish")
    page = board(tmp_path, [older, *EVERY_KIND[5:], ENTRY])
    services = [
        words for level, words in page.headings if level == 2 and words not in ("Find your place", "How this works")
    ]
    assert services == ["Family Hubs", "Youth hubs"]
    assert [words for level, words in page.headings if level == 3][2:4] == ["Later closing on Fridays", "Older wish"]


def test_a_vague_or_unapproved_entry_is_not_on_the_page_and_is_counted(tmp_path: Path) -> None:
    vague = replace(ENTRY, loop_uid="L-8", title="Secret wish", wording="We included all the feedback you gave us.")
    page = board(tmp_path, [ENTRY, vague, replace(ENTRY, loop_uid="L-9", title="Hidden wish", approvals=())])
    assert "Secret wish" not in page.text
    assert "Hidden wish" not in page.text
    assert page.all("td")[-1].text == "fewer than 10"
    assert page.all("th")[-1].text == "Answers being checked before they go on this board"


def test_a_flagged_entry_is_gone_the_next_time_the_board_is_written(tmp_path: Path) -> None:
    assert "Later closing" in board(tmp_path, [ENTRY]).text
    assert "Later closing" not in board(tmp_path, [replace(ENTRY, flagged=True)]).text


def test_open_and_refused_loops_are_in_the_totals_and_rounded(tmp_path: Path) -> None:
    rows = [" ".join(row.text.split()) for row in board(tmp_path, [ENTRY]).all("tr")[1:]]
    assert rows[0].endswith("about 410")  # 412
    assert rows[1].endswith("about 235")  # 233
    assert rows[2].endswith("about 30")  # 31
    assert rows[3].endswith("about 95")  # 96
    assert rows[4].endswith("none")


def test_markup_in_what_staff_wrote_is_shown_and_not_run(tmp_path: Path) -> None:
    nasty = '<script>alert(1)</script> & "quotes" {{ 7 * 7 }}'
    entry = replace(
        ENTRY, title=f"Doors {nasty}", wording=f"We put locks on all doors {nasty}", service=nasty, told=nasty
    )
    page = board(tmp_path, [entry])
    check_asks_for_nothing(page, beside=("cannot.html", "method.html"))
    assert nasty in card(page, "L-0007")
    assert "49" not in card(page, "L-0007")


def test_an_empty_board_says_so(tmp_path: Path) -> None:
    page = board(tmp_path, [])
    check_is_accessible(page)
    assert "There is nothing on this board yet." in page.text


def test_the_same_entries_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    first = write_board(tmp_path / "a", EVERY_KIND, ABOUT)[0].read_bytes()
    assert write_board(tmp_path / "b", EVERY_KIND[::-1], ABOUT)[0].read_bytes() == first


@given(st.integers(0, 100_000))
def test_a_public_count_is_within_two_of_the_truth_or_does_not_say_a_small_number(count: int) -> None:
    shown = rounded(count)
    if count == 0:
        assert shown == "none"
    elif count < 8:
        assert shown == "fewer than 10"
    else:
        number = int(shown.removeprefix("about "))
        assert number % 5 == 0
        assert abs(number - count) <= 2


@pytest.mark.parametrize(("count", "words"), [(0, ""), (1, "Fewer than 10"), (7, "Fewer than 10"), (14, "About 15")])
def test_how_many_said_it_is_never_exact(count: int, words: str) -> None:
    assert voices_in_words(count).removesuffix(" people said this") == words


def test_words_stand_out_enough_from_what_is_behind_them(tmp_path: Path) -> None:
    style = board(tmp_path, []).all("style")[0].text
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", style))
    for kind in ("done", "will", "partly", "cannot", "already"):
        assert contrast(colours[f"{kind}-ink"], colours[kind]) >= 4.5
        assert contrast(colours["ink"], colours[kind]) >= 7
    assert contrast("#5a4300", colours["said"]) >= 4.5
    assert contrast(colours["soft"], colours["page"]) >= 4.5
    assert contrast("#dcdcf5", colours["brand"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_we_cannot_do_has_a_page_of_its_own_with_every_reason(tmp_path: Path) -> None:
    board(tmp_path, EVERY_KIND)
    page = read((tmp_path / "cannot.html").read_text("utf-8"))
    check_is_accessible(page)
    check_asks_for_nothing(page, beside=("index.html",))
    assert [words for level, words in page.headings if level == 2] == ["Later closing on Fridays"] * 2
    assert "We can’t, because" in page.text
    assert "We can’t do the rest, because The hall is full on other nights." in page.text


def test_each_service_has_a_poster_of_two_sheets_at_most_the_same_bytes_each_time(tmp_path: Path) -> None:
    many = [replace(ENTRY, loop_uid=f"L-{100 + number}", service="Café & Club") for number in range(12)]
    unapproved = replace(ENTRY, loop_uid="L-9", service="Nobody's", approvals=())
    entries = [*EVERY_KIND, *many, unapproved]
    paths = write_posters(tmp_path, entries, ABOUT)
    again = write_posters(tmp_path / "again", entries, ABOUT)
    assert [path.name for path in paths] == [
        "poster-café---club.pdf", "poster-family-hubs.pdf", "poster-youth-hubs.pdf",
    ]  # fmt: skip
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in again]
    for path in paths:
        assert "/Figure" in check_is_tagged(path)
        with pikepdf.open(path) as document:
            assert len(document.pages) <= 3
            assert [round(float(side)) for side in document.pages[0].mediabox[2:]] == [842, 1191]  # A3 in points
