"""Comments and changes made ready to be ranked: sorted, encoded in words and meaning, numbered."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.adapter import adapter_of
from heardback.matching.blocking import NEVER_CHANGED, NEVER_HEARD, Services, Window, day_numbers
from heardback.matching.counting import Words
from heardback.matching.decision import Judgement
from heardback.matching.lexicon import FIELDS, Lexicon, read_register
from heardback.matching.meaning import Meanings, pieces_of
from heardback.matching.memory import COLUMNS, Memory, remember
from heardback.matching.records import COLUMNS as REFUSED
from heardback.matching.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from scipy.sparse import csr_array

    from heardback.matching.adapter import Adapter
    from heardback.matching.bridges import Bridges


@dataclass(frozen=True)
class Knowledge:
    """What the matcher knows beside the texts. Without any of it, the words of both decide.

    `encode` turns texts into unit vectors, or is None where no model is installed; `model` names it, and where it is
    the one that the shipped adapter was learned for, its vectors are turned. `confirmed` has the columns of
    `memory.COLUMNS`, `refused` (which change, known since when) those of `records.COLUMNS`; `judgement` says how
    probable a score is.
    """

    bridges: Bridges | None = None
    encode: Callable[[Sequence[str]], np.ndarray] | None = None
    model: str = ""
    confirmed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS, dtype="str"))
    judgement: Judgement | None = None
    refused: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=REFUSED, dtype="str"))


@dataclass(frozen=True)
class Pool:
    """Comments and changes in an order of their own (date, then uid), encoded; what they came in decides nothing.

    `meanings` holds the comments' and the changes', None without a model, and `expected` the answer that invented
    comments like each one lead to expect (comments × dimensions), None without an adapter. `upheld` and `refused` are
    how the changes have fared; `against` says which wishes of a comment contradict those of a change, as a product of
    the two.
    """

    comment_uids: list[str]
    change_uids: list[str]
    written: list[str]  # each change's fields in one text
    lexicon: Lexicon
    encoded: csr_array
    meanings: tuple[Meanings, Meanings] | None
    expected: np.ndarray | None
    memory: Memory
    upheld: Record
    refused: Record
    against: tuple[csr_array, csr_array] | None
    heard: np.ndarray
    changed: np.ndarray
    services: Services
    window: Window
    rejected: np.ndarray  # pairs of positions (comment, change), one in each row
    languages: list[str]  # the tag of each comment's, "" for English
    judgement: Judgement

    @cached_property
    def by_column(self) -> csr_array:
        """The changes' matrix turned, as products need it."""
        return self.lexicon.matrix.T.tocsr()


def prepare(
    comments: pd.DataFrame,
    changes: pd.DataFrame,
    relatives: Mapping[str, Collection[str]],
    window: Window,
    rejected: Collection[tuple[str, str]] = (),
    knowledge: Knowledge | None = None,
) -> Pool:
    """Sort, encode and number everything once."""
    knows = knowledge or Knowledge()
    adapter = adapter_of(knows.model) if knows.encode else None
    knows = replace(knows, encode=_turning(knows.encode, adapter))
    comments, changes = _sorted(comments, "heard_on", "comment_uid", NEVER_HEARD), _ordered_changes(changes)
    texts, lexicon = comments["text"].fillna("").tolist(), read_register(changes, knows.bridges)
    said, meanings = Words.of(texts), _meant(texts, changes, knows.encode)
    return Pool(
        comment_uids=comments["comment_uid"].tolist(),
        change_uids=changes["change_uid"].tolist(),
        written=changes[list(FIELDS)].agg(" ".join, axis=1).tolist() if len(changes) else [],
        lexicon=lexicon,
        encoded=lexicon.encode(said),
        meanings=meanings,
        expected=adapter.expected(meanings[0].wholes) if adapter and meanings else None,
        memory=_remembered(comments, changes, lexicon, meanings, knows),
        upheld=Record.of(knows.confirmed, changes["change_uid"].tolist()),
        refused=Record.of(knows.refused, changes["change_uid"].tolist()),
        against=_contradictions(said, changes, knows.bridges),
        heard=comments["day"].to_numpy(),
        changed=changes["day"].to_numpy(),
        services=Services.of(comments["service_code"], changes["service_code"], relatives),
        window=window,
        rejected=_positions(rejected, comments, changes),
        languages=comments["written_in"].tolist() if "written_in" in comments else [""] * len(comments),
        judgement=knows.judgement or Judgement.by_hand(with_meaning=meanings is not None),
    )


