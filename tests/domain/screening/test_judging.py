"""Screening: what is held back, what is diverted, what asks for nothing; and that no text makes it slow."""

import time
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.reading import read_model
from config.screening import Phrase, ScreeningPhrases
from heardback.domain.screening.judging import judge, screen
from heardback.domain.screening.phrasing import Finder, Phrasebook

CONFIG = Path(__file__).parents[3] / "config"
LABELLED = Path(__file__).parents[1] / "screening_comments.jsonl"


@pytest.fixture(scope="module")
def phrases() -> ScreeningPhrases:
    read, _, faults = read_model(ScreeningPhrases, CONFIG / "screening.yaml")
    assert faults == []
    assert read is not None
    return read


@pytest.fixture(scope="module")
def labelled(phrases: ScreeningPhrases) -> pd.DataFrame:
    comments = pd.read_json(LABELLED, lines=True)
    return comments.join(screen(comments["text"], phrases))


def listed(*disclosures: str, **lists: object) -> ScreeningPhrases:
    """A council's list with these phrases, all for the same reason."""
    held = tuple(Phrase(phrase=phrase, reason="hurt by someone", priority=1) for phrase in disclosures)
    return ScreeningPhrases(version="test", disclosures=held, **lists)  # type: ignore[arg-type]


def verdicts(texts: list[str], phrases: ScreeningPhrases) -> list[str]:
    return screen(pd.Series(texts, dtype="str"), phrases)["verdict"].tolist()


# The labelled table was written by the hand that wrote the phrases, and the phrases were then made to fit it. These are
# floors that a change must not fall through, not a measure of what the list finds in comments that it has not met.


def test_of_the_labelled_disclosures_at_least_95_in_100_are_held_back(labelled: pd.DataFrame) -> None:
    disclosures = labelled[labelled["label"] == "disclosure"]
    assert len(disclosures) >= 200
    assert (disclosures["verdict"] == "flagged").mean() >= 0.95


def test_of_the_labelled_harmless_comments_at_most_10_in_100_are_held_back(labelled: pd.DataFrame) -> None:
    harmless = labelled[labelled["label"] == "not"]
    assert len(harmless) >= 150
    assert (harmless["verdict"] == "flagged").mean() <= 0.10


def test_every_labelled_complaint_is_diverted(labelled: pd.DataFrame) -> None:
    assert set(labelled.loc[labelled["label"] == "complaint", "verdict"]) == {"complaint"}


def test_harmless_ways_of_speaking_are_clear_and_are_read_last(phrases: ScreeningPhrases) -> None:
    texts = ["the lift is broken", "killing it at football", "we hit the gym on tuesdays", "this place is sick"]
    found = screen(pd.Series(texts), phrases)
    assert found["verdict"].tolist() == ["clear"] * 4
    assert found["priority"].tolist() == [4] * 4
    assert found["reasons"].tolist() == [[]] * 4


def test_a_harmless_expression_clears_only_its_own_words(phrases: ScreeningPhrases) -> None:
    assert verdicts(["killing it at football but my stepdad hits me"], phrases) == ["flagged"]


@pytest.mark.parametrize(
    "text",
    [
        "He hits me", "HE HITS ME!!", "he   hits\nme", "he hitsme", "h1ts me", "he hits, me",
        "he hits\u200b me", "he hìts me", "he hiiiits me",
    ],
)  # fmt: skip
def test_a_phrase_is_found_however_it_is_typed(text: str) -> None:
    assert verdicts([text], listed("(hit|hits) me")) == ["flagged"]


@pytest.mark.parametrize(
    "text", ["i want to k i l l m y s e l f", "killmyself", "kill my self", "k1ll mys3lf", "k*ll myself"]
)
def test_letters_set_apart_run_together_or_masked_are_put_right(text: str) -> None:
    assert verdicts([text], listed("kill myself")) == ["flagged"]


@pytest.mark.parametrize("text", ["im scarde of him", "scard of him", "scareed of him", "scated of him"])
def test_one_slip_in_a_listed_word_is_understood(text: str) -> None:
    assert verdicts([text], listed("scared of him", misspelt=("scared",))) == ["flagged"]


def test_a_word_that_only_looks_like_a_slip_is_left_alone() -> None:
    text = ["scaled of him"]
    assert verdicts(text, listed("scared of him", misspelt=("scared",))) == ["flagged"]
    assert verdicts(text, listed("scared of him", misspelt=("scared",), not_slips=("scaled",))) == ["clear"]


