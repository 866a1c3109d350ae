"""The register of changes made ready, once for however many comments come: sorted, in words and in meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.adapter import adapter_of
from heardback.matching.blocking import NEVER_CHANGED, codes_of, day_numbers
from heardback.matching.counting import Words
from heardback.matching.lexicon import FIELDS, Lexicon, read_register
from heardback.matching.meaning import Meanings, pieces_of
from heardback.matching.memory import COLUMNS
from heardback.matching.postings import Postings
from heardback.matching.records import COLUMNS as REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heardback.matching.adapter import Adapter
    from heardback.matching.bridges import Bridges
    from heardback.matching.decision import Judgement


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


NOTHING_KNOWN = Knowledge()  # made once: its empty frames take a millisecond, of the twenty that a hundred comments do


@dataclass(frozen=True)
class Register:
    """Changes in an order of their own (day, then uid); what they came in decides nothing.

    `written` is each change's fields in one text, `changed` its day, `services` what `codes_of` makes of theirs.
    `encode` is the encoder, its vectors turned where there is an adapter; `meanings` is None without one. `opposed` is
    changes × wishes: those that what was done contradicts (None without a thesaurus).
    """

    uids: list[str]
    written: list[str]
    changed: np.ndarray
    services: tuple[np.ndarray, np.ndarray]
    lexicon: Lexicon
    encode: Callable[[Sequence[str]], np.ndarray] | None
    adapter: Adapter | None
    meanings: Meanings | None
    opposed: np.ndarray | None

    @classmethod
    def of(cls, changes: pd.DataFrame, knowledge: Knowledge | None = None) -> Register:
        """Read and encoded once, with the thesaurus and the encoder of `knowledge`; `changes` as `match` takes them."""
        knows = knowledge or NOTHING_KNOWN
        adapter = adapter_of(knows.model) if knows.encode else None
        encode = turning(knows.encode, adapter)
        days = day_numbers(changes["changed_on"], NEVER_CHANGED)
        changes = changes.assign(day=days).sort_values(["day", "change_uid"], ignore_index=True)
        changes[list(FIELDS)] = changes[list(FIELDS)].fillna("")
        return cls(
            uids=changes["change_uid"].tolist(),
            written=[" ".join(fields) for fields in changes[list(FIELDS)].itertuples(index=False)],
            changed=changes["day"].to_numpy(),
            services=codes_of(changes["service_code"]),
            lexicon=read_register(changes, knows.bridges),
            encode=encode,
            adapter=adapter,
            meanings=_meant(changes, encode),
            opposed=_opposed(changes, knows.bridges),
        )

    @cached_property
    def postings(self) -> Postings:
        """The changes' words turned, as products need them."""
        return Postings.of(self.lexicon.matrix)


def turning(
    encode: Callable[[Sequence[str]], np.ndarray] | None, adapter: Adapter | None
) -> Callable[[Sequence[str]], np.ndarray] | None:
    """An encoder whose vectors are turned; what keeps them (`Once`, the database) keeps them as they were."""
    if encode is None or adapter is None:
        return encode
    return lambda texts: adapter.turned(encode(texts))


def _meant(changes: pd.DataFrame, encode: Callable[[Sequence[str]], np.ndarray] | None) -> Meanings | None:
    if encode is None or changes.empty:
        return None
    fields = changes[["title", "you_said", "we_did"]].itertuples(index=False)
    return Meanings.of([pieces_of(*row) for row in fields], encode)


def _opposed(changes: pd.DataFrame, bridges: Bridges | None) -> np.ndarray | None:
    if bridges is None:
        return None
    return np.asarray(bridges.opposite_of_one_wish(Words.of(changes["we_did"])).toarray() > 0)
