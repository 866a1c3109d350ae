"""Comments and changes made ready to be ranked: sorted, encoded in words and meaning, numbered."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.blocking import NEVER_CHANGED, NEVER_HEARD, Services, Window, day_numbers
from heardback.matching.decision import Judgement
from heardback.matching.lexicon import FIELDS, Lexicon, read_register
from heardback.matching.meaning import Meanings, pieces_of
from heardback.matching.memory import COLUMNS, Memory, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from scipy.sparse import csr_array

    from heardback.matching.bridges import Bridges


@dataclass(frozen=True)
class Knowledge:
    """What the matcher knows beside the texts. Without any of it, the words of both decide.

    `encode` turns texts into unit vectors, or is None where no model is installed. `confirmed` has the columns of
    `memory.COLUMNS`; `judgement` says how probable a score is.
    """

    bridges: Bridges | None = None
    encode: Callable[[Sequence[str]], np.ndarray] | None = None
    model: str = ""
    confirmed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS, dtype="str"))
    judgement: Judgement | None = None


@dataclass(frozen=True)
class Pool:
    """Comments and changes in an order of their own (date, then uid), encoded; what they came in decides nothing.

    `meanings` holds the comments' and the changes', None without a model. `against` says which wishes of a comment
    contradict those of a change, as a product of the two.
    """

    comment_uids: list[str]
    change_uids: list[str]
    written: list[str]  # each change's fields in one text
    lexicon: Lexicon
    encoded: csr_array
    meanings: tuple[Meanings, Meanings] | None
    memory: Memory
    against: tuple[csr_array, csr_array] | None
    heard: np.ndarray
    changed: np.ndarray
    services: Services
    window: Window
    rejected: np.ndarray  # pairs of positions (comment, change), one in each row
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
    comments, changes = _sorted(comments, "heard_on", "comment_uid", NEVER_HEARD), _ordered_changes(changes)
    lexicon = read_register(changes, knows.bridges)
    texts, uids = comments["text"].fillna("").tolist(), changes["change_uid"].tolist()
    confirmed = knows.confirmed.sort_values(["change_uid", "comment_uid"], ignore_index=True)
    confirmed = confirmed[confirmed["change_uid"].isin(uids)].reset_index(drop=True)
    written = changes[list(FIELDS)].agg(" ".join, axis=1).tolist() if len(changes) else []
    encoded = lexicon.encode(texts)
    meanings, alike = _meant(texts, confirmed["text"].tolist(), changes, knows.encode)
    words = None if alike else _alike_in_words(lexicon, texts, confirmed["text"].tolist())
    return Pool(
        comments["comment_uid"].tolist(),
        uids,
        written,
        lexicon,
        encoded,
        meanings,
        remember(comments, confirmed, uids, alike or words, with_meaning=bool(alike)),  # type: ignore[arg-type]
        _contradictions(texts, changes, knows.bridges),
        comments["day"].to_numpy(),
        changes["day"].to_numpy(),
        Services.of(comments["service_code"], changes["service_code"], relatives),
        window,
        _positions(rejected, comments, changes),
        knows.judgement or Judgement.by_hand(with_meaning=meanings is not None),
    )


def _ordered_changes(changes: pd.DataFrame) -> pd.DataFrame:
    changes = _sorted(changes, "changed_on", "change_uid", NEVER_CHANGED)
    changes[list(FIELDS)] = changes[list(FIELDS)].fillna("")
    return changes


def _sorted(frame: pd.DataFrame, date: str, uid: str, missing: int) -> pd.DataFrame:
    return frame.assign(day=day_numbers(frame[date], missing)).sort_values(["day", uid], ignore_index=True)


def _meant(
    texts: Sequence[str],
    remembered: Sequence[str],
    changes: pd.DataFrame,
    encode: Callable[[Sequence[str]], np.ndarray] | None,
) -> tuple[tuple[Meanings, Meanings] | None, Callable[[slice], np.ndarray] | None]:
    """What both sides mean, and how like the comments of a slice are to those remembered."""
    if encode is None or not texts or changes.empty:
        return None, None
    fields = changes[["title", "you_said", "we_did"]].itertuples(index=False)
    said, done = (
        Meanings.of(pieces, encode) for pieces in ([pieces_of(t) for t in texts], [pieces_of(*row) for row in fields])
    )
    earlier = Meanings.of([pieces_of(text)[:1] for text in remembered], encode).wholes if len(remembered) else None
    return (said, done), lambda rows: said.wholes[rows] @ earlier.T if earlier is not None else np.zeros((0, 0))


def _alike_in_words(lexicon: Lexicon, texts: Sequence[str], remembered: Sequence[str]) -> Callable[[slice], np.ndarray]:
    if not len(remembered):
        return lambda _: np.zeros((0, 0))
    both = lexicon.own_stems([*remembered, *texts])
    turned, now = both[: len(remembered)].T.tocsr(), both[len(remembered) :]
    return lambda rows: np.asarray((now[rows] @ turned).toarray())


def _contradictions(
    texts: Sequence[str], changes: pd.DataFrame, bridges: Bridges | None
) -> tuple[csr_array, csr_array] | None:
    """The wish of each comment, and those that each change's own contradicts: a product says where the two meet."""
    if bridges is None or not texts or changes.empty:
        return None
    return bridges.one_wish(texts), bridges.opposite_of_one_wish(changes["we_did"].tolist())


def _positions(pairs: Collection[tuple[str, str]], comments: pd.DataFrame, changes: pd.DataFrame) -> np.ndarray:
    said = dict(zip(comments["comment_uid"], comments.index, strict=True))
    done = dict(zip(changes["change_uid"], changes.index, strict=True))
    known = [(said[comment], done[change]) for comment, change in pairs if comment in said and change in done]
    return np.array(sorted(known), dtype=np.int64).reshape(-1, 2)
