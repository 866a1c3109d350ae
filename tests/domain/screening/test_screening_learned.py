"""The learned part of screening: measured where it never learned, the same each time; it clears no phrase."""

import json
import math
import re
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.screening import LikenessMarks, Phrase, ScreeningPhrases, read_screening
from config.weights import EXAMPLES, NAME, Weights, read_weights
from heardback.domain.screening.judging import read_aloud, screen
from heardback.domain.screening.learning import learn
from heardback.domain.screening.likeness import EVEN, Likeness, found_for, word_parts, words_of
from heardback.domain.screening.screening_figures import screening_figures

CONFIG, HERE = Path(__file__).parents[3] / "config", Path(__file__).parents[1]


def lines_of(path: Path) -> pd.DataFrame:
    return pd.DataFrame(map(json.loads, path.read_text(encoding="utf-8").splitlines()))


def measured_half() -> pd.DataFrame:
    """By a hash of the id: the other half was learned from."""
    comments = lines_of(HERE / "screening_halves.jsonl")
    kept = [int(sha256(each.encode()).hexdigest(), 16) % 2 == 1 for each in comments["id"]]
    return comments[kept].reset_index(drop=True)


@pytest.fixture(scope="module")
def shipped() -> ScreeningPhrases:
    phrases, faults = read_screening(CONFIG)
    assert faults == []
    assert phrases is not None
    return phrases


@pytest.fixture(scope="module")
def held_out() -> pd.DataFrame:
    told = [measured_half(), lines_of(HERE / "screening_fresh.jsonl"), lines_of(HERE / "screening_blind.jsonl")]
    return pd.concat(told, ignore_index=True)


def weighed(weights: dict[str, float], *phrases: Phrase, **marks: float) -> ScreeningPhrases:
    found = phrases or (Phrase(phrase="zebra", reason="a zebra"),)
    listed = ScreeningPhrases(version="1", disclosures=found, non_answers=("nothing",), likeness=LikenessMarks(**marks))  # type: ignore[arg-type]
    return listed.model_copy(update={"weights": Weights(str(weights), weights)})


def first(text: str, phrases: ScreeningPhrases) -> list[object]:
    row: list[object] = screen(pd.Series([text]), phrases).iloc[0].tolist()
    return row


def test_of_held_out_disclosures_95_in_100_are_held_back_and_of_the_others_no_more_than_25(
    shipped: ScreeningPhrases, held_out: pd.DataFrame
) -> None:
    figures = screening_figures(held_out.join(screen(held_out["text"], shipped)))
    assert (figures["recall"]["n"], figures["false_alarms"]["n"]) == (536, 900)
    assert figures["recall"]["share"] >= 0.95
    assert figures["false_alarms"]["share"] <= 0.25


@pytest.mark.parametrize(("hand", "disclosures", "others"), [("first", 128, 260), ("second", 106, 220)])
def test_both_limits_hold_for_each_hand_that_wrote_without_sight_of_anything(
    shipped: ScreeningPhrases, held_out: pd.DataFrame, hand: str, disclosures: int, others: int
) -> None:
    theirs = held_out[held_out["hand"] == hand].reset_index(drop=True)
    figures = screening_figures(theirs.join(screen(theirs["text"], shipped)))
    assert (figures["recall"]["n"], figures["false_alarms"]["n"]) == (disclosures, others)
    assert figures["recall"]["share"] >= 0.95
    assert figures["false_alarms"]["share"] <= 0.25


@pytest.mark.parametrize(
    "said", ["Excel", "retired", "Nice people.", "They were really nice.", "offline widgets", "bus 42"]
)
def test_a_short_answer_about_nothing_in_particular_is_not_held_back(shipped: ScreeningPhrases, said: str) -> None:
    assert first(said, shipped)[0] == "clear"


def test_nothing_was_learned_from_what_is_measured(held_out: pd.DataFrame) -> None:
    def bare(texts: pd.Series) -> set[str]:
        return {" ".join(sorted(set(re.findall(r"[^\W_]+|[^\x00-\x7f]", text.lower())))) for text in texts}

    assert bare(held_out["text"]) & bare(lines_of(CONFIG / EXAMPLES)["text"]) == set()


def test_the_shipped_weights_were_learned_from_the_shipped_examples() -> None:
    counts = lines_of(CONFIG / EXAMPLES)["label"].value_counts()
    said = (CONFIG / NAME).read_text(encoding="utf-8").partition("\n")[0]
    assert f"{counts['disclosure']} disclosures, {counts['not']} others and " in said


def test_the_same_examples_give_the_same_weights() -> None:
    examples = lines_of(CONFIG / EXAMPLES).iloc[::40]
    read, reasons, _ = read_aloud(examples["text"].tolist(), weighed({}))
    labels = (examples["label"] == "disclosure").tolist()
    once, again = learn(read, reasons, labels), learn(read, reasons, labels)
    assert once == again
    known = Likeness(once)
    weights = pd.Series([known.of(text) for text in read])
    assert weights[labels].mean() > 1 > -1 > weights[[not label for label in labels]].mean()


def test_learning_from_one_kind_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="both kinds"):
        learn([" a b ", " c "], [[], []], [True, True])


def test_a_phrase_that_was_found_weighs_what_its_reason_does() -> None:
    known = Likeness({EVEN: -1.0, "!told to keep a secret": 3.0})
    assert known.of(" our secret ") == -1.0
    assert known.of(" our secret ", ["told to keep a secret"]) == pytest.approx(-1.0 + 3.0 / 2)  # √(2 words + 2)


def test_pairs_of_neighbours_and_of_words_one_apart_are_weighed() -> None:
    known = Likeness({"hits me": 2.0, "hits _ hard": 4.0})
    assert known.of(" hits me hard ") == pytest.approx(6 / 5**0.5)
    assert known.of(" me hits hard ") == 0


