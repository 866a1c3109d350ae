"""A glance decides which finders read a comment: it may send one in vain, and keeps none from what it would find."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heardback.domain.identifying import cues, glance
from heardback.domain.identifying.glance import EVERYTHING, LISTED, Glance
from heardback.domain.identifying.lexicon import Lexicon
from heardback.domain.identifying.people import find_people
from heardback.domain.identifying.redaction import BY_LEXICON, BY_PATTERN, Kind, Redactor

HERE = Path(__file__).parents[1]
LEXICON = Lexicon.of()
LOOKING = Glance(LEXICON)
CUES = sorted({word for name in dir(cues) if isinstance(listed := getattr(cues, name), frozenset) for word in listed})
ODD = [
    "3", "07", "12", "2011", "SE15 4QR", "flat 3", "roomB", "@bob", "bob_12", "bob#1234", "k", "B", "Zed", "tyvone",
    "www.x.org", "x.com/y", "a@b.org", "born 05/06/2011", "bobgmail.com", "0 7 7 double two", "AB123456C", "i’m on",
    "nought nine five seven eight nine six", "943 476 5919", "AB12 CDE", "ref AB/12/345", "st bedes",
    "Oak Lane Estate",
]  # fmt: skip


def missed(texts: Sequence[str]) -> list[tuple[str, Kind]]:
    """What a finder finds in a text that a glance keeps it from."""
    return [(text, kind) for text in texts for kind, sign in kinds_and_signs(text) if not LOOKING.at(text) & sign]


def kinds_and_signs(text: str) -> Iterator[tuple[Kind, int]]:
    yield from ((kind, sign) for kind, sign, find in BY_PATTERN if any(find(text)))
    yield from ((kind, sign) for kind, sign, find in BY_LEXICON if any(find(text, LEXICON)))
    if any(find_people(text, LEXICON)):
        yield Kind.NAME, glance.NAME


def labelled() -> list[str]:
    lines = [line for path in HERE.glob("identifying_*.jsonl") for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line)["text"] for line in lines] + (HERE / "identifying_spans.txt").read_text(
        encoding="utf-8"
    ).splitlines()


def made_up(count: int, seed: int) -> list[str]:
    """Texts of the words that the finders wait for, names among them, put together anyhow."""
    dice = random.Random(seed)  # noqa: S311
    names = [dice.sample(sorted(listed), 60) for listed in (LEXICON.given, LEXICON.words, LEXICON.surnames)]
    words = [*CUES, *ODD * 8, *(word for listed in names for word in listed)]
    words += [word for _, listed in LISTED for word in sorted(listed)]

    def written(word: str) -> str:
        return dice.choice([word, word, word.capitalize(), word.capitalize(), f"{word}'s", f"{word}s", word.upper()])

    gaps = [" ", " ", " ", " ", ", ", ". ", " and ", "-", ": ", "\n"]
    return [
        "".join(written(dice.choice(words)) + dice.choice(gaps) for _ in range(dice.randint(2, 7)))
        for _ in range(count)
    ]


def test_no_finder_is_kept_from_what_it_would_find_in_any_labelled_comment() -> None:
    texts = labelled()
    assert len(texts) > 800
    assert sum(1 for text in texts for _ in kinds_and_signs(text)) > 500
    assert missed(texts) == []


def test_a_door_in_words_calls_for_the_finder_of_addresses() -> None:
    said = "eighteen Ropewalk Lane has mice"
    assert Kind.ADDRESS in {kind for kind, _ in kinds_and_signs(said)}
    assert missed([said]) == []


def test_no_finder_is_kept_from_what_it_would_find_in_made_up_texts() -> None:
    texts = made_up(2_500, seed=5)
    assert {kind for text in texts for kind, _ in kinds_and_signs(text)} >= set(Kind) - {Kind.PLACE}
    assert missed(texts) == []


def test_every_name_begins_with_a_word_that_a_glance_points_to() -> None:
    texts = [*labelled(), *made_up(2_500, seed=6)]
    pointed = [[*find_people(text, LEXICON, LOOKING.names_in(text))] for text in texts]
    assert sum(map(len, pointed)) > 1_000
    assert pointed == [[*find_people(text, LEXICON)] for text in texts]


def test_of_an_ordinary_sentence_no_word_is_pointed_to_and_of_odd_letters_all_are() -> None:
    assert list(LOOKING.names_in("the food was cold and Jayden said so") or ()) == [5]
    assert LOOKING.names_in("my ıg") is None


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("iıſsK\u212aİkK @#./0159aAtTmMeE'’-_"), max_size=40))
def test_no_unusual_letter_keeps_a_finder_away(text: str) -> None:
    assert missed([text]) == []


def test_an_ordinary_comment_calls_for_no_finder() -> None:
    assert LOOKING.at("The food was cold again and nobody told us why, so we went without") == 0


def test_letters_that_a_pattern_takes_for_others_call_for_every_finder() -> None:
    assert LOOKING.at("my ıg") == EVERYTHING


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("write to bobgmail.com", glance.EMAIL), ("see www.club", glance.URL), ("my at is bobby", glance.HANDLE),
        ("i live on oak road", glance.ADDRESS), ("St Bride's school", glance.SCHOOL), ("ask Jayden", glance.NAME),
        ("my friend tyvone", glance.NAME), ("born 5 May", glance.FIGURES), ("oh seven seven", glance.PHONE),
    ],
)  # fmt: skip
def test_each_sign_is_seen(text: str, sign: int) -> None:
    assert LOOKING.at(text) & sign


def test_a_councils_own_names_call_for_reading() -> None:
    redactor = Redactor.of(None, ["Xyla Quorn"])
    assert redactor.hide("xyla was kind") == "[name hidden] was kind"
    assert redactor.hide("nobody was kind") == "nobody was kind"


def test_the_memory_of_words_begins_anew_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heardback.domain.identifying.glance.MOST_KNOWN", 2)
    monkeypatch.setattr("heardback.domain.identifying.name_signs.MOST_KNOWN", 2)
    fresh = Glance(LEXICON)
    texts = ["one two three four five", "ask Jayden about it", "one two three four five", "my insta"]
    assert [fresh.at(text) for text in texts] == [LOOKING.at(text) for text in texts]
