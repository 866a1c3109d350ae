"""Comments and changes made ready to be ranked: sorted, encoded in words and meaning, numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heardback.matching.blocking import NEVER_HEARD, Services, Window, day_numbers
from heardback.matching.counting import Words
from heardback.matching.decision import Judgement
from heardback.matching.meaning import Meanings, pieces_of
from heardback.matching.memory import Memory, remember
from heardback.matching.records import Record
from heardback.matching.register import NOTHING_KNOWN, Knowledge, Register

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import pandas as pd
    from scipy.sparse import csr_array

    from heardback.matching.bridges import Bridges
    from heardback.matching.lexicon import Lexicon

__all__ = ["Knowledge", "Pool", "prepare"]
NO_WISH = -1


@dataclass(frozen=True)
class Pool:
    """Comments beside a register, in an order of their own (day, then uid), encoded; what they came in decides nothing.

    `meanings` holds the comments' and the changes', None without a model, and `expected` the answer that invented
    comments like each one lead to expect (comments × dimensions), None without an adapter. `upheld` and `refused` are
    how the changes have fared; `wishes` is the one wish of each comment (NO_WISH: none, or several).
    """

    register: Register
    comment_uids: list[str]
    languages: list[str]  # the tag of each comment's, "" for English
    encoded: csr_array
    meanings: tuple[Meanings, Meanings] | None
    expected: np.ndarray | None
    memory: Memory
    upheld: Record
    refused: Record
    wishes: np.ndarray
    heard: np.ndarray
    services: Services
    window: Window
    rejected: np.ndarray  # pairs of positions (comment, change), one in each row
    judgement: Judgement

    @property
    def change_uids(self) -> list[str]:
        """The changes', in the register's order."""
        return self.register.uids

    @property
    def changed(self) -> np.ndarray:
        """Their days."""
        return self.register.changed

    @property
    def lexicon(self) -> Lexicon:
        """Their words."""
        return self.register.lexicon


def prepare(
    comments: pd.DataFrame,
    changes: pd.DataFrame | Register,
    relatives: Mapping[str, Collection[str]],
    window: Window,
    rejected: Collection[tuple[str, str]] = (),
    knowledge: Knowledge | None = None,
) -> Pool:
    """Sort, encode and number everything once; a register that is there already was made of the same knowledge."""
    knows = knowledge or NOTHING_KNOWN
    register = changes if isinstance(changes, Register) else Register.of(changes, knows)
    comments = comments.assign(day=day_numbers(comments["heard_on"], NEVER_HEARD))
    comments = comments.sort_values(["day", "comment_uid"], ignore_index=True)
    texts = comments["text"].fillna("").tolist()
    said, meanings = Words.of(texts), _meant(texts, register)
    return Pool(
        register=register,
        comment_uids=comments["comment_uid"].tolist(),
        languages=comments["written_in"].tolist() if "written_in" in comments else [""] * len(comments),
        encoded=register.lexicon.encode(said),
        meanings=meanings,
        expected=register.adapter.expected(meanings[0].wholes) if register.adapter and meanings else None,
        memory=_remembered(comments, texts, register, meanings, knows.confirmed),
        upheld=Record.of(knows.confirmed, register.uids),
        refused=Record.of(knows.refused, register.uids),
        wishes=_wishes(said, register.lexicon.bridges),
        heard=comments["day"].to_numpy(),
        services=Services.of(comments["service_code"], register.services, relatives),
        window=window,
        rejected=_positions(rejected, comments, register.uids),
        judgement=knows.judgement or Judgement.by_hand(with_meaning=meanings is not None),
    )


def _meant(texts: Sequence[str], register: Register) -> tuple[Meanings, Meanings] | None:
    """What the comments and the changes mean, where there is a model and something on both sides."""
    if register.encode is None or register.meanings is None or not texts:
        return None
    return Meanings.of([pieces_of(text) for text in texts], register.encode), register.meanings


def _remembered(
    comments: pd.DataFrame,
    texts: Sequence[str],
    register: Register,
    meanings: tuple[Meanings, Meanings] | None,
    confirmed: pd.DataFrame,
) -> Memory:
    """The memory of each comment, by meaning where there is any, else by words."""
    if len(confirmed):
        confirmed = confirmed[confirmed["change_uid"].isin(register.uids)]
    if confirmed.empty:
        return Memory.none(len(comments))
    confirmed = confirmed.sort_values(["change_uid", "comment_uid"], ignore_index=True)
    if meanings and register.encode:
        alike = _alike_in_meaning(meanings[0], confirmed["text"].tolist(), register.encode)
    else:
        alike = _alike_in_words(register.lexicon, texts, confirmed["text"].tolist())
    return remember(comments, confirmed, register.uids, alike, with_meaning=meanings is not None)


def _alike_in_meaning(
    said: Meanings, remembered: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray]
) -> Callable[[slice], np.ndarray]:
    earlier = Meanings.of([pieces_of(text)[:1] for text in remembered], encode).wholes
    return lambda rows: said.wholes[rows] @ earlier.T


def _alike_in_words(lexicon: Lexicon, texts: Sequence[str], remembered: Sequence[str]) -> Callable[[slice], np.ndarray]:
    both = lexicon.own_stems(Words.of([*remembered, *texts]))
    turned, now = both[: len(remembered)].T.tocsr(), both[len(remembered) :]
    return lambda rows: np.asarray((now[rows] @ turned).toarray())


def _wishes(said: Words, bridges: Bridges | None) -> np.ndarray:
    """The place of each comment's one wish; a comment of several wishes has said more than words can weigh."""
    wishes = np.full(len(said), NO_WISH)
    if bridges is not None:
        found = bridges.one_wish(said)
        wishes[np.diff(found.indptr) > 0] = found.indices
    return wishes


def _positions(pairs: Collection[tuple[str, str]], comments: pd.DataFrame, change_uids: Sequence[str]) -> np.ndarray:
    if not pairs:
        return np.zeros((0, 2), dtype=np.int64)
    said = dict(zip(comments["comment_uid"], comments.index, strict=True))
    done = {uid: place for place, uid in enumerate(change_uids)}
    known = [(said[comment], done[change]) for comment, change in pairs if comment in said and change in done]
    return np.array(sorted(known), dtype=np.int64).reshape(-1, 2)
