"""The gist: the mean place of a comment's words, joined to their weights; learned, written and read back."""

import math
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import gist as gists
from config.gist import Gist, pack_gist, read_gist
from config.weights import NAME, Weights, read_weights, write_weights
from heardback.domain.screening.learning_gist import SHARES, learn_gist
from heardback.domain.screening.likeness import EVEN, Likeness

PLACES = {"mum": (1.0, 0.0), "hit": (4.0, -2.0), "sang": (-3.0, 5.0)}
BIAS, OUT, STAYS, PARTS = (0.5, -1.0), (2.0, -3.0), 0.25, (0.5, 2.0, -1.0)


def small(*shares: float) -> Gist:
    floats = (np.array(each, dtype=np.float32) for each in ([*PLACES.values()], BIAS, OUT))
    places, bias, out = floats
    return Gist((*PLACES,), places, bias, out, STAYS, shares or PARTS)  # type: ignore[arg-type]


def by_hand(weights: dict[str, float], read: str) -> float:
    """One comment, as the modules say it is meant."""
    known = [PLACES[word] for word in read.split() if word in PLACES]
    mean = [sum(place[unit] for place in known) / len(known) if known else 0.0 for unit in (0, 1)]
    gist = sum(out * max(at + bias, 0) for out, at, bias in zip(OUT, mean, BIAS, strict=True)) + STAYS
    return PARTS[0] * Likeness(weights).of(read) + PARTS[1] * gist + PARTS[2]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["mum", "hit", "sang", "zebra", "."]), max_size=7), max_size=6))
def test_many_comments_at_once_weigh_what_each_does_by_hand(spoken: list[list[str]]) -> None:
    weights = {EVEN: -0.5, "mum": 1.0, "mum hit": 3.0}
    read = [f" {' '.join(words)} " for words in spoken]
    told = [by_hand(weights, text) for text in read]
    assert Likeness(weights, small()).of_all(read, [()] * len(read)).tolist() == pytest.approx(told, abs=1e-5)


def test_a_word_counts_as_often_as_it_is_said_and_one_without_a_place_not_at_all() -> None:
    alone = Likeness({}, small(0.0, 1.0, 0.0))
    assert alone.of(" hit hit mum ") == pytest.approx(2 * (9 / 3 + 0.5) + 0.25)
    assert alone.of(" hit hit mum zebra . ") == alone.of(" hit hit mum ")
    assert alone.of(" zebra ") == pytest.approx(2 * 0.5 + 0.25)


def test_what_is_learned_of_some_words_holds_for_one_that_stands_near_them() -> None:
    words = ["hit", "slapped", "walloped", "sang", "danced", "hummed", "he"]
    vectors = np.array([[2, 0.1], [2.1, 0], [1.9, 0.2], [-2, 0.1], [-2.1, 0], [-1.9, 0.2], [0, 3]], dtype=np.float32)
    said = [" he hit ", " he slapped ", " he sang ", " he danced "] * 100
    known = Likeness({}, learn_gist(said, [True, True, False, False] * 100, words, vectors))
    assert known.of(" he walloped ") == pytest.approx(known.of(" he hit "), abs=0.1)
    assert known.of(" he hummed ") < known.of(" he walloped ") - 0.5


def test_the_same_examples_give_the_same_gist_and_one_kind_alone_none() -> None:
    random = np.random.default_rng(1)
    words = [f"w{number}" for number in range(30)]
    vectors = random.normal(size=(30, 8)).astype(np.float32)
    said = [" ".join(random.choice(words, 5)) for _ in range(60)]
    labels = [number % 3 == 0 for number in range(60)]
    once, again = (pack_gist(learn_gist(said, labels, words, vectors)) for _ in range(2))
    assert once == again
    assert learn_gist(said, labels, words, vectors).shares == SHARES
    with pytest.raises(ValueError, match="both kinds"):
        learn_gist(said, [True] * 60, words, vectors)


def test_where_a_sentence_ends_says_nothing_about_its_gist() -> None:
    words = ["hit", "sang", "."]
    vectors = np.array([[2, 0], [-2, 0], [0, 9]], dtype=np.float32)
    with_ends = learn_gist([" hit . hit ", " sang "] * 9, [True, False] * 9, words, vectors)
    without = learn_gist([" hit hit ", " sang "] * 9, [True, False] * 9, words, vectors)
    assert pack_gist(with_ends) == pack_gist(without)


def test_both_are_written_and_read_back_and_their_digest_is_in_the_edition(tmp_path: Path) -> None:
    path = write_weights(tmp_path, {"hit me": 1.25, EVEN: -1.0}, "2 examples", small())
    weights, faults = read_weights(tmp_path)
    assert faults == []
    assert weights is not None and weights.gist is not None
    assert dict(weights.by_sign) == {EVEN: -1.0, "hit me": 1.25}
    assert weights.digest == sha256(path.read_bytes()).hexdigest()[:8]
    assert (weights.gist.words, weights.gist.shares, weights.gist.even) == ((*PLACES,), PARTS, STAYS)
    furthest = np.abs(small().places).max(axis=0)
    assert np.abs(weights.gist.places - small().places).max() <= (furthest / 127 / 2).max() * 1.001
    assert (weights.gist.bias.tolist(), weights.gist.out.tolist()) == ([*BIAS], [*OUT])


def test_another_gist_gives_another_digest_although_the_weights_are_the_same(tmp_path: Path) -> None:
    def digest(*shares: float) -> str:
        write_weights(tmp_path, {EVEN: -1.0}, "2 examples", small(*shares))
        weights, _ = read_weights(tmp_path)
        assert weights is not None
        return weights.digest

    assert digest(0.5, 2.0, -1.0) != digest(0.5, 2.0, -1.5)


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: path.write_bytes(b"zog"), "cannot be read"),
        (lambda path: path.write_bytes(path.read_bytes()[:300]), "cannot be read"),
        (lambda path: path.write_bytes(pack_gist(small(1.0, 1.0, 1.0))), "not the one"),
    ],
)
def test_weights_without_their_own_gist_are_a_fault_and_never_less_careful_in_silence(
    tmp_path: Path, spoil: object, what: str
) -> None:
    write_weights(tmp_path, {EVEN: -1.0}, "2 examples", small())
    spoil(tmp_path / gists.NAME)  # type: ignore[operator]
    weights, (fault,) = read_weights(tmp_path)
    assert weights is None
    assert fault.file == str(tmp_path / gists.NAME)
    assert what in fault.what
    assert "`heardback screen learn` writes both anew" in fault.what


def test_a_file_whose_parts_do_not_belong_together_is_refused(tmp_path: Path) -> None:
    path = tmp_path / gists.NAME
    one_word_less = Gist(("mum", "hit"), small().places, small().bias, small().out, STAYS, PARTS)
    path.write_bytes(pack_gist(one_word_less))
    with pytest.raises(ValueError, match="belong together"):
        read_gist(path)


def test_the_shipped_gist_lies_beside_the_shipped_weights_and_joins_them() -> None:
    weights, faults = read_weights(Path(gists.__file__).parent)
    assert faults == []
    assert isinstance(weights, Weights) and weights.gist is not None
    assert len(weights.gist.words) > 20_000
    assert weights.gist.shares == SHARES
    assert all(math.isfinite(float(each.sum())) for each in (weights.gist.places, weights.gist.bias, weights.gist.out))
    alone, joined = Likeness(weights.by_sign), Likeness(weights.by_sign, weights.gist)
    assert alone.of(" excel ") != joined.of(" excel ")
    assert f"# Beside {gists.NAME} " in (Path(gists.__file__).parent / NAME).read_text(encoding="utf-8")
