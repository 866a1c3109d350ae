"""The window in which labelled comments are measured: the policy's, or one read from the links where it holds too few.

A set whose links run back in time (a petition's duplicate comes after it) would find nothing in a council's window.
Each half of its comments is then measured in the window that the other half's links would have: never in its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from heardback.matching.blocking import Window, day_numbers

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from config.policy import MatchingPolicy
    from heardback.matching.labelled import Labelled

HELD_BY_POLICY = 0.95  # of the links: below this the labelled set has another direction of time than the policy
ENOUGH_LINKS = 20
NEVER = 2**40


@dataclass(frozen=True)
class LabelWindows:
    """The comments in parts, each with its window; `held_by_policy` is the share of the links that the policy's own
    holds, None without links.
    """

    parts: list[tuple[Window, pd.DataFrame]]
    held_by_policy: float | None

    @classmethod
    def of(cls, labelled: Labelled, policy: MatchingPolicy) -> LabelWindows:
        """All comments in the policy's window, or two halves in those of each other's links."""
        own, days = Window.of(policy), _link_days(labelled, labelled.gold)
        held = float(own.holds(days).mean()) if len(days) else None
        as_policy = cls([(own, labelled.comments)], held)
        return cls(_halves(labelled, policy), held) if as_policy.from_links else as_policy

    @property
    def from_links(self) -> bool:
        """Whether they were read from the links."""
        return self.held_by_policy is not None and self.held_by_policy < HELD_BY_POLICY

    def figures(self) -> dict[str, Any]:
        """What is said of them beside the matcher's figures, JSON-ready."""
        return {
            "from": "links" if self.from_links else "policy",
            "links_held_by_policy": self.held_by_policy,
            "days": [{"before": window.before, "after": window.after} for window, _ in self.parts],
        }


def _link_days(labelled: Labelled, comments: Collection[str]) -> np.ndarray:
    """Days from comment to change of every labelled link of these comments, both of whose dates are known."""
    heard = dict(zip(labelled.comments["comment_uid"], day_numbers(labelled.comments["heard_on"], NEVER), strict=True))
    changed = dict(zip(labelled.changes["change_uid"], day_numbers(labelled.changes["changed_on"], NEVER), strict=True))
    links = [(heard[comment], changed[change]) for comment in sorted(comments) for change in labelled.gold[comment]]
    return np.array([done - said for said, done in links if NEVER not in (said, done)], dtype=np.int64)


def _halves(labelled: Labelled, policy: MatchingPolicy) -> list[tuple[Window, pd.DataFrame]]:
    """Two halves of the comments, groups kept whole, each with the window that the other half's links would have."""
    second = np.array([crc32(group.encode()) % 2 == 1 for group in labelled.comments["group"]], dtype=bool)
    parts = [labelled.comments[~second], labelled.comments[second]]
    windows = [
        _window_of(_link_days(labelled, labelled.gold.keys() & set(part["comment_uid"])), policy) for part in parts
    ]
    return list(zip(reversed(windows), parts, strict=True))


def _window_of(days: np.ndarray, policy: MatchingPolicy) -> Window:
    """What a manager who knew these links would set: nearly all of them and a tenth to spare on either side."""
    if len(days) < ENOUGH_LINKS:
        return Window(before=policy.window_days, after=policy.window_days)
    first, last = np.quantile(days, [0.01, 0.99])
    spare = (last - first) / 10
    return Window(before=round(max(0.0, spare - first)), after=round(max(0.0, last + spare)))
