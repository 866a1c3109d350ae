"""Identifying details: what is found and hidden, what is left, and that no text makes it slow."""

import re
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.privacy import PrivacyLists
from heardback.domain.identifying.redaction import Kind, Redactor

HERE = Path(__file__).parents[1]
KINDS = {
    "email": Kind.EMAIL, "phone": Kind.PHONE, "postcode": Kind.POSTCODE, "handle": Kind.HANDLE, "nhs": Kind.NHS_NUMBER,
    "ni": Kind.NI_NUMBER, "dob": Kind.BIRTH_DATE, "address": Kind.ADDRESS, "name": Kind.NAME, "school": Kind.SCHOOL,
    "url": Kind.URL,
}  # fmt: skip
MARKED = re.compile(r"\{(\w+)\|([^}]*)\}")
TABLE = (HERE / "identifying_spans.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.of()


def test_the_table_holds_at_least_40_marked_spans_of_every_kind() -> None:
    marks = [kind for line in TABLE for kind, _ in MARKED.findall(line)]
    assert len(marks) >= 40
    assert set(marks) == set(KINDS)


@pytest.mark.parametrize("line", TABLE)
def test_every_marked_span_is_hidden_under_its_kind_and_nothing_else_is(line: str, redactor: Redactor) -> None:
    expected = MARKED.sub(lambda mark: f"[{KINDS[mark[1]]} hidden]", line)
    assert redactor.hide(MARKED.sub(r"\2", line)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "10 minutes walk down the road", "the after school club", "may i say it will be a hard grant to get",
        "in May we go to the park", "open at 10 30 on Sundays", "mark the pitch and ring 101", "£07700900123",
        "level 2 childcare at college", "2 hours on the road", "we need a new school", "year e2 4th floor", "b4 5pm",
        "I hope summer is fun. Will it be? Grace period", "my snap is broken", "the high school bus",
        "we met at Marsh Dale", "room 12 at the hub is cold", "score was 21-14 on 3/4",
    ],
)  # fmt: skip
def test_ordinary_words_and_figures_are_left_as_they_stand(text: str, redactor: Redactor) -> None:
    assert redactor.hide(text) == text


def test_a_surname_is_hidden_with_the_name_and_a_possessive_stays(redactor: Redactor) -> None:
    assert redactor.hide("Josh Taylor's bike and Amina's too") == "[name hidden]'s bike and [name hidden]'s too"


def test_the_councils_staff_places_and_word_names_are_found() -> None:
    lists = PrivacyLists(
        given_names=("Bramwick",), never_names=("Josh",), schools=("The Bridge",), places=("Fern Unit",)
    )
    own = Redactor.of(lists, staff=["Zebedee Quill"])
    text = (
        "zebedee at the bridge, bramwick from fern unit, josh. Will it be? My worker will, and i will ask Mr Grey. "
        "Saw Quill"
    )
    assert own.hide(text) == (
        "[name hidden] at [school hidden], [name hidden] from [place hidden], josh. Will it be? "
        "My worker [name hidden], and i will ask [name hidden]. Saw [name hidden]"
    )


def test_what_a_council_lets_be_shown_is_shown_and_no_more_than_that() -> None:
    own = Redactor.of(PrivacyLists(shown=("0800 1111", "Harry Potter")))
    assert own.hide("ring 0800 1111, Harry Potter or Harry") == "ring 0800 1111, Harry Potter or [name hidden]"


def test_spans_say_exactly_where_they_stand(redactor: Redactor) -> None:
    text = "ring Callum on 07700 900123 now"
    found = [(text[span.start : span.end], span.kind.value) for span in redactor.find(text)]
    assert found == [("Callum", "name"), ("07700 900123", "phone number")]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("943 476 5919", True),  # the NHS Data Dictionary's example
        ("9434765919", True),
        ("9434765918", False),  # a wrong check digit
        ("nhs 9434765918", True),  # but they say that it is one
        ("943 476 5918", True),  # and nothing else is set 3-3-4
        ("94347659190", False),
    ],
)
def test_ten_figures_are_an_nhs_number_by_check_digit_setting_or_words(
    redactor: Redactor, text: str, is_one: bool
) -> None:
    assert (Kind.NHS_NUMBER in {span.kind for span in redactor.find(text)}) is is_one


def test_kinds_of_a_batch_come_as_lists_under_the_same_index(redactor: Redactor) -> None:
    texts = pd.Series(["mail a@example.org or b@example.org, Chloe", "the bins", None], index=["x", "y", "z"])
    found = redactor.kinds_in(texts)
    assert found.to_dict() == {"x": ["e-mail address", "name"], "y": [], "z": []}


def test_overlapping_finds_become_one_and_none_of_their_letters_stay(redactor: Redactor) -> None:
    assert redactor.hide("callum.jones@example.org") == "[e-mail address hidden]"
    assert redactor.hide("@callum_jones") == "[social media name hidden]"


HOSTILE = {
    "letters": "a", "capitals": "A ", "figures": "0 1 ", "at": "a@", "dots": "a.", "doors": "12 A ",
    "streets": "1 oak ", "schools": "Oak School ", "titles": "Mr ", "figure words": "oh double ",
    "figures said": "0 11 22 ", "space": " ",
    "handles": "snap a", "apostrophes": "a'", "names": "Josh ", "names joined": "Josh and ", "a list": "josh, ",
    "unlisted": "Zyv and ", "digits": "1", "dashes": "1-", "births": "dob is ", "homes": "i live on the a ",
    "flats": "flat 1, ", "references": "case ref ", "cars": "car aa11 ", "spoken": "a dot ", "addresses": "a@b.",
    "links": "www.", "insurance": "AB 12 ", "ladies": "Our Lady of ", "particles": "Jan van der ", "accents": "é",
    "postcodes": "e1 1a", "lines": "\n", "initials": "A. ", "emoji": "😀", "mixed": "my friend Jo@1 0 Oak School, ",
}  # fmt: skip
LONG = 30_000


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_takes_a_breath_and_twice_as_much_no_more_than_two(redactor: Redactor, piece: str) -> None:
    """Four times as long would mean that time grows with the square of the length."""
    text = (piece * LONG)[:LONG]
    half = min(_seconds(redactor, text[: LONG // 2]) for _ in range(2))
    most = min(3, 3 * half + 0.3)
    # Other work on the machine only ever slows a try down, so the longer text has a second one where it needs it.
    assert any(_seconds(redactor, text) < most for _ in range(2))


def _seconds(redactor: Redactor, text: str) -> float:
    """Of one core."""
    started = time.process_time()
    redactor.hide(text)
    return time.process_time() - started


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_in_any_text_spans_are_ordered_apart_and_all_outside_them_is_kept(text: str) -> None:
    redactor = Redactor.of(PrivacyLists(places=("The Bridge",)))
    spans = redactor.find(text)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    outside = [text[start:end] for start, end in zip([0, *edges[1::2]], [*edges[::2], len(text)], strict=True)]
    labels = [f"[{span.kind} hidden]" for span in spans]
    assert redactor.hide(text) == "".join(part for pair in zip(outside, [*labels, ""], strict=True) for part in pair)


@given(
    st.sampled_from(["07700 900123", "jo@example.org", "LS9 7ZZ", "943 476 5919", "AB 12 34 56 C"]),
    st.text("abc ,!", max_size=60),
    st.text("abc ,!", max_size=60),
)
@settings(max_examples=100, deadline=None)
def test_a_number_or_address_is_hidden_whatever_stands_around_it(secret: str, before: str, after: str) -> None:
    assert secret not in Redactor.of().hide(f"{before} ; {secret} ; {after}")
