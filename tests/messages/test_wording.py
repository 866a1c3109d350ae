"""Loops in words, and words made harmless."""

from datetime import date
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.domain.deadlines import Step
from heardback.messages import wording
from tests.nudge_makers import open_loop


@pytest.mark.parametrize(
    ("overdue", "words"),
    [
        (1, "overdue by 1 working day"),
        (2, "overdue by 2 working days"),
        (0, "due by 13 Nov"),
        (-1, "due in 1 working day, by 13 Nov"),
        (-3, "due in 3 working days, by 13 Nov"),
    ],
)
def test_how_late_a_loop_is_stands_in_working_days(overdue: int, words: str) -> None:
    assert wording.due(open_loop(overdue_days=overdue, due_on=date(2026, 11, 13))) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 9), date(2026, 11, 9), "9 Nov"),
        (date(2026, 11, 3), date(2026, 11, 9), "3–9 Nov"),
        (date(2026, 10, 28), date(2026, 11, 3), "28 Oct – 3 Nov"),
        (date(2025, 12, 30), date(2026, 1, 2), "30 Dec 2025 – 2 Jan 2026"),
    ],
)
def test_a_span_of_days_is_said_as_briefly_as_it_stays_clear(first: date, last: date, words: str) -> None:
    assert wording.heard_span(first, last) == words


@pytest.mark.parametrize("title", ["", " ", "\u200b\u202e"])
def test_a_loop_without_a_visible_title_is_called_by_its_number_and_its_dates(title: str) -> None:
    loop = open_loop(142, title=title, voices=14)
    assert wording.loop_title(loop) == wording.loop_name(loop) == "L-0142, 14 comments heard 3–9 Nov"
    assert wording.loop_title(open_loop(title="", voices=1)).startswith("L-0142, 1 comment heard")


def test_one_voice_is_a_person_and_more_are_people() -> None:
    assert wording.voices(open_loop(voices=1)) == "1 person said this"
    assert wording.voices(open_loop(voices=14)) == "14 people said this"


def test_every_next_step_has_words() -> None:
    said = {wording.next_step(open_loop(next_step=step)) for step in Step}
    assert len(said) == len(Step)
    assert wording.next_step(open_loop(next_step="tell")) == "tell people what was decided"


def test_characters_that_hide_or_turn_text_are_taken_out() -> None:
    assert wording.plain("pay\u202eday\u200b now\x00\n\tplease ", 50) == "payday now please"


def test_a_long_line_is_cut_with_an_ellipsis_and_never_over_its_limit() -> None:
    assert wording.plain("a" * 11, 10) == "a" * 9 + "…"
    assert wording.plain("a" * 10, 10) == "a" * 10


@pytest.mark.parametrize(
    "token", ["<!channel>", "<!here>", "<@U123>", "<https://example.org|press>", "&lt;!channel&gt;"]
)
def test_slacks_own_signs_come_out_as_plain_characters(token: str) -> None:
    said = wording.escaped(token, 100)
    assert "<" not in said
    assert ">" not in said
    assert unescape(said) == token


@given(text=st.text(max_size=400) | st.text(alphabet="&<>! ", max_size=400), limit=st.integers(10, 150))
def test_escaped_text_is_inert_and_within_its_limit_whatever_was_written(text: str, limit: int) -> None:
    said = wording.escaped(text, limit)
    assert len(said) <= limit
    assert not set("<>\n\r\x00\u202e") & set(said)
    rest = said
    for entity in ("&amp;", "&lt;", "&gt;"):
        rest = rest.replace(entity, "")
    assert "&" not in rest


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("own", "say who will answer it. Written in Polish: ask for a translation before you decide"),
        (
            "decide",
            "decide what will happen, and record it. Written in Polish: ask for a translation before you decide",
        ),
        ("tell", "tell people what was decided. Written in Polish: tell them in it too"),
        ("keep", "do what was promised, or say why not"),
    ],
)
def test_what_is_not_in_english_is_to_be_translated_first(step: str, words: str) -> None:
    assert wording.next_step(open_loop(next_step=step, written="in Polish")) == words


@pytest.mark.parametrize(
    ("overdue", "words"), [(2, "L-0142, 14 comments heard 3–9 Nov"), (230, "L-0142, 14 comments heard 3–9 Nov 2026")]
)
def test_what_was_heard_a_year_ago_says_in_which_year(overdue: int, words: str) -> None:
    """“Heard 9 Nov”, read in November, is this month and not the one of last year."""
    assert wording.loop_title(open_loop(title="", overdue_days=overdue)) == words


def test_a_change_is_called_as_its_register_calls_it() -> None:
    assert [wording.change_name(uid) for uid in ("log:C-77", "C-77")] == ["C-77", "C-77"]


def test_what_is_decided_and_not_told_says_since_when() -> None:
    told_next = open_loop(next_step=Step.TELL, decided_on=date(2026, 11, 2))
    assert wording.decided(told_next) == ["decided on 2 Nov, not told yet"]
    assert wording.decided(open_loop(next_step=Step.KEEP, decided_on=date(2026, 11, 2))) == []