def _ordered_changes(changes: pd.DataFrame) -> pd.DataFrame:
    changes = _sorted(changes, "changed_on", "change_uid", NEVER_CHANGED)
    changes[list(FIELDS)] = changes[list(FIELDS)].fillna("")
    return changes


def _sorted(frame: pd.DataFrame, date: str, uid: str, missing: int) -> pd.DataFrame:
    return frame.assign(day=day_numbers(frame[date], missing)).sort_values(["day", uid], ignore_index=True)


def _turning(
    encode: Callable[[Sequence[str]], np.ndarray] | None, adapter: Adapter | None
) -> Callable[[Sequence[str]], np.ndarray] | None:
    """An encoder whose vectors are turned; what keeps them (`Once`, the database) keeps them as they were."""
    if encode is None or adapter is None:
        return encode
    return lambda texts: adapter.turned(encode(texts))


def _meant(
    texts: Sequence[str], changes: pd.DataFrame, encode: Callable[[Sequence[str]], np.ndarray] | None
) -> tuple[Meanings, Meanings] | None:
    """What the comments and the changes mean, where there is a model and something on both sides."""
    if encode is None or not texts or changes.empty:
        return None
    fields = changes[["title", "you_said", "we_did"]].itertuples(index=False)
    said, done = [pieces_of(text) for text in texts], [pieces_of(*row) for row in fields]
    return Meanings.of(said, encode), Meanings.of(done, encode)


def _remembered(
    comments: pd.DataFrame,
    changes: pd.DataFrame,
    lexicon: Lexicon,
    meanings: tuple[Meanings, Meanings] | None,
    knows: Knowledge,
) -> Memory:
    """The memory of each comment, by meaning where there is any, else by words."""
    uids = changes["change_uid"].tolist()
    confirmed = knows.confirmed[knows.confirmed["change_uid"].isin(uids)]
    confirmed = confirmed.sort_values(["change_uid", "comment_uid"], ignore_index=True)
    if confirmed.empty:
        return Memory.none(len(comments))
    if meanings and knows.encode:
        alike = _alike_in_meaning(meanings[0], confirmed["text"].tolist(), knows.encode)
    else:
        alike = _alike_in_words(lexicon, comments["text"].fillna("").tolist(), confirmed["text"].tolist())
    return remember(comments, confirmed, uids, alike, with_meaning=meanings is not None)


def _alike_in_meaning(
    said: Meanings, remembered: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray]
) -> Callable[[slice], np.ndarray]:
    earlier = Meanings.of([pieces_of(text)[:1] for text in remembered], encode).wholes
    return lambda rows: said.wholes[rows] @ earlier.T


def _alike_in_words(lexicon: Lexicon, texts: Sequence[str], remembered: Sequence[str]) -> Callable[[slice], np.ndarray]:
    both = lexicon.own_stems(Words.of([*remembered, *texts]))
    turned, now = both[: len(remembered)].T.tocsr(), both[len(remembered) :]
    return lambda rows: np.asarray((now[rows] @ turned).toarray())


def _contradictions(said: Words, changes: pd.DataFrame, bridges: Bridges | None) -> tuple[csr_array, csr_array] | None:
    """The wish of each comment, and those that each change's own contradicts: a product says where the two meet."""
    if bridges is None or not len(said) or changes.empty:
        return None
    return bridges.one_wish(said), bridges.opposite_of_one_wish(Words.of(changes["we_did"]))


def _positions(pairs: Collection[tuple[str, str]], comments: pd.DataFrame, changes: pd.DataFrame) -> np.ndarray:
    said = dict(zip(comments["comment_uid"], comments.index, strict=True))
    done = dict(zip(changes["change_uid"], changes.index, strict=True))
    known = [(said[comment], done[change]) for comment, change in pairs if comment in said and change in done]
    return np.array(sorted(known), dtype=np.int64).reshape(-1, 2)
