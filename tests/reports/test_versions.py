"""The board in other words: what is shown of them, in which language, and what is left out."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from config.wordings import LABELS, Version, Wording, Wordings
from heardback.reports.board import write_board
from heardback.reports.versions import sections_of
from tests.reports.pages import Page, check_asks_for_nothing, check_is_accessible, read
from tests.reports.test_board import ABOUT, EVERY_KIND
from tests.reports.test_entries import ENTRY

ARABIC = Version(
    code="ar", name="العربية", lang="ar", direction="rtl", labels={label: f"ar-{label}" for label in LABELS}
)
YOUNG = Version(code="8-11", name="For 8 to 11 year olds", intro="Short words.")
assert ENTRY.decided_on


def wording(version: str, **changes: object) -> Wording:
    given = {
        "loop": "L-5", "version": version, "decided_on": ENTRY.decided_on, "said": f"asked in {version}",
        "answer": f"answered in {version}", "approved_by": ("amira", "ben"), "since": date(2026, 10, 1), **changes,
    }  # fmt: skip
    return Wording(**given)


def page(folder: Path, *entries: Wording) -> Page:
    first, *_ = write_board(folder, EVERY_KIND, ABOUT, Wordings(versions=(YOUNG, ARABIC), entries=entries))
    return read(first.read_text("utf-8"))


def test_each_version_is_a_section_in_its_language_chosen_from_the_top(tmp_path: Path) -> None:
    shown = page(tmp_path, wording("ar"), wording("8-11"))
    sections = {each.attributes.get("aria-labelledby"): each for each in shown.all("section")}
    arabic = sections["version-ar"]
    assert (arabic.attributes["lang"], arabic.attributes["dir"]) == ("ar", "rtl")
    for words in ("العربية", "ar-said", "asked in ar", "ar-cannot", "answered in ar"):
        assert words in arabic.text
    assert sections["version-8-11"].attributes["lang"] == "en-GB"
    assert "Short words." in sections["version-8-11"].text and "We can’t, because" in sections["version-8-11"].text
    links = {each.attributes["href"]: each for each in shown.all("a")}
    assert links["#version-ar"].attributes["lang"] == "ar" and "#version-8-11" in links
    check_is_accessible(shown)
    check_asks_for_nothing(shown, beside=("cannot.html", "method.html"))


def test_a_version_in_which_nothing_is_written_is_not_offered(tmp_path: Path) -> None:
    assert "العربية" not in page(tmp_path, wording("8-11")).text


def test_a_wording_of_another_decision_of_a_later_day_or_of_an_entry_kept_off_is_left_out() -> None:
    wordings = Wordings(versions=(YOUNG,), entries=(wording("8-11"),))
    shown = replace(ENTRY, loop_uid="L-5")
    day = date(2026, 11, 9)
    assert len(sections_of([shown], wordings, day)) == 1
    assert sections_of([replace(shown, decided_on=date(2026, 11, 1))], wordings, day) == []
    assert sections_of([shown], wordings, date(2026, 9, 30)) == []
    assert sections_of([], wordings, day) == []


def test_of_two_wordings_the_newer_is_shown_and_a_past_board_keeps_the_older() -> None:
    newer = wording("8-11", answer="said better", since=date(2026, 11, 5))
    wordings = Wordings(versions=(YOUNG,), entries=(newer, wording("8-11")))
    shown = [replace(ENTRY, loop_uid="L-5")]
    answers = [sections_of(shown, wordings, day)[0].entries[0].answer for day in (date(2026, 11, 9), date(2026, 11, 1))]
    assert answers == ["said better", "answered in 8-11"]


def test_the_method_has_a_page_of_its_own_with_what_is_open_and_what_was_refused(tmp_path: Path) -> None:
    write_board(tmp_path, EVERY_KIND, ABOUT)
    method = read((tmp_path / "method.html").read_text("utf-8"))
    # heard 412, closed 233, refused 31, open 96: each to the nearest five
    cells = [cell.text for cell in method.all("td")]
    assert cells[:4] == ["about 410", "about 235", "about 30", "about 95"]
    assert "Complaints. They have a procedure of their own" in method.text
    check_is_accessible(method)
    check_asks_for_nothing(method, beside=("cannot.html", "index.html"))
