"""How far participation reaches, after Lundy (2007): space, voice, audience, influence; from shown figures alone."""

from collections.abc import Sequence
from dataclasses import replace

from heardback.domain.measures.figures import Figure, Table, table_of
from heardback.domain.measures.rates import share
from heardback.domain.words import CompletedBy

OWN_WORDS = (CompletedBy.SELF.value, CompletedBy.WITH_HELP.value)
STAGES = {
    "space": ("Space", "Services of which anything was heard: there was somewhere to say it."),
    "voice": ("Voice", "Comments that children and families wrote or said themselves, alone or with help."),
    "audience": ("Audience", "Comments that a named person with responsibility has taken on."),
    "influence": ("Influence", "Comments that were decided on and whose people were told what came of them."),
}


def lundy(tables: Sequence[Table], services_heard: int, services: int) -> Table:
    """The four stages. Pass tables after `protect`: worked out from shown figures they give nothing away."""
    rates = table_of(tables, "rates")
    rows = (
        _stage("space", services_heard, services, base="services"),
        _voice(table_of(tables, "rates_by_completed_by")),
        _stage("audience", rates.figure("owned").count, rates.figure("owned").n),
        _stage("influence", rates.figure("closed").count, rates.figure("closed").n),
    )
    return Table("lundy", "Space, voice, audience, influence", rows)


def _voice(table: Table) -> Figure:
    parts = [row for row in table.rows if row.code == "heard" and row.group in OWN_WORDS]
    hidden = any(row.count is None for row in parts)
    count = None if hidden else sum(row.count or 0 for row in parts)
    return _stage("voice", count, table.figure("heard").count)


def _stage(code: str, count: int | None, n: int | None, base: str = "heard") -> Figure:
    label, meaning = STAGES[code]
    if count is None or n is None:
        figure = share(code, 0, 0, label=label, definition=meaning, base=base, within=())
        return replace(figure, n=n, count=None, suppressed=True)
    return share(code, count, n, label=label, definition=meaning, base=base, within=())
