"""How far a report's figures can be trusted: rows accounted for, coverage, quarantine, the matcher's precision."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from sqlalchemy.orm import Session

from config.council import Council
from heardback.domain.measures.figures import TOTAL, Figure, Table, counted
from heardback.domain.measures.period import Period
from heardback.domain.measures.rates import share
from heardback.domain.measures.voices import heard_in
from heardback.domain.words import Fate
from heardback.reports.content import Quality
from heardback.store.evidence import judged_matches, pulls_until, quarantined_since
from heardback.store.reconciliation import Account, balance
from tasks.past import Past

ROWS, PRECISION, READ = "rows", "matching", "read"
ENDINGS = {
    Fate.LOOP: "In a loop",
    Fate.DUPLICATE: "Repeats",
    Fate.QUARANTINE: "In quarantine",
    Fate.WITHHELD: "Withheld",
    Fate.DIVERTED: "Diverted",
    Fate.NOT_COUNTED: "Not counted",
}


def accounts_until(session: Session, past: Past) -> list[Account]:
    """The accounts of the pulls whose rows the figures rest on."""
    wanted = pulls_until(session, past.as_of, past.before)
    return [account for account in balance(session) if account.pull_uid in wanted]


def quality_tables(session: Session, past: Past, accounts: Sequence[Account]) -> list[Table]:
    """Where each source's rows ended, one table a source, and how suggested matches were judged; not yet protected.

    A table a source, so that disclosure control knows that its endings add up to what was accounted for.
    """
    endings: dict[str, Counter[str]] = {}
    for account in accounts:
        endings.setdefault(account.source_id, Counter()).update(account.fates)
    judged = judged_matches(session, past.before)
    return [_endings(source, counts) for source, counts in sorted(endings.items())] + _precision(*judged)


def quality_of(
    session: Session,
    council: Council,
    past: Past,
    period: Period,
    voices: pd.DataFrame,
    accounts: Sequence[Account],
    safe: Sequence[Table],
) -> Quality:
    """The same from `quality_tables` after disclosure control, with what was heard from in the period."""
    heard = heard_in(voices, period)
    oldest = quarantined_since(session, past.before)
    precision = [table.figure("match_precision") for table in safe if table.code == PRECISION]
    return Quality(
        rows_by_fate=_side_by_side([table for table in safe if table.code == ROWS]),
        unaccounted=sum(account.missing for account in accounts),
        oldest_quarantined_on=oldest.astimezone(past.before.tzinfo).date() if oldest else None,
        services_heard=_known(heard["service_code"], {service.code for service in council.directory.services}),
        services=len(council.directory.services),
        sources_heard=_known(heard["source_id"], set(council.sources)),
        sources=len(council.sources),
        precision=precision[0] if precision else None,
    )


def _endings(source: str, counts: Counter[str]) -> Table:
    others = sorted(counts.keys() - set(ENDINGS))
    labels = {str(fate): label for fate, label in ENDINGS.items()} | {fate: fate for fate in others}
    whole = counted(ROWS, sum(counts.values()), label="Accounted for")
    parts = (counted(ROWS, counts[fate], group=fate, label=label) for fate, label in labels.items())
    return Table(ROWS, "Rows read, by where they ended", (whole, *parts), "fate", source)


def _side_by_side(tables: Sequence[Table]) -> Table:
    rows = (_of_source(row, table.population) for table in tables for row in table.rows)
    return Table("rows_by_fate", "Rows read, by where they ended", tuple(rows), "source_id", ROWS)


def _of_source(row: Figure, source: str) -> Figure:
    return replace(row, code=READ if row.group == TOTAL else row.group, group=source)


def _precision(confirmed: int, judged: int) -> list[Table]:
    if not judged:
        return []
    figure = share(
        "match_precision",
        confirmed,
        judged,
        label="Suggested matches that people confirmed",
        definition="Of the changes that Heardback suggested as an answer and a person judged, the share confirmed.",
        base="match_judged",
        within=(),
    )
    return [Table(PRECISION, "Matches that people judged", (figure,), "", PRECISION)]


def _known(codes: pd.Series, known: set[str]) -> int:
    return len(set(codes) & known)
