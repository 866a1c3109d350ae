"""Figures side by side: a grid with a row a group and a column a figure, under the names that people read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heardback.domain.measures.figures import NOT_KNOWN, TOTAL, Figure, Table
from heardback.domain.measures.gaps import gaps
from heardback.domain.measures.rates import LOOPS
from heardback.domain.measures.voices import CHARACTERISTIC
from heardback.reports.rendering import month_in_words

SERVICE, MONTH = "service_code", "month"
CORNERS: Mapping[str, str] = {
    SERVICE: "Service",
    MONTH: "Month heard",
    "channel": "How it was said",
    "completed_by": "Who filled it in",
    "scope": "What became of it",
    "source_id": "Source",
}
EVERYONE = "Everyone"
RATES = {"heard": "Heard", "owned": "Owned", "decided": "Decided", "closed": "Closed", "agreed": "Agreed"}


@dataclass(frozen=True)
class Grid:
    """One table as it is printed. A row is its name and a figure for each of `columns`, None where there is none.

    `too_few` names the groups of which nothing may be shown: they have no row.
    """

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Figure | None, ...]], ...]
    too_few: tuple[str, ...] = ()

    @property
    def not_shown(self) -> str:
        """Of whom nothing is shown, in a sentence; empty where everybody has a row."""
        why = "They are too few, or would give such a number away."
        return f"Nothing can be shown of: {', '.join(self.too_few)}. {why}" if self.too_few else ""


def name_of(group: str, names: Mapping[str, str]) -> str:
    """What a group is called: its name where one is known, else its code in words (`online_survey` → Online survey)."""
    if group == TOTAL:
        return EVERYONE
    words = names.get(group) or group.replace("_", " ")
    return words[:1].upper() + words[1:]


def corner_of(dimension: str) -> str:
    """The heading of the column that a table is split by."""
    return CORNERS.get(dimension) or name_of(dimension.removeprefix(CHARACTERISTIC), {})


def grid(caption: str, tables: Sequence[Table], columns: Mapping[str, str], names: Mapping[str, str]) -> Grid:
    """The groups of the first table with the figures of all of them; `columns` maps codes, in order, to headings.

    The total stands first, `not known` last; ages and the like by the number they begin with, others as they come.
    A month keeps its row also where nothing of it may be shown, so that no gap looks like none.
    """
    first = tables[0]
    cells = {(row.code, row.group): row for table in tables for row in table.rows}
    groups = sorted(first.groups, key=_order)
    monthly = first.dimension == MONTH
    named = [month_in_words(group) if monthly else name_of(group, names) for group in groups]
    figures = [tuple(cells.get((code, group)) for code in columns) for group in groups]
    rows = tuple(zip(named, figures, strict=True))
    told = tuple(row for row in rows if monthly or any(_tells(figure) for figure in row[1]))
    too_few = tuple(name for name, _ in rows if name not in dict(told))
    return Grid(caption, corner_of(first.dimension), tuple(columns.values()), told, too_few)


def _tells(figure: Figure | None) -> bool:
    """Whether a cell has more to say than `c`: a count is printed beside its base, and without it is not."""
    return figure is not None and not (figure.suppressed and figure.n is None)


def _order(group: str) -> tuple[bool, int]:
    leading = re.match(r"\d+", group)
    return group == NOT_KNOWN, -1 if group == TOTAL else int(leading[0]) if leading else 0


def own_columns(table: Table) -> dict[str, str]:
    """Every figure of a table as a column under its own label."""
    return {row.code: row.label for row in table.rows}


def services_side_by_side(tables: Sequence[Table], names: Mapping[str, str]) -> list[Grid]:
    """The services by rates of comments, by the same of loops, and by time to close."""
    loops = {code + LOOPS: heading for code, heading in RATES.items()}
    wanted = (
        (f"rates_by_{SERVICE}", "Comments, by service", RATES),
        (f"rates_by_{SERVICE}", "Loops, by service (comments that say the same thing share one)", loops),
        (f"time_to_close_by_{SERVICE}", "Working days to close, by service", {"days_to_close": "Median working days"}),
    )
    by_code = {table.code: table for table in tables}
    return [grid(caption, [by_code[code]], columns, names) for code, caption, columns in wanted if code in by_code]


def compared(tables: Sequence[Table]) -> list[tuple[Table, Table]]:
    """Each table of rates by anything but service, with the gaps of its groups in the share closed."""
    rates = (table for table in tables if table.code.startswith("rates_by_") and table.dimension != SERVICE)
    return [(table, gaps(table, "closed")) for table in rates]


def gaps_of(tables: Sequence[Table]) -> list[Table]:
    """The gaps alone."""
    return [gap for _, gap in compared(tables)]


def equity(tables: Sequence[Table], names: Mapping[str, str]) -> list[Grid]:
    """For each dimension the share closed in each group, and its gap to everyone else."""
    columns = {"closed": "Closed", "gap": "Gap to everyone else"}
    return [
        grid(f"Closed, by {corner_of(rates.dimension).lower()}", [rates, gap], columns, names)
        for rates, gap in compared(tables)
    ]
