"""The nearest by words are those that the whole product of comments and changes would give."""

import numpy as np
import pytest
from scipy import sparse

from config.thesaurus import Thesaurus, WordGroup
from heardback.matching import postings
from heardback.matching.blocking import Reach, Window
from heardback.matching.bridges import Bridges
from heardback.matching.counting import Words
from heardback.matching.lexicon import read_register
from heardback.matching.postings import Postings
from tests.matching.register import changes

TERMS = 2 * postings.COMMON
MOST = 32


def texts(count: int, each: int, seed: int) -> sparse.csr_array:
    """Texts × terms, a few of which stand in most texts and most of which in few, as words do."""
    dice = np.random.default_rng(seed)
    columns = (TERMS * dice.random((count, each)) ** 3).astype(int)
    rows = np.repeat(np.arange(count), each)
    matrix = sparse.csr_array((dice.random(count * each), (rows, columns.ravel())), shape=(count, TERMS))
    return sparse.csr_array(matrix)


def windows(comments: int, size: int, days: int) -> Reach:
    """One comment and one change after the other, over so many days; a change may come a fifth of them later."""
    heard = np.linspace(0, days, comments).astype(int)
    return Reach.of(heard, np.linspace(0, days, size).astype(int), Window(0, days // 5))


def inside(reach: Reach, size: int) -> np.ndarray:
    """Comments × changes: which lie in the window, one by one."""
    return np.array(
        [
            [first <= change < last for change in range(size)]
            for first, last in zip(reach.first, reach.last, strict=True)
        ]
    )


@pytest.mark.parametrize(("comments", "size"), [(2_600, 1_000), (40, 600), (30, 90), (3, 5)])
def test_the_nearest_are_the_first_of_all_in_the_window(comments: int, size: int) -> None:
    said, done = texts(comments, 12, seed=1), texts(size, 60, seed=2)
    reach = windows(comments, size, days=500)
    positions, words = Postings.of(done).nearest(said, reach, MOST)
    whole = np.where(inside(reach, size), (said @ done.T).toarray(), 0)
    first = np.zeros((comments, MOST))
    first[:, : min(MOST, size)] = -np.sort(-whole, axis=1)[:, :MOST]
    np.testing.assert_allclose(-np.sort(-words, axis=1), first, atol=1e-12)
    assert ((positions >= 0) == (words > 0)).all()
    found = positions >= 0
    np.testing.assert_allclose(words[found], np.take_along_axis(whole, positions, axis=1)[found], atol=1e-12)
    assert all(len(set(row[row >= 0])) == (row >= 0).sum() for row in positions)


def test_comments_beyond_every_change_have_none_though_others_have() -> None:
    said, done = texts(2_900, 12, seed=3), texts(1_000, 60, seed=4)
    changed = np.arange(1_000)
    heard = np.sort(
        np.r_[np.arange(100, 1_000), np.full(2_000, 10_000)]
    )  # of a thousand comments at a time, the third are all beyond
    positions, words = Postings.of(done).nearest(said, Reach.of(heard, changed, Window(0, 10_000)), MOST)
    assert (positions[:800, 0] >= 0).all()
    assert (positions[900:] == -1).all()
    assert (words[900:] == 0).all()


def test_of_changes_equally_near_the_earlier_are_kept() -> None:
    alike = sparse.csr_array(np.ones((300, 1)))
    reach = Reach(np.array([7, 200]), np.array([300, 300]))
    positions, _ = Postings.of(alike).nearest(sparse.csr_array(np.ones((2, 1))), reach, MOST)
    assert [sorted(row) for row in positions.tolist()] == [list(range(7, 39)), list(range(200, 232))]


@pytest.mark.parametrize("run", [slice(0, 200), slice(50, 60), slice(0, 0)])
def test_likeness_is_the_product_whether_terms_are_common_or_rare(run: slice) -> None:
    said, done = texts(50, 12, seed=5), texts(200, 60, seed=6)
    register = Postings.of(done)
    assert register.full.shape == (postings.COMMON, 200)
    assert 0 < register.rest.nnz < done.nnz / 4
    np.testing.assert_allclose(register.likeness(said, run), (said @ done[run].T).toarray(), atol=1e-12)


def test_places_are_four_bytes_on_both_sides_so_that_no_product_turns_the_register() -> None:
    bridges = Bridges.of(Thesaurus(groups=(WordGroup(name="reception", words=("front desk",)),)))
    lexicon = read_register(changes(), bridges)
    said, rest = lexicon.encode(Words.of(["the recepton felt cold", ""])), Postings.of(lexicon.matrix).rest
    assert {each.dtype for side in (said, rest) for each in (side.indices, side.indptr)} == {np.dtype(np.int32)}
