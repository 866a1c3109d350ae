"""The matcher measured on labelled data: what it finds, and whether its probabilities mean what they say."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from heardback.domain.languages import language_name, written_in
from heardback.matching.blocking import Window
from heardback.matching.decision import band_of
from heardback.matching.explanation import explain, language_reason, reasons
from heardback.matching.label_windows import LabelWindows
from heardback.matching.labelled import Labelled, read_labelled
from heardback.matching.meaning import Once
from heardback.matching.memory import COLUMNS
from heardback.matching.pool import Knowledge, Pool, prepare
from heardback.matching.ranking import Ranking, rank
from heardback.matching.register import NOTHING_KNOWN, Register
from heardback.matching.replay import judged_in_order
from heardback.matching.scorecard import SHOWN, Figures, by_column, figures_of, ranking_figures

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from config.policy import MatchingPolicy

    Ranked = list[tuple[Pool, Ranking]]


@dataclass(frozen=True)
class Files:
    """What is measured, and where the predictions go (nowhere: None)."""

    comments: Path
    changes: Path
    links: Path | None = None
    predictions: Path | None = None


def evaluate_files(
    files: Files,
    policy: MatchingPolicy,
    knowledge: Knowledge | None = None,
    relatives: Mapping[str, Collection[str]] | None = None,
    *,
    replay: bool = False,
) -> Figures:
    """Match the comments of one file with the changes of another and say how well, as one JSON-ready dict.

    Where the policy's window holds too few of the labelled links (a petition's duplicate comes after it), the window is
    read from the links: for each half of the comments from the other half's. `window` says so, and `under_policy` keeps
    the ranking's figures in the policy's own. With `replay`, comments come in date order: each has the memory of what
    was confirmed before it, and judgements learned from those before it; `cold` then has the figures without either.
    Without labels the figures are None. Raises Unreadable, with file and line, for what `read_labelled` does not take.
    Writes one JSON line for each comment to the predictions file.
    """
    labelled = _in_their_languages(read_labelled(files.comments, files.changes, files.links), policy)
    knows, encoding = _encoded_once(knowledge or NOTHING_KNOWN)
    matcher = _Matcher(labelled, policy, knows, relatives or {})
    started = time.perf_counter()
    windows = LabelWindows.of(matcher.labelled, policy)
    ranked = matcher.ranked(windows.parts, replay=replay)
    predictions = matcher.lines(ranked)
    seconds = time.perf_counter() - started - encoding.seconds
    explaining = _write(files.predictions, matcher, ranked) if files.predictions else 0.0
    return {
        **matcher.about(replay=replay),
        **matcher.figures(predictions, windows, replay=replay),
        **_costs(seconds, explaining, encoding),
    }


def _costs(seconds: float, explaining: float, encoding: Once) -> Figures:
    """What it took: the seconds of matching, of explaining and of encoding, each without the others."""
    return {
        "seconds": round(seconds, 3),
        "explaining": {"seconds": round(explaining, 3)},
        "encoding": {"texts": encoding.texts, "seconds": round(encoding.seconds, 3)},
        "peak_memory_mb": _peak_memory(),
    }


def _in_their_languages(labelled: Labelled, policy: MatchingPolicy) -> Labelled:
    """The same with `written_in`, as landing would have it."""
    tags = written_in(labelled.comments["text"], policy.languages)
    return replace(labelled, comments=labelled.comments.assign(written_in=tags))


def _write(path: Path, matcher: _Matcher, ranked: Ranked) -> float:
    """The predictions with their reasons, a JSON line for each comment; returns the seconds that it took."""
    started = time.perf_counter()
    lines = matcher.lines(ranked, explained=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return time.perf_counter() - started


def _encoded_once(knowledge: Knowledge) -> tuple[Knowledge, Once]:
    """The same knowledge with an encoder that remembers, so that its time can be told apart."""
    once = Once(knowledge.encode)
    return replace(knowledge, encode=once if knowledge.encode else None), once


@dataclass(frozen=True)
class _Matcher:
    labelled: Labelled
    policy: MatchingPolicy
    knowledge: Knowledge
    relatives: Mapping[str, Collection[str]]

    @cached_property
    def register(self) -> Register:
        """The changes, read once for all windows."""
        return Register.of(self.labelled.changes, self.knowledge)

    def ranked(self, parts: Sequence[tuple[Window, pd.DataFrame]], *, replay: bool) -> Ranked:
        """The best changes of each comment, one pool for each window."""
        knows = replace(self.knowledge, confirmed=_confirmed(self.labelled)) if replay else self.knowledge
        pools = [prepare(said, self.register, self.relatives, window, knowledge=knows) for window, said in parts]
        rankings = [rank(pool) for pool in pools]
        if replay:
            rankings = judged_in_order(pools, rankings, self.labelled)
        return list(zip(pools, rankings, strict=True))

    def lines(self, ranked: Ranked, *, explained: bool = False) -> list[Figures]:
        """One line for each comment: its best SHOWN candidates, with reasons if wanted, and what would be done."""
        return [line for each in ranked for line in _lines(*each, self.policy, explained=explained)]

    def about(self, *, replay: bool) -> Figures:
        """What was measured, and with what."""
        comments = self.labelled.comments
        others = comments["written_in"][comments["written_in"] != ""]
        return {
            "comments": len(comments),
            "changes": len(self.labelled.changes),
            "not_in_english": {language_name(tag): count for tag, count in sorted(Counter(others).items())},
            "model": self.knowledge.model or None,
            "replay": replay,
        }

    def figures(self, predictions: list[Figures], windows: LabelWindows, *, replay: bool) -> Figures:
        """How good they are: in all, by kind, by service, without learning (`cold`), in the policy's own window."""
        cold = self.lines(self.ranked(windows.parts, replay=False)) if replay else []
        return {
            **figures_of(predictions, self.labelled),
            "by_kind": by_column(predictions, self.labelled, "kind"),
            "by_service": by_column(predictions, self.labelled, "service_code"),
            **({"cold": figures_of(cold, self.labelled)} if replay else {}),
            "window": windows.figures(),
            "under_policy": ranking_figures(self.under_policy(windows, predictions, replay=replay), self.labelled),
        }

    def under_policy(self, windows: LabelWindows, predictions: list[Figures], *, replay: bool) -> list[Figures]:
        """The lines in the policy's own window: those already there, unless theirs was read from the links."""
        if not windows.from_links:
            return predictions
        return self.lines(self.ranked([(Window.of(self.policy), self.labelled.comments)], replay=replay))


