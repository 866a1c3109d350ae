"""What a change did: how people rated its service before and after, with an interval; or that it cannot be told."""

from dataclasses import dataclass
from datetime import date
from math import sqrt

import numpy as np
import pandas as pd

WINDOW = 180  # days on either side of a change
UNKNOWN = "Whether ratings changed cannot be told: fewer than {fewest} were given before or since."


@dataclass(frozen=True)
class Difference:
    """Mean scores (0 worst, 1 best) before and after, their numbers, and the difference with its 95 % interval."""

    before: float
    after: float
    n_before: int
    n_after: int
    low: float
    high: float


def difference_made(ratings: pd.DataFrame, changed_on: date, fewest: int) -> Difference | None:
    """From `heard_on` (datetime64) and `score` of one service; None with fewer than `fewest` on either side.

    The interval is Welch's, with the normal quantile: a little narrow at ten a side, so let `fewest` be 10 or more.
    """
    day, reach = pd.Timestamp(changed_on), pd.Timedelta(days=WINDOW)
    known = ratings[ratings["score"].notna()]
    before = known["score"][(known["heard_on"] < day) & (known["heard_on"] >= day - reach)].to_numpy(dtype=float)
    after = known["score"][(known["heard_on"] > day) & (known["heard_on"] <= day + reach)].to_numpy(dtype=float)
    if min(before.size, after.size) < fewest:
        return None
    spread = 1.96 * sqrt(np.var(before, ddof=1) / before.size + np.var(after, ddof=1) / after.size)
    change = float(after.mean() - before.mean())
    return Difference(
        float(before.mean()), float(after.mean()), before.size, after.size, change - spread, change + spread
    )


def in_a_sentence(found: Difference | None, fewest: int) -> str:
    """Ratings of its service: 62 of 100 before (40 ratings), 71 since (35); a change of +9, somewhere in +1 to +17."""
    if found is None:
        return UNKNOWN.format(fewest=fewest)
    change = found.after - found.before
    sure = "" if found.low > 0 or found.high < 0 else ", so chance alone could have made it"
    return (
        f"Ratings of its service: {found.before * 100:.0f} of 100 before ({found.n_before} ratings), "
        f"{found.after * 100:.0f} since ({found.n_after}); a change of {change * 100:+.0f}, somewhere in "
        f"{found.low * 100:+.0f} to {found.high * 100:+.0f}{sure}."
    ).replace("-", "−")
