"""How many comments were owned, decided, closed and agreed, with intervals, for everyone and by group."""

from collections.abc import Mapping
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from heardback.domain.measures.figures import DEFINITIONS, LABELS, TOTAL, Figure, Table, Unit, counted
from heardback.domain.measures.voices import IN_SCOPE, SCOPES, STEPS, days, groups_of, in_scope, scope_of, steps

Z = NormalDist().inv_cdf(0.975)
LOOPS = "_loops"  # the same share, of loops: decided_loops beside decided
BY_LOOP_TOO = ("", "service_code")  # one loop has one service, but may hold voices of many channels and ages
SCOPE_LABELS: Mapping[str, str] = {
    IN_SCOPE: "In scope",
    "withheld": "Withheld (safeguarding)",
    "diverted": "Diverted (complaints)",
    "withdrawn": "Withdrawn",
    "not_counted": "Not counted",
    "partial": "Partly filled in",
}

Floats = npt.NDArray[np.float64]


def wilson(counts: npt.ArrayLike, bases: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Wilson's 95 % interval of counts/bases, element by element, as shares; NaN where the base is 0."""
    count, base = np.asarray(counts, dtype=float), np.asarray(bases, dtype=float)
    n = np.where(base > 0, base, np.nan)
    share, z2 = count / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    # at 0 and at n the formula gives exactly 0 and 1, but for rounding
    return np.where(count == 0, 0 * n, middle - half), np.where(count == base, 1 + 0 * n, middle + half)


def share(
    code: str,
    count: int,
    n: int,
    *,
    group: str = TOTAL,
    label: str = "",
    definition: str = "",
    note: str = "",
    base: str = "heard",
    within: tuple[str, ...] = ("heard",),
) -> Figure:
    """A figure that is `count` of `n`; without a value where `n` is 0."""
    low, high = wilson(count, n)
    return Figure(
        code=code,
        label=label or LABELS.get(code, code),
        definition=definition or DEFINITIONS.get(code, ""),
        n=n,
        count=count,
        value=count / n if n else None,
        low=float(low) if n else None,
        high=float(high) if n else None,
        unit=Unit.SHARE,
        group=group,
        note=note,
        base=base,
        within=within,
    )


def rates(voices: pd.DataFrame, dimension: str = "", *, population: str = "") -> Table:
    """The four rates over the voices in scope, the total first and then each group of `dimension` by name."""
    inside = in_scope(voices)
    rows = _rates_of(inside, dimension, "")
    if dimension in BY_LOOP_TOO:
        rows += _rates_of(_loops(inside), dimension, LOOPS)
    title = f"Rates by {dimension.removeprefix('char_').replace('_', ' ')}" if dimension else "Rates"
    code = f"rates_by_{dimension}" if dimension else "rates"
    return Table(code, title, tuple(rows), dimension, population)


def funnel(voices: pd.DataFrame, *, population: str = "") -> Table:
    """Heard, owned, decided, told and agreed: each a share of what was heard, each inside the one before."""
    inside = in_scope(voices)
    return Table("funnel", "From heard to agreed", tuple(_rates_of(inside, "", "")), "", population)


def left_out(voices: pd.DataFrame, *, population: str = "") -> Table:
    """Everything that was said, by what became of it: the numbers that the rates leave out."""
    counts = scope_of(voices).value_counts().reindex(SCOPES, fill_value=0)
    parts = (counted("said", int(counts[name]), group=name, label=SCOPE_LABELS[name]) for name in SCOPES)
    return Table("left_out", "What the rates leave out", (counted("said", len(voices)), *parts), "scope", population)


def answers(voices: pd.DataFrame, as_of: np.datetime64, *, population: str = "") -> Table:
    """Promises kept of those due by the as-of day, and loops that had to be reopened."""
    inside = in_scope(voices)
    by, kept = days(inside, "promise_by"), days(inside, "promise_kept_on")
    due = by <= as_of  # false where there is no promise: nothing compares with NaT
    rows = (
        counted("promise_due", int(due.sum()), within=("heard",)),
        share("promise_kept", int((due & (kept <= by)).sum()), int(due.sum()), base="promise_due"),
        share("reopened", int(inside["reopened"].astype(bool).sum()), len(inside)),
    )
    return Table("answers", "Promises and reopened loops", rows, "", population)


def _rates_of(inside: pd.DataFrame, dimension: str, suffix: str) -> list[Figure]:
    flags = steps(inside).assign(heard=True)
    counts = flags.sum().to_frame(TOTAL).T
    if dimension:
        counts = pd.concat([counts, flags.groupby(groups_of(inside, dimension), sort=True).sum()])
    return [figure for group, row in counts.iterrows() for figure in _rates_of_group(str(group), row, suffix)]


def _rates_of_group(group: str, counts: pd.Series, suffix: str) -> list[Figure]:
    heard, *passed = (int(counts[code]) for code in ("heard", *STEPS))
    unit, ending = (Unit.LOOPS, ", loops") if suffix else (Unit.COMMENTS, "")
    holders = ("heard",) if suffix else ("said",)  # no loop without a comment, so never more loops than comments
    rows = [counted("heard" + suffix, heard, group=group, unit=unit, label=LABELS["heard"] + ending, within=holders)]
    for i, (code, count) in enumerate(zip(STEPS, passed, strict=True)):
        before = tuple(step + suffix for step in ("heard", *STEPS[:i]))
        rows.append(
            share(
                code + suffix,
                count,
                heard,
                group=group,
                label=LABELS[code] + ending,
                definition=DEFINITIONS[code] + (" Counted in loops." if suffix else ""),
                base="heard" + suffix,
                within=before + ((code,) if suffix else ()),
            )
        )
    return rows


def _loops(inside: pd.DataFrame) -> pd.DataFrame:
    """One row a loop: all its voices stand where it stands."""
    return inside.drop_duplicates("loop_uid")
