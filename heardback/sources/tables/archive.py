"""A zip of tables becomes one: the responses, each with the rows of its child tables (ODK's repeats) beside it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from config.layout import Children, FileShape
from heardback.domain.plurals import some
from heardback.domain.table import Note
from heardback.errors import Unreadable
from heardback.sources.tables.grid import Grid, is_blank
from heardback.sources.tables.headers import clean_header
from heardback.sources.tables.rows import NO_PARENT
from heardback.sources.tables.unpacking import only_member, unpack

MOST_COLUMNS = 5_000
ReadGrid = Callable[[bytes, str, FileShape], Grid]
Rows = list[list[str]]


def read_archive(content: bytes, name: str, shape: FileShape, read: ReadGrid) -> Grid:
    """The table of `file.member`, with every child row in columns of its parent's row: `name/column#1` and so on.

    `read` reads one file of the zip. A child table without a row gives its columns once, blank: nobody filled it in. A
    child whose parent is not there becomes a row of its own, which the header does not fit, so that it goes to
    quarantine and not astray. Raises Unreadable where a file or a column is missing.
    """
    member = only_member(content, name, shape.member)
    grid = read(unpack(content, name, member), f"{name}: {member}", shape)
    for children in shape.children:
        own = only_member(content, name, children.member)
        table = read(unpack(content, name, own), f"{name}: {own}", shape)
        grid = _join(grid, table, children, shape, f"{name}: {own}")
    return grid


def _join(grid: Grid, table: Grid, children: Children, shape: FileShape, name: str) -> Grid:
    head, above, below = shape.skip_rows + shape.header_rows - 1, list(grid.rows), list(table.rows)
    parents = _column(above, head, children.parent, name)
    families = _families(below, children, name)
    columns = _columns(below, children, max(map(len, families.values()), default=1), name)
    wide = len(above[head])
    rows = [*above[:head], [*above[head], *columns]]
    for row in above[head + 1 :]:
        whole = len(row) == wide  # of a ragged row nobody knows which cell is its key
        own = [cell for child in families.pop(row[parents], []) for cell in child] if whole else []
        rows.append([*row, *own, *[""] * (len(columns) - len(own))] if whole else row)
    lost = [child for family in families.values() for child in family]
    return replace(
        grid,
        rows=rows + [_orphan(child, len(rows[head])) for child in lost],
        notes=[*grid.notes, *table.notes, *_notes(lost, children)],
    )


def _columns(table: Rows, children: Children, most: int, name: str) -> list[str]:
    named = [cell for cell in table[0] if clean_header(cell) != children.key]
    if most * len(named) > MOST_COLUMNS:
        what = f"one row has {most:,} rows of {children.name} below it: too many for columns"
        raise Unreadable(what, where=name, do="export the child table as a source of its own")
    return [f"{children.name}/{column}#{number}" for number in range(1, most + 1) for column in named]


def _families(table: Rows, children: Children, name: str) -> dict[str, Rows]:
    """The child rows, without their parents' keys, by those keys and in the file's order."""
    keys = _column(table, 0, children.key, name)
    width = len(table[0])
    families: dict[str, Rows] = defaultdict(list)
    for number, row in enumerate(table[1:], start=2):
        if is_blank(row):
            continue
        if len(row) != width:
            what = f"the row has {len(row)} cells where the header has {width}"
            raise Unreadable(what, where=f"{name}, row {number}", do="export the zip again")
        families[row[keys]].append([*row[:keys], *row[keys + 1 :]])
    return families


def _column(rows: Rows, head: int, wanted: str, name: str) -> int:
    headers = [clean_header(cell) for cell in rows[head]] if len(rows) > head else []
    if wanted not in headers:
        do = "correct key and parent of file.children in the map"
        raise Unreadable(f"the column '{wanted}', which joins two tables, is missing", where=name, do=do)
    return headers.index(wanted)


def _orphan(child: Sequence[str], width: int) -> list[str]:
    """A row that no header fits: one cell too many."""
    return [*child, *[""] * (width - len(child)), NO_PARENT]


def _notes(lost: Rows, children: Children) -> list[Note]:
    are = "names a parent that is not there; it is" if len(lost) == 1 else "name parents that are not there; they are"
    what = f"{some(len(lost), 'row')} of {children.name} {are} in quarantine"
    return [Note("orphan_rows", what)] if lost else []
