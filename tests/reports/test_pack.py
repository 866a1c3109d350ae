"""The board pack, read as a page and recounted from the figures that went in."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from heardback.domain.measures.control_chart import Chart
from heardback.domain.measures.figures import DEFINITIONS, Table
from heardback.domain.measures.period import month
from heardback.errors import NotFound
from heardback.reports.content import Exceptions, PackContent, Quality
from heardback.reports.pack import cards, definitions, every_table, write_pack
from heardback.reports.rendering import write_text
from tests.reports.made_up import ANSWER, LINE, content
from tests.reports.pages import Page, check_asks_for_nothing, check_is_accessible, pack_page, read

SECTIONS = [
    "The answer in one sentence",
    "The figures",
    "Is it getting better? Closure by month",
    "From heard to agreed",
    "Time to close",
    "Services side by side",
    "Who was answered: gaps between groups",
    "Who spoke, and how far it reached",
    "Exceptions, by name",
    "You said, we did, and the difference",
    "Closures to audit",
    "Quality of the data",
    "Method",
]


def pack(folder: Path, of: PackContent) -> Page:
    return read(write_text(folder / "pack.html", pack_page(of)).read_text("utf-8"))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return pack(tmp_path_factory.mktemp("pack"), content())


def tables(page: Page) -> dict[str, list[str]]:
    """The rows of each table of a page by its caption, each row's words with single spaces."""
    found: dict[str, list[str]] = {}
    for element in page.elements:
        words = " ".join(element.text.split())
        if element.name == "caption":
            rows = found.setdefault(words, [])
        if element.name == "tr" and "thead" not in element.around:
            rows.append("")
        if element.name in {"td", "th"} and "thead" not in element.around:
            rows[-1] += f"|{words}"
    return found


def test_the_pack_is_accessible_and_asks_for_nothing(page: Page) -> None:
    check_is_accessible(page)
    check_asks_for_nothing(page)


def test_the_sections_stand_in_the_order_of_the_contract(page: Page) -> None:
    assert [words for level, words in page.headings if level == 2] == SECTIONS


def test_six_files_are_written_and_named_by_month(tmp_path: Path) -> None:
    names = [path.name for path in write_pack(tmp_path, content())]
    assert names == [
        "board-pack-2026-09.html", "figures-2026-09.csv", "figures-2026-09.json", "figures-2026-09.xlsx",
        "board-pack-2026-09.pdf", "summary-2026-09.pdf",
    ]  # fmt: skip


def test_the_answer_the_month_and_the_as_of_day_are_said(page: Page) -> None:
    assert content().sentence in page.text
    assert "said, September 2026" in page.headings[0][1]
    assert "As it was known at the end of 9 November 2026." in page.text


def test_the_cards_carry_definition_base_and_interval(page: Page) -> None:
    boxes = [" ".join(item.text.split()) for item in page.all("li")]
    closed = next(box for box in boxes if box.startswith("Closed (decided and told)"))
    assert "67% 29 of 43 95 % interval 53% to 80%" in closed  # Wilson for 29 of 43: 0.525 to 0.795
    assert DEFINITIONS["closed"] in closed
    newest = next(box for box in boxes if box.startswith("Closed within 20"))
    assert "Heard in September 2026, the newest month that can be shown" in newest


def test_the_second_rate_of_the_cards_is_the_newest_month_on_the_chart() -> None:
    assert [card.code for card in cards(content())] == [
        "heard", "closed", "closed_within_20", "days_to_close", "agreed", "promise_kept", "reopened",
    ]  # fmt: skip
    nothing = replace(content(), chart=Chart("Closed within 20 working days", (), None))
    assert "closed_within_20" not in [card.code for card in cards(nothing)]


def test_a_pack_that_is_written_long_after_its_month_shows_no_later_month_among_its_cards() -> None:
    earlier = replace(content(), period=month("2026-07"))
    assert [card.group for card in cards(earlier) if card.code == "closed_within_20"] == ["2026-07"]
    before_all = replace(content(), period=month("2025-06"))
    assert "closed_within_20" not in [card.code for card in cards(before_all)]


def test_every_shown_number_of_the_rates_is_in_the_table_beside_the_chart(page: Page) -> None:
    rows = tables(page)["Closed, by month heard (immature: not yet old enough to count)"]
    assert rows[0].startswith("|July 2025|55% 22 of 40 · 40% to 69%|")
    assert rows[-1].startswith("|November 2026|– 0 of 0 · immature|")
    assert len(rows) == 17  # July 2025 to November 2026


def test_a_hidden_service_is_named_below_and_its_numbers_are_nowhere(page: Page) -> None:
    rows = tables(page)["Comments, by service"]
    assert not any(name in row for row in rows for name in ("Detached", "Youth hubs"))
    # the second is hidden too: 43 less 25 less this would give the three away
    assert "Nothing can be shown of: Detached, Youth hubs. They are too few, or would give such a number" in page.text
    assert any(row.startswith("|Youth Justice Service|25|") for row in rows)


def test_what_c_means_is_explained_with_the_policys_numbers(page: Page) -> None:
    assert "Counts from 1 to 5, and rates on fewer than 10, are c; zero is shown." in page.text
    marks = page.all("abbr")
    assert all("hidden" in mark.attributes["title"] for mark in marks)
    hidden = [cell for cell in page.all("td") if cell.text.split()[:1] == ["c"]]
    assert len(hidden) == len([mark for mark in marks if "td" in mark.around]) > 0


