"""Open loops of one service that say the same: offered for merging with the reason, and merged by a person alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.counting import Words
from heardback.matching.meaning import pieces_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heardback.matching.bridges import Bridges
    from heardback.matching.lexicon import Lexicon
    from heardback.matching.pool import Knowledge

# Measured: of 33 pairs of answered petitions this alike in words 32 have an answer in common (two public sets, without
# services), of 11 pairs of young people's comments of one service this alike in meaning all 11 (from .60 on 18 of 22).
WORDS_FROM, MEANING_FROM = 0.50, 0.65
NEAREST = 50  # comments that are alike in words, of each
CELLS = 2_000_000
PAIR = ["one", "other", "likeness", "in_words"]


@dataclass(frozen=True)
class Offer:
    """A loop that may be put into another: how alike the nearest two of their comments are, and in what."""

    into: str
    loop_uid: str
    likeness: float
    in_words: bool

    @property
    def reason(self) -> str:
        """For whoever decides; it holds no word of a comment."""
        return f"{'nearly the same words' if self.in_words else 'alike in other words'} ({self.likeness:.2f})"


def merging_offers(
    comments: pd.DataFrame, lexicon: Lexicon, knowledge: Knowledge, voices: Mapping[str, int]
) -> list[Offer]:
    """Which loops say the same as a larger one of their service, sorted by the loop to merge into, the likest first.

    `comments` has the columns comment_uid, loop_uid, desk (only loops of one desk are offered together), text; `voices`
    says how large each loop is. Each loop is offered once, to one that it is directly like: never along a chain of
    likenesses. Comments whose wishes contradict each other are not alike.
    """
    comments = comments.sort_values(["loop_uid", "comment_uid"], ignore_index=True)
    offers: list[Offer] = []
    for _, rows in comments.groupby("desk", sort=True):
        pairs = _of_loops(_alike(rows["text"].fillna("").tolist(), lexicon, knowledge), rows["loop_uid"].to_numpy())
        offers += _by_leader(pairs, voices)
    return sorted(offers, key=lambda offer: (offer.into, -offer.likeness, offer.loop_uid))


def _alike(texts: list[str], lexicon: Lexicon, knowledge: Knowledge) -> pd.DataFrame:
    """Pairs of places in the texts, with PAIR's columns; a pair that is alike in both ways stands twice."""
    said = Words.of(texts)
    found = [_alike_in_words(said, lexicon)]
    if knowledge.encode:
        found.append(_alike_in_meaning(knowledge.encode([pieces_of(text)[0] for text in texts])))
    pairs = pd.concat(found, ignore_index=True)
    pairs = pairs[pairs["one"] < pairs["other"]]
    return pairs[~_contrary(pairs, said, knowledge.bridges)] if knowledge.bridges else pairs


def _alike_in_words(said: Words, lexicon: Lexicon) -> pd.DataFrame:
    from scipy.sparse import csr_matrix
    from sparse_dot_topn import sp_matmul_topn  # type: ignore[import-untyped]

    own = csr_matrix(lexicon.own_stems(said))
    near = sp_matmul_topn(own, csr_matrix(own.T), top_n=NEAREST, threshold=WORDS_FROM).tocoo()
    return pd.DataFrame({"one": near.row, "other": near.col, "likeness": near.data, "in_words": True})


def _alike_in_meaning(vectors: np.ndarray) -> pd.DataFrame:
    step = max(1, CELLS // len(vectors))
    found = []
    for start in range(0, len(vectors), step):
        likeness = vectors[start : start + step] @ vectors.T
        one, other = np.nonzero(likeness >= MEANING_FROM)
        found.append(pd.DataFrame({"one": one + start, "other": other, "likeness": likeness[one, other]}))
    return pd.concat(found, ignore_index=True).assign(in_words=False)


def _contrary(pairs: pd.DataFrame, said: Words, bridges: Bridges) -> np.ndarray:
    wishes, opposites = bridges.one_wish(said), bridges.opposite_of_one_wish(said)
    return np.asarray(wishes[pairs["one"].to_numpy()].multiply(opposites[pairs["other"].to_numpy()]).sum(axis=1) > 0)


def _of_loops(pairs: pd.DataFrame, loop_uids: np.ndarray) -> pd.DataFrame:
    """The same between loops: of each two the likest pair of comments, in words where that is as good."""
    named = pairs.assign(one=loop_uids[pairs["one"]], other=loop_uids[pairs["other"]])
    named = named[named["one"] != named["other"]].sort_values(["in_words", "likeness"], ascending=False)
    return named.drop_duplicates(["one", "other"])


def _by_leader(pairs: pd.DataFrame, voices: Mapping[str, int]) -> list[Offer]:
    """The largest loop first, of equals the one that was opened first, takes all that are like it and not yet taken."""
    near: dict[str, dict[str, tuple[float, bool]]] = defaultdict(dict)
    for one, other, likeness, in_words in pairs[PAIR].itertuples(index=False):
        near[one][other] = near[other][one] = (float(likeness), bool(in_words))
    offers: list[Offer] = []
    taken: set[str] = set()
    for leader in sorted(near, key=lambda loop_uid: (-voices[loop_uid], len(loop_uid), loop_uid)):
        if leader not in taken:
            followers = near[leader].keys() - taken
            offers += [Offer(leader, loop_uid, *near[leader][loop_uid]) for loop_uid in followers]
            taken |= {leader, *followers}
    return offers