def _confirmed(labelled: Labelled) -> pd.DataFrame:
    """Every labelled link as if it was confirmed as soon as both sides were known; those without dates never were."""
    texts = dict(zip(labelled.comments["comment_uid"], labelled.comments["text"], strict=True))
    heard = dict(zip(labelled.comments["comment_uid"], labelled.comments["heard_on"], strict=True))
    changed = dict(zip(labelled.changes["change_uid"], labelled.changes["changed_on"], strict=True))
    rows = [
        (comment, texts[comment], change, max(heard[comment], changed[change]))
        for comment, gold in sorted(labelled.gold.items())
        for change in sorted(gold)
        if heard[comment] and changed[change]
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def _lines(pool: Pool, ranking: Ranking, policy: MatchingPolicy, *, explained: bool) -> list[Figures]:
    places, ranks = np.nonzero(ranking.changes[:, :SHOWN] >= 0)
    columns: dict[str, list[Any]] = {
        "change": [pool.change_uids[change] for change in ranking.changes[places, ranks]],
        "score": ranking.scores[places, ranks].tolist(),
        "probability": ranking.probabilities[places, ranks].tolist(),
    }
    if explained:
        languages = [language_reason(pool.languages[place]) for place in places.tolist()]
        parts = explain(pool, ranking, places, ranks)
        columns["reasons"] = [[*reasons(each), *said] for each, said in zip(parts, languages, strict=True)]
    candidates: list[list[Figures]] = [[] for _ in pool.comment_uids]
    for place, *values in zip(places.tolist(), *columns.values(), strict=True):
        candidates[place].append(dict(zip(columns, values, strict=True)))
    bands = [band_of(probability, policy).value for probability in ranking.probabilities[:, 0]]
    return [
        {"comment": comment, "candidates": found, "decision": band}
        for comment, found, band in zip(pool.comment_uids, candidates, bands, strict=True)
    ]


def _peak_memory() -> float:
    """The most that this process has held so far, in MB; what ran before in it counts too."""
    import resource

    unit = 1e6 if sys.platform == "darwin" else 1e3
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)