def one_by_one(weights: dict[str, float], read: str, reasons: list[str]) -> float:
    """As the weights are meant: every sign of a comment once, found one after the other."""
    words, pairs = words_of(read)
    signs = [part for word in words for part in word_parts(word)]
    heavy = sum(weights.get(sign, 0.0) for sign in [*signs, *pairs, *found_for(reasons)])
    return weights.get(EVEN, 0.0) + heavy / math.sqrt(len(words) + 2)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["my", "hits", "me", "bruise", "contusion", "zebra", "."]), max_size=9), max_size=5
    )
)
def test_many_comments_at_once_weigh_what_each_weighs_sign_by_sign(spoken: list[list[str]]) -> None:
    weights = {
        EVEN: -0.5, "my": 0.25, "~<hi": 1.0, "~<my>": 2.0, "my hits": 4.0, "hits _ me": 8.0, "bruise": 16.0,
        "~uis": 32.0, ". my": 256.0, ".": 999.0, "!a cue": 512.0,
    }  # fmt: skip
    read = [f" {' '.join(words)} " for words in spoken]
    reasons = [["a cue"] * (len(words) % 2) for words in spoken]
    told = [one_by_one(weights, text, why) for text, why in zip(read, reasons, strict=True)]
    assert Likeness(weights).of_all(read, reasons).tolist() == pytest.approx(told)


def test_the_shipped_weights_weigh_the_held_out_comments_alike_at_once_and_sign_by_sign(
    shipped: ScreeningPhrases, held_out: pd.DataFrame
) -> None:
    assert shipped.weights is not None
    weights = dict(shipped.weights.by_sign)
    read, reasons, _ = read_aloud(held_out["text"].tolist()[::8], shipped)
    told = [one_by_one(weights, text, why) for text, why in zip(read, reasons, strict=True)]
    assert Likeness(weights).of_all(read, reasons).tolist() == pytest.approx(told)


def test_weights_never_clear_what_a_phrase_holds_back() -> None:
    phrases = weighed({EVEN: -9.0}, Phrase(phrase="hits me", reason="hurt by someone", priority=1))
    assert first("he hits me", phrases) == ["flagged", 1, ["hurt by someone"]]


def test_a_phrase_that_is_not_enough_alone_needs_the_weights() -> None:
    secret = Phrase(phrase="secret", reason="a secret", priority=2, alone=False)
    assert first("a secret", weighed({EVEN: -9.0}, secret)) == ["clear", 4, []]
    assert first("a secret", weighed({EVEN: 0.0}, secret)) == ["flagged", 2, ["a secret", "reads like a disclosure"]]
    without = ScreeningPhrases(version="1", disclosures=(secret,))
    assert first("a secret", without) == ["flagged", 2, ["a secret"]]


@pytest.mark.parametrize(
    ("even", "verdict", "priority"), [(-2.1, "clear", 4), (-1.9, "flagged", 3), (1.1, "flagged", 2)]
)
def test_the_marks_decide_what_is_held_back_and_how_soon_it_is_read(even: float, verdict: str, priority: int) -> None:
    assert first("who knows", weighed({EVEN: even}, hold_at=-2.0, soon_at=1.0))[:2] == [verdict, priority]


@pytest.mark.parametrize(("less", "verdict"), [(0.4, "flagged"), (0.6, "clear")])
def test_one_sentence_holds_back_a_long_comment_where_it_weighs_enough_alone(less: float, verdict: str) -> None:
    """`locked in` alone: -1 + 4 / sqrt(2 words + 2) = 1; among eleven words it is about 0.1."""
    phrases = weighed({EVEN: -1.0, "locked in": 4.0}, hold_at=0.5, soon_at=5.0, sentence_less=less)
    assert first("we made a big cake today. locked in. see you all", phrases)[0] == verdict
    assert first("we made a big cake today locked in see you all", phrases)[0] == "clear"


@pytest.mark.parametrize(("weight", "verdict"), [(4.0, "flagged"), (2.0, "clear")])
def test_a_phrase_found_in_one_sentence_weighs_there_too(weight: float, verdict: str) -> None:
    """`a secret` alone: -1 + 4 / sqrt(2 words + 2) = 1; among ten words it is about 0.15."""
    secret = Phrase(phrase="secret", reason="a secret", alone=False)
    phrases = weighed({EVEN: -1.0, "!a secret": weight}, secret, hold_at=0.5, soon_at=5.0, sentence_less=0.4)
    assert first("we made a big cake today. a secret. see you all", phrases)[0] == verdict


def test_comments_are_told_apart_when_many_are_read_at_once() -> None:
    phrases = weighed({EVEN: -1.0, "locked in": 4.0, "hits me": 9.0}, hold_at=0.5, soon_at=5.0, sentence_less=0.4)
    texts = ["a cake", "we made a cake today. locked in. see you all", "", "he locked", "in a cake. hits me", "nothing"]
    read = screen(pd.Series(texts), phrases)["verdict"].tolist()
    assert (
        read
        == ["clear", "flagged", "clear", "clear", "flagged", "clear"]
        == [first(text, phrases)[0] for text in texts]
    )


def test_what_says_nothing_is_not_weighed() -> None:
    assert first("nothing", weighed({EVEN: 5.0}))[0] == "clear"
    assert first("", weighed({EVEN: 5.0}))[0] == "clear"


def test_a_broken_line_of_weights_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("a\t1\nb\tnan\n", encoding="utf-8")
    weights, faults = read_weights(tmp_path)
    assert weights is None
    assert [fault.line for fault in faults] == [2]
