"""What counts as an answer, and what only sounds like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.reports.vagueness import asks_something, says_something

EMPTY = [
    "We included all the feedback you gave us.",
    "We have listened to what you said and will take it on board going forward.",
    "Your views are important to us.",
    "We are looking into it as quickly as we can this month.",
    "We will consider all of your suggestions when we next plan the service.",
    "Thank you for your feedback. It has been passed on to the right team.",
    "We will review this at our next meeting with the managers.",
    "We continue to improve the way that our service works for you.",
    "We used your feedback to make the service better for everyone.",
    "We are working hard to make things better for all of you.",
    "Your comments have been shared with managers across the council.",
    "We take all of the things you tell us very seriously.",
    "Done.",
    "We made improvements.",
    "",
]
REAL = [
    "We fixed the front door.",
    "There is free wi-fi downstairs. The password is on a card at the front desk.",
    "We listened to you. Chain nets will go up and the lines will be painted again by the end of March.",
    "We cannot open late on Fridays because we do not have two staff to keep the building safe.",
    "Thank you for your feedback. The apply button now opens the right form.",
    "Twelve young people meet every eight weeks and get paid in vouchers.",
    "We passed a new rule: no meeting starts in lesson time.",
]


@pytest.mark.parametrize("wording", EMPTY)
def test_an_answer_that_tells_nobody_what_was_done_says_nothing(wording: str) -> None:
    assert not says_something(wording)


@pytest.mark.parametrize("wording", REAL)
def test_an_answer_with_a_fact_in_it_says_something(wording: str) -> None:
    assert says_something(wording)


@pytest.mark.parametrize(
    "title", ["", "  ", "Feedback", "General comments", "Various views on our service", "Issue 3", "…"]
)
def test_a_title_without_a_thing_in_it_asks_for_nothing(title: str) -> None:
    assert not asks_something(title)


@pytest.mark.parametrize("title", ["Later bus home", "Feedback box at Marsh Lane", "General waiting room", "Nets"])
def test_a_title_that_names_a_thing_asks_for_it(title: str) -> None:
    assert asks_something(title)


@given(st.lists(st.sampled_from(EMPTY), min_size=1, max_size=4))
def test_no_number_of_long_empty_sentences_adds_up_to_an_answer(sentences: list[str]) -> None:
    assert not says_something(" ".join(sentence for sentence in sentences if len(sentence.split()) > 3))


@given(st.sampled_from(REAL), st.lists(st.sampled_from(EMPTY), max_size=3))
def test_politeness_around_an_answer_does_not_take_it_away(answer: str, around: list[str]) -> None:
    assert says_something(" ".join([*around, answer, *around]))
