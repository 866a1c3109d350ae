"""Who spoke, how far it reached, and whether answers say anything: grids from tables that not every pack has."""

from heardback.domain.measures.figures import Table
from heardback.domain.measures.lundy import lundy
from heardback.reports.content import PackContent
from heardback.reports.grids import Grid, corner_of, grid

WHO_SPOKE = "participation_by_"


def stages_of(content: PackContent) -> Table:
    """Space, voice, audience, influence."""
    return lundy(content.tables, content.quality.services_heard, content.quality.services)


def reach(content: PackContent) -> list[Grid]:
    """Who spoke, table by table, and the four stages."""
    spoke = [table for table in content.tables if table.code.startswith(WHO_SPOKE)]
    grids = [grid(_caption(table), [table], {"heard": "Heard"}, content.names) for table in spoke]
    return [*grids, _listed(stages_of(content), "Space, voice, audience, influence (after Lundy)", "Stage")]


def _caption(table: Table) -> str:
    said = corner_of(table.dimension).lower()
    return table.title if table.title.endswith(said) else f"{table.title} ({said})"


def answers_checked(content: PackContent) -> list[Grid]:
    """What the answers of the month have and lack; nothing where no decision was looked at."""
    found = [table for table in content.tables if table.code == "response_quality"]
    return [_listed(table, "Loops decided in the month, by what their answers have", "Part") for table in found]


def _listed(table: Table, caption: str, corner: str) -> Grid:
    """A row a figure, under its label."""
    return Grid(caption, corner, ("Share",), tuple((row.label, (row,)) for row in table.rows))
