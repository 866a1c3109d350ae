"""Words for the thesaurus to grow by: what people say where a confirmed change says it in other words.

A word counts once for each voice. It is proposed where at least VOICES people used it and the changes that answered
them speak of a group (where none fits: hold a word of no group) at least LIFT times as often as the changes that
answered everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from heardback.matching.counting import Words
from heardback.matching.text import stems_of, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heardback.matching.terms import Terms

VOICES = 3  # a word of one child, or of two, could be known again by whoever reads the list
LIFT = 2.0
SHORTEST = 3  # letters
TARGETS = 3  # of one word: which of them it means is for a person to say
GROUP, WORD = "group", "word"


@dataclass(frozen=True)
class WordSuggestion:
    """A word and where it may belong: a group of the thesaurus, or a word of the changes that no group has.

    `voices` said it and were answered by such a change; `lift` is how much oftener than everybody else.
    """

    word: str
    kind: str
    target: str
    voices: int
    lift: float


def suggest_words(confirmed: pd.DataFrame, terms: Terms) -> list[WordSuggestion]:
    """From confirmed pairs (columns voice, said, done; one row for a comment and a change) the words to think about.

    Up to TARGETS of each word, by voices · ln(lift), the strongest first; the order of the rows does not matter.
    """
    said, done = confirmed["said"].tolist(), confirmed["done"].tolist()
    words = _unshared(said, done)
    targets = _targets(said, done, terms)
    voices = confirmed["voice"].reset_index(drop=True).rename_axis("pair").reset_index()
    found = _joined(voices, words.merge(voices, on="pair"), targets)
    found = found[(found["voices"] >= VOICES) & (found["lift"] >= LIFT)]
    in_a_group = found.loc[found["kind"] == GROUP, "word"]
    found = found[(found["kind"] == GROUP) | ~found["word"].isin(in_a_group)]
    found = found.assign(worth=found["voices"] * np.log(found["lift"]))
    found = found.sort_values(["worth", "word", "kind", "target"], ascending=[False, True, True, True])
    best = found.groupby("word", sort=False).head(TARGETS)
    rows = zip(*(best[name].tolist() for name in ("word", "kind", "target", "voices", "lift")), strict=True)
    return [WordSuggestion(word, kind, target, voices, round(lift, 1)) for word, kind, target, voices, lift in rows]


def _unshared(said: Sequence[str], done: Sequence[str]) -> pd.DataFrame:
    """The words of each comment (pair, word) that its change does not hold in any form."""
    ours, theirs = _words(said), _words(done)
    shared = ours.merge(theirs[["pair", "stem"]].drop_duplicates(), on=["pair", "stem"], how="left", indicator=True)
    own = shared[shared["_merge"] == "left_only"]
    long = own["word"].str.len() >= SHORTEST
    return own.loc[long & ~own["word"].str.contains(r"\d"), ["pair", "word"]].drop_duplicates()


def _words(texts: Sequence[str]) -> pd.DataFrame:
    lists = [words_of(text) for text in texts]
    pairs = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    flat = pd.Series([word for each in lists for word in each], dtype=object)
    codes, distinct = pd.factorize(flat)
    stems = np.array(stems_of([str(word) for word in distinct]), dtype=object)
    return pd.DataFrame({"pair": pairs, "word": flat, "stem": stems[codes]}).drop_duplicates()


def _targets(said: Sequence[str], done: Sequence[str], terms: Terms) -> pd.DataFrame:
    """What each change speaks of that its comment does not reach yet (pair, kind, target)."""
    missing = (terms.found_in(Words.of(done)) - terms.found_in(Words.of(said))).tocoo()
    kept = missing.data > 0
    names = np.array(terms.names, dtype=object)
    groups = pd.DataFrame({"pair": missing.row[kept], "kind": GROUP, "target": names[missing.col[kept]]})
    words = _words(done)
    distinct = words["word"].drop_duplicates()
    grouped = terms.found_in(Words.of(distinct)).sum(axis=1) > 0
    words = words[~words["word"].isin(distinct[grouped])].rename(columns={"word": "target"})
    return pd.concat([groups, words.assign(kind=WORD)[["pair", "kind", "target"]]], ignore_index=True)


def _joined(voices: pd.DataFrame, words: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Each word beside each target of the same pairs (word, kind, target, voices, lift)."""
    everybody = max(1, voices["voice"].nunique())
    at = ["kind", "target"]
    reached = targets.merge(voices, on="pair")
    both = words[["voice", "pair", "word"]].merge(targets, on="pair")
    found = both.groupby(["word", *at], as_index=False).agg(voices=("voice", "nunique"))
    found["lift"] = (
        found["voices"]
        * everybody
        / found["word"].map(words.groupby("word")["voice"].nunique())
        / found.merge(reached.groupby(at, as_index=False).agg(of=("voice", "nunique")), on=at, how="left")["of"]
    )
    return found