def test_a_listed_spelling_is_read_as_its_words_on_both_sides() -> None:
    phrases = listed("dont wanna be alive", spellings={"wanna": "want to", "dnt": "dont"})
    assert verdicts(["dnt wanna be alive", "don't want to be alive"], phrases) == ["flagged", "flagged"]


@pytest.mark.parametrize(
    ("phrase", "hit", "miss"),
    [
        ("suicid*", "feeling suicidal today", "a side door"),
        ("(hits|gets at) me", "she gets at me", "she gets me"),
        ("scared ... home", "scared of ever going back home", "scared one two three four five home"),
        ("my (new)? (dad|mum)", "my mum", "my new bike"),
        ("<adult> hits", "my step dad hits", "the ball hits"),
        ("hit me", "they hit me", "they hit. me too"),
        ("rape", "rape", "grape"),
    ],
)
def test_a_phrase_finds_what_the_top_of_the_file_says_it_finds(phrase: str, hit: str, miss: str) -> None:
    phrases = listed(phrase, word_groups={"adult": ("mum", "step dad")})
    assert verdicts([hit, miss], phrases) == ["flagged", "clear"]


def test_a_flag_goes_before_a_complaint_and_the_most_urgent_sign_comes_first() -> None:
    phrases = ScreeningPhrases(
        version="test",
        disclosures=(
            Phrase(phrase="secret", reason="told to keep a secret", priority=2),
            Phrase(phrase="hits me", reason="hurt by someone", priority=1),
        ),
        complaints=(Phrase(phrase="complaint", reason="names a complaint", priority=1),),
    )
    texts = pd.Series(["a complaint: he hits me, it is a secret", "a complaint"], index=["c-7", "c-9"])
    found = screen(texts, phrases)
    assert found.index.tolist() == ["c-7", "c-9"]
    assert found.loc["c-7"].tolist() == ["flagged", 1, ["hurt by someone", "told to keep a secret"]]
    assert found.loc["c-9"].tolist() == ["complaint", 1, ["names a complaint"]]


def test_reasons_are_labels_of_the_file_and_never_words_of_a_comment(
    labelled: pd.DataFrame, phrases: ScreeningPhrases
) -> None:
    labels = {phrase.reason for phrase in (*phrases.disclosures, *phrases.complaints)}
    assert set(labelled["reasons"].explode().dropna()) <= labels


def test_a_missing_text_and_an_empty_batch_are_clear() -> None:
    assert screen(pd.Series([None, ""], dtype="str"), listed("hits me"))["verdict"].tolist() == ["clear", "clear"]
    empty = screen(pd.Series([], dtype="str"), listed("hits me"))
    assert empty.columns.tolist() == ["verdict", "priority", "reasons"]
    assert empty.empty


def test_one_comment_is_judged_the_same_alone_and_in_a_batch(labelled: pd.DataFrame, phrases: ScreeningPhrases) -> None:
    some = labelled.iloc[::40]
    alone = [verdicts([text], phrases)[0] for text in some["text"]]
    assert alone == some["verdict"].tolist()


NON_ANSWERS = [
    "nothing",
    "N/A",
    "n/a.",
    "idk",
    "All good 👍",
    "Nothing really, all good!",
    "",
    "   ",
    "...",
    "🤷🏽",
    "-",
]
ANSWERS = ["nothing works", "no soap in the toilets", "nothing to do here on rainy days", "ok but longer"]
PRAISE = ["The staff are lovely", "best day ever!! thank you", "love it here 😍", "🔥🔥🔥"]
WISHES = [
    "lovely staff but open on sundays", "more trips, they are great", "great. the toilets smell", "",
    "it was good when we could stay late", "the room is upstairs",
]  # fmt: skip


def test_a_non_answer_is_told_whatever_it_is_dressed_in(phrases: ScreeningPhrases) -> None:
    assert judge(pd.Series(NON_ANSWERS), phrases)["says_nothing"].tolist() == [True] * len(NON_ANSWERS)


def test_an_answer_that_begins_like_a_non_answer_is_an_answer(phrases: ScreeningPhrases) -> None:
    assert judge(pd.Series(ANSWERS), phrases)["says_nothing"].tolist() == [False] * len(ANSWERS)


def test_praise_that_asks_for_nothing_is_told(phrases: ScreeningPhrases) -> None:
    assert judge(pd.Series(PRAISE), phrases)["only_praises"].tolist() == [True] * len(PRAISE)


def test_praise_never_hides_a_wish_or_a_fault(phrases: ScreeningPhrases) -> None:
    assert judge(pd.Series(WISHES), phrases)["only_praises"].tolist() == [False] * len(WISHES)


