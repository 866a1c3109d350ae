"""Every figure of a pack as CSV and as JSON: definition, base, interval and a mark where it is not shown."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from heardback.domain.measures.figures import HIDDEN, Figure, Table
from heardback.reports.content import PackContent
from heardback.reports.rendering import write_text

COLUMNS = (
    "table",
    "dimension",
    "group",
    "code",
    "label",
    "definition",
    "unit",
    "n",
    "count",
    "value",
    "low",
    "high",
    "suppressed",
    "note",
)
DECIMALS = 4  # finer than a share of 10,000 comments; the last bits of a float differ between machines
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, tables: Sequence[Table]) -> Path:
    """A row a figure; a number that is not shown is `c`, one that has no meaning is empty."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(
        {name: _as_text(value) for name, value in figure_fields(table, row).items()}
        for table in tables
        for row in table.rows
    )
    return write_text(path, written.getvalue())


def write_json(path: Path, content: PackContent, tables: Sequence[Table]) -> Path:
    """The same as one object, with the month, the as-of day and what `c` stands for."""
    document = {
        "council": content.council,
        "month": content.period.label,
        "as_of": content.as_of.isoformat(),
        "sentence": content.sentence,
        "not_shown": {
            HIDDEN: f"a count under {content.small_count}, a rate on fewer than {content.small_base}, or a "
            "number from which one of these could be worked out"
        },
        "figures": [figure_fields(table, row) for table in tables for row in table.rows],
    }
    return write_text(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def figure_fields(table: Table, row: Figure) -> dict[str, object]:
    """A figure under the names of COLUMNS: numbers, `c` where one is not shown, None where it has no meaning."""
    return {
        "table": table.code,
        "dimension": table.dimension,
        "group": row.group,
        "code": row.code,
        "label": row.label,
        "definition": row.definition,
        "unit": row.unit.value,
        "n": _number(row.n, row, applies=row.has_base),
        "count": _number(row.count, row, applies=row.has_count),
        "value": _number(row.value, row, applies=True),
        "low": _number(row.low, row, applies=row.has_base),
        "high": _number(row.high, row, applies=row.has_base),
        "suppressed": row.suppressed,
        "note": row.note,
    }


def _number(value: float | None, row: Figure, *, applies: bool) -> float | str | None:
    if value is None:
        return HIDDEN if row.suppressed and applies else None
    return value if isinstance(value, int) else round(value, DECIMALS)


def _as_text(value: object) -> object:
    """A cell that a spreadsheet will not run: a group's name may come from a survey's own list of answers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
