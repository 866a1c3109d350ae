"""The adapter over the encoder: the file that was shipped or none, vectors of length one, and an answer to expect."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from config.policy import MatchingPolicy
from heardback.errors import ConfigurationError
from heardback.matching import adapter as adapters
from heardback.matching.adapter import SHIPPED, Adapter, adapter_of, packed, read_adapter
from heardback.matching.adapting import LEANING, SHARPNESS, Examples, learn_adapter, learn_turn, surprise
from heardback.matching.encoder import MODEL, open_encoder
from heardback.matching.network import DIMENSIONS
from heardback.matching.pool import Knowledge
from heardback.matching.suggesting import Suggestion, match
from tests.matching.register import CHANGES, changes, comment

POLICY = MatchingPolicy(ask_at=0.01)
QUARTER = Adapter(np.array([[0.0, 2.0], [-2.0, 0.0]]), np.eye(2), np.array([[0.6, 0.8], [1.0, 0.0]]), np.array([0, 1]))


def drawn(size: int, seed: int = 3) -> Examples:
    """Comments that lie near their change in the first two of six directions, and anywhere in the others."""
    dice = np.random.default_rng(seed)
    done = dice.standard_normal((12, 6))
    answered = np.arange(size) % 12
    said = dice.standard_normal((size, 6))
    said[:, :2] = done[answered, :2] + 0.3 * dice.standard_normal((size, 2))
    return Examples(unit(said), unit(done), answered)


def unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def test_vectors_are_turned_and_made_one_long_and_nothing_stays_nothing() -> None:
    np.testing.assert_allclose(QUARTER.turned(np.array([[1.0, 0.0], [0.0, 0.0]])), [[0, 1], [0, 0]])


def test_the_answer_to_expect_is_that_of_the_examples_by_how_near_they_are() -> None:
    """0.05 nearer counts e times as much; what says nothing leads to expect nothing."""
    said = np.array([[0.70, 0.65], [0.0, 0.0]])
    first = np.e / (1 + np.e)
    np.testing.assert_allclose(QUARTER.expected(said), [[0.6 * first + (1 - first), 0.8 * first], [0, 0]])


def test_it_is_the_same_whatever_else_is_asked_and_in_however_many_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    said = unit(np.random.default_rng(1).standard_normal((7, 2)))
    whole = QUARTER.expected(said)
    monkeypatch.setattr(adapters, "CELLS", 4)
    np.testing.assert_allclose(QUARTER.expected(said), whole)
    np.testing.assert_allclose(QUARTER.expected(said[3:4]), whole[3:4])
    assert QUARTER.expected(said[:0]).shape == (0, 2)


def test_a_file_holds_the_adapter_to_a_hundredth_of_a_cosine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learned = learn_adapter(drawn(60))
    content = packed(learned)
    assert content == packed(learned)
    path = tmp_path / "adapter.npz"
    path.write_bytes(content)
    monkeypatch.setattr(adapters, "OFFICIAL", adapters.sha256(content).hexdigest())
    read = read_adapter(path)
    np.testing.assert_allclose(read.turn, learned.turn, atol=0.01)
    assert (np.einsum("ij,ij->i", read.said, learned.said) > 0.99).all()
    assert (read.answered == learned.answered).all()


def test_only_the_shipped_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "adapter.npz"
    path.write_bytes(SHIPPED.read_bytes()[:-1])
    with pytest.raises(ConfigurationError, match="not the adapter that was shipped"):
        read_adapter(path)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_adapter(tmp_path / "none.npz")


def test_the_shipped_one_is_small_and_belongs_to_its_model_alone() -> None:
    found = adapter_of(MODEL)
    assert found is not None
    assert (found.turn.shape, found.said.shape[1], SHIPPED.stat().st_size < 1_200_000) == (
        (DIMENSIONS, DIMENSIONS),
        DIMENSIONS,
        True,
    )
    assert adapter_of("another") is None
    assert adapter_of("") is None


def test_the_slope_is_that_of_the_surprise() -> None:
    examples, step = drawn(40), 1e-6
    turn = np.eye(6) + 0.1 * np.random.default_rng(2).standard_normal((6, 6))
    _, slope = surprise(turn, examples)
    for row, column in ((0, 0), (2, 5), (5, 1)):
        moved = np.zeros((6, 6))
        moved[row, column] = step
        above, below = (surprise(turn + sign * moved, examples)[0] for sign in (1, -1))
        assert slope[row, column] == pytest.approx((above - below) / (2 * step), abs=1e-6)


def test_the_surprise_is_that_of_a_choice_among_all_changes() -> None:
    """Two changes at right angles, one comment on the first: the share of its own is e^(1/s) against e^0."""
    examples = Examples(np.array([[1.0, 0.0]]), np.eye(2), np.array([0]))
    expected = np.log1p(np.exp(-1 / SHARPNESS))
    assert surprise(np.eye(2), examples)[0] == pytest.approx(expected)


def test_what_is_learned_helps_on_comments_that_it_never_saw_and_comes_out_alike() -> None:
    many = drawn(480)
    first, rest = (Examples(many.said[rows], many.done, many.answered[rows]) for rows in (slice(240), slice(240, None)))
    turn = learn_turn(first)
    assert surprise(turn, rest)[0] < surprise(np.eye(6), rest)[0]
    np.testing.assert_array_equal(turn, learn_turn(first))
    slope = surprise(turn, first)[1] + LEANING * (turn - np.eye(6))
    assert np.abs(slope).max() < 1e-3 < np.abs(surprise(np.eye(6), first)[1]).max()


@pytest.fixture(scope="module")
def knows() -> Knowledge:
    encoder = open_encoder()
    assert encoder is not None, "the package with the model's files is part of the set-up (model.lock)"
    return Knowledge(encode=encoder.encode, model=encoder.name)


def offered(said: str, knows: Knowledge, done: pd.DataFrame | None = None) -> list[Suggestion]:
    return match(comment(said), changes() if done is None else done, {}, POLICY, knowledge=knows)


def test_what_the_examples_add_is_named_and_the_parts_add_up(knows: Knowledge) -> None:
    for found in offered("it feels like walking into a police station, proper bleak", knows):
        assert sum(part.value for part in found.contributions) == pytest.approx(found.score, abs=1e-12)
        assert any(line.startswith("the kind of change that answers comments like it ") for line in found.reasons)


def test_an_unrelated_change_moves_no_other_pairs_reasons(knows: Knowledge) -> None:
    said = "it feels like walking into a police station, proper bleak"
    more = changes([*CHANGES, ("Z-1", "youth", "2026-03-11", "Xylophones", "", "Xylophones.")])
    before, after = (
        {each.change_uid: each.contributions for each in offered(said, knows, done)} for done in (None, more)
    )
    kept = before.keys() & after.keys() - {"Z-1"}
    assert kept
    for uid in kept:
        assert [(part.kind, part.label) for part in before[uid]] == [(part.kind, part.label) for part in after[uid]]
        values = ([part.value for part in parts[uid]] for parts in (before, after))
        np.testing.assert_allclose(*values, atol=2e-6)
