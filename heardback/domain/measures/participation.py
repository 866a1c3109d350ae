"""Who spoke: by source, and against the size of a group where the council has said how large it is."""

from collections.abc import Mapping

import pandas as pd

from heardback.domain.measures.figures import Figure, Table, Unit, counted
from heardback.domain.measures.voices import CHARACTERISTIC, groups_of, in_scope

FOR_EVERY_HUNDRED = "Who spoke, for every 100 of the group"
DEFINITION = (
    "Comments heard for every 100 people in the group, by the group's size in policy.yaml. One person may have \
said several things: this says how loud a group is, not how many of it spoke."
)


def participation(heard: pd.DataFrame, cohorts: Mapping[str, int], *, population: str = "") -> tuple[Table, ...]:
    """Comments by source; and for each `column:group` of `cohorts` (service_code:yjs, age_band:11-15) for every 100.

    The counts are those of the rates' own tables, so that disclosure control sees one number and not two.
    """
    inside = in_scope(heard)
    sources = groups_of(inside, "source_id").value_counts().sort_index()
    rows = [counted("heard", len(inside), within=("said",))]
    rows += [counted("heard", int(count), group=str(name), within=("said",)) for name, count in sources.items()]
    by_source = Table("participation_by_source_id", "Who spoke, by source", tuple(rows), "source_id", population)
    tables = [by_source]
    by_column: dict[str, dict[str, int]] = {}
    for name, size in cohorts.items():
        column, _, group = name.partition(":")
        by_column.setdefault(column if column in inside else CHARACTERISTIC + column, {})[group] = size
    tables += [
        _of(inside, column, sizes, population) for column, sizes in sorted(by_column.items()) if column in inside
    ]
    return tuple(tables)


def _of(inside: pd.DataFrame, column: str, sizes: Mapping[str, int], population: str) -> Table:
    counts = groups_of(inside, column).value_counts()
    rows = tuple(_loudness(group, int(counts.get(group, 0)), size) for group, size in sorted(sizes.items()))
    return Table(f"participation_by_{column}", FOR_EVERY_HUNDRED, rows, column, population)


def _loudness(group: str, count: int, size: int) -> Figure:
    return Figure(
        "heard", "Heard for every 100", DEFINITION, None, count, 100 * count / size, None, None,
        Unit.PER_HUNDRED, group,
        note=f"of a group of {size}", within=("said",),
    )  # fmt: skip