def test_the_numbers_left_out_stand_beside_the_rates(page: Page) -> None:
    rows = tables(page)["All comments heard in September 2026, by what became of them"]
    assert rows[:3] == ["|Everything heard|43", "|In scope|43", "|Withheld (safeguarding)|0"]


def test_the_gap_comes_with_its_interval_and_a_reading_and_the_unknown_beside_it(page: Page) -> None:
    rows = tables(page)["Closed, by age band"]
    assert [row.split("|")[1] for row in rows] == ["Everyone", "8-11", "12-15", "Not known"]
    assert "points" in rows[1]
    assert rows[1].endswith("no clear gap")


def test_exceptions_are_named_by_number_and_title(page: Page) -> None:
    found = tables(page)
    for caption in ("Oldest open loops", "Promises broken", "Refusals"):
        assert found[caption][0].startswith("|L-0042|Girls' night|Youth hubs|Youth hubs manager|3 February 2026|")
    assert found["Sources that should have sent something by now"] == ["|Feedback box|Never|one in 20 days"]


def test_nothing_to_report_is_said_rather_than_left_empty(tmp_path: Path) -> None:
    bare = replace(content(), exceptions=Exceptions(), stories=(), closures=(), closed_loops=0)
    said = pack(tmp_path, bare).text
    for words in (
        "No loop is open.",
        "No promise is past its date.",
        "Nothing was refused.",
        "Every source has sent what was expected.",
        "No answered loop has been put forward for this pack.",
        "0 of the 0 loops closed",
    ):
        assert words in said


def test_a_loop_without_a_title_is_named_by_its_number_alone(tmp_path: Path) -> None:
    untitled = replace(content(), exceptions=Exceptions(oldest_open=(replace(LINE, title=""),)))
    assert tables(pack(tmp_path, untitled))["Oldest open loops"][0].startswith("|L-0042|No title written yet|")


def test_a_story_tells_what_was_said_done_and_different(page: Page) -> None:
    (story,) = page.all("article")
    said = " ".join(story.text.split())
    assert "You saidLater closing on Fridays" in said
    assert ANSWER.wording in said
    assert "Said 11 times before, twice since." in said
    assert "Told on 18 September 2026: Canal Street Friday session." in said


def test_rows_unaccounted_for_are_said_before_anything_else_about_quality(tmp_path: Path) -> None:
    lost = replace(content(), quality=replace(content().quality, unaccounted=3))
    said = pack(tmp_path, lost).text
    assert "3 rows are unaccounted for." in said
    assert "Every row read is accounted for" not in said


def test_quality_names_what_is_waiting_covered_hidden_and_judged(page: Page) -> None:
    assert "the oldest row has waited since 6 October 2026" in page.text
    assert "heard from in September 2026 were, of the services, 2 of 3; of the sources, 4 of 5." in page.text
    assert "Matches confirmed 82% (61 of 74; 95 % interval 72% to 89%)" in page.text
    figures = [row for table in every_table(content()) for row in table.rows]
    hidden = sum(row.suppressed for row in figures)
    assert hidden > 0
    assert f"{hidden} of the {len(figures)} figures in this pack are not shown, or only in part" in page.text


def test_precision_that_nobody_judged_is_not_claimed(tmp_path: Path) -> None:
    unjudged = replace(content(), quality=Quality(content().quality.rows_by_fate))
    assert "its precision is not known" in pack(tmp_path, unjudged).text


def test_rows_by_fate_hide_small_numbers_too(page: Page) -> None:
    assert tables(page)["Rows read, by where they ended"] == ["|Exit questionnaire|40|c|9|c"]


def test_every_definition_is_in_the_method(page: Page) -> None:
    method = page.text[page.text.rindex("Quality of the data") :]
    for words in definitions(every_table(content())).values():
        assert words in method
    assert set(DEFINITIONS.values()) <= set(definitions(every_table(content())).values())


def test_markup_in_titles_names_and_wordings_is_shown_and_not_run(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    answer = replace(ANSWER, title=nasty, wording=nasty, service=nasty, told=nasty, difference=nasty)
    bad = replace(
        content(),
        council=nasty,
        sentence=nasty,
        stories=(answer,),
        closures=(answer,),
        exceptions=Exceptions((replace(LINE, title=nasty, detail=nasty),)),
        names={"yjs": nasty, "hubs": "]]></svg><b>"},
    )
    page = pack(tmp_path, bad)
    check_asks_for_nothing(page)
    assert page.all("img") == []
    assert page.all("b") == []
    assert page.text.count("<script>alert(1)</script>") > 6


def test_a_pack_without_the_tables_of_a_month_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="funnel"):
        write_pack(tmp_path, replace(content(), tables=without(content().tables, "funnel")))


def without(tables: Iterable[Table], code: str) -> tuple[Table, ...]:
    return tuple(table for table in tables if table.code != code)


def test_a_month_in_which_nobody_said_anything_still_makes_a_pack(tmp_path: Path) -> None:
    empty = Chart("Closed within 20 working days", (), None)
    silent = tuple(table.with_rows(replace(row, n=0, count=0, value=None, low=None, high=None) for row in table.rows)
                   for table in content().tables)  # fmt: skip
    page = pack(tmp_path, replace(content(), tables=silent, chart=empty))
    check_is_accessible(page)
    assert "No month can be drawn yet" in page.text
    assert "Too early to tell" in page.text