def test_answers_keep_their_index(phrases: ScreeningPhrases) -> None:
    texts = pd.Series(["nothing", "lovely staff"], index=[30, 4])
    judged = judge(texts, phrases)
    assert judged["says_nothing"].to_dict() == {30: True, 4: False}
    assert judged["only_praises"].to_dict() == {30: False, 4: True}


def test_judging_says_what_screening_says(labelled: pd.DataFrame, phrases: ScreeningPhrases) -> None:
    texts = pd.concat([labelled["text"].head(40), pd.Series(["nothing", "lovely staff", "nothing", ""])])
    judged = judge(texts, phrases)
    assert judged[["verdict", "priority", "reasons"]].equals(screen(texts, phrases))
    assert judged.index.equals(texts.index)


def test_what_is_tried_first_is_all_that_could_be_found(labelled: pd.DataFrame, phrases: ScreeningPhrases) -> None:
    """Phrases are passed over by their letters; none that its own pattern would find may be, however it is spaced."""
    book = Phrasebook(phrases.word_groups, phrases.spellings)
    written = [phrase.phrase for phrase in (*phrases.disclosures, *phrases.complaints)]
    finder, patterns = Finder(book, written), [book.pattern([phrase]) for phrase in written]
    found = 0
    for text in labelled.loc[labelled["label"] != "not", "text"]:
        plain = " ".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())
        for spaced in (plain, plain.replace("e", "e "), plain.replace(" me", "me")):
            read = f" {spaced} "
            held = [place for place, pattern in enumerate(patterns) if pattern.search(read)]
            found += len(held)
            assert finder.found(read) == held, labelled.loc[labelled["text"] == text, "label"].to_list()
    assert found > 200


def test_a_sentence_holds_no_phrase_that_the_whole_comment_does_not(
    labelled: pd.DataFrame, phrases: ScreeningPhrases
) -> None:
    """What is asked of a sentence is therefore only which of those it holds."""
    book = Phrasebook(phrases.word_groups, phrases.spellings)
    finder = Finder(book, [phrase.phrase for phrase in (*phrases.disclosures, *phrases.complaints)])
    read = [
        " ".join("".join(mark if mark.isalnum() else " " for mark in text.lower()).split()) for text in labelled["text"]
    ]
    held = 0
    for one, other in pairwise(read):
        whole = finder.found(f" {one} . {other} ")
        for sentence in (f" {one} ", f" {other} "):
            assert finder.found(sentence) == [place for place in whole if finder.holds(sentence, place)]
            held += len(finder.found(sentence))
    assert held > 200


HOSTILE = {
    "letters": "a" * 30_000,
    "single letters": "a " * 15_000,
    "half a phrase": "i dont want to " * 2_000,
    "gaps": "my mum he he he he " * 1_500,
    "stars": "a*" * 15_000,
    "non-answers": "nothing really " * 2_000 + "zebra",
    "new words": " ".join(f"hurt{number}me" for number in range(2_500)),
    "lines": "\n" * 30_000,
}


def test_hostile_texts_of_30000_letters_take_no_longer_than_a_breath_each(phrases: ScreeningPhrases) -> None:
    texts = pd.Series(HOSTILE)
    started = time.process_time()
    judge(texts, phrases)
    assert time.process_time() - started < 12  # under 2 is usual


def test_5000_comments_take_their_share_of_the_minute_that_100000_may(
    labelled: pd.DataFrame, phrases: ScreeningPhrases
) -> None:
    texts = pd.concat([labelled["text"]] * 20, ignore_index=True)[:5_000]
    started = time.process_time()
    screen(texts, phrases)
    assert time.process_time() - started < 60 * 5_000 / 100_000 + 2  # and the reading of the phrases


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_at_all_gets_a_verdict_and_a_held_phrase_stays_held_after_it(text: str) -> None:
    phrases = listed("hits me", harmless=("hit the gym",), non_answers=("nothing",), praise=("good",))
    assert verdicts([text], phrases)[0] in {"flagged", "clear"}
    assert verdicts([f"{text} . he hits me . "], phrases) == ["flagged"]


@given(st.lists(st.sampled_from(["he", "hits", "me", "nothing", ".", "hit", "the", "gym"]), max_size=12))
@settings(max_examples=80, deadline=None)
def test_among_plain_words_exactly_the_phrase_is_found(words: list[str]) -> None:
    follows = [words[place : place + 2] for place in range(len(words))]
    expected = "flagged" if ["hits", "me"] in follows else "clear"
    assert verdicts([" ".join(words)], listed("hits me")) == [expected]
