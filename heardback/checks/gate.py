"""The gate: every row goes on, or stays behind with its reasons."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from config.maps import SourceMap
from heardback.checks.own import columns_checked, run_own_rules
from heardback.checks.raw import fingerprints, quarantine_cells
from heardback.checks.running import Verdict, run_rules
from heardback.checks.suite import Rule, record_frame, record_rules
from heardback.domain.record import Mapped, RowFault
from heardback.domain.table import Note, Table, add_up
from heardback.errors import PullRefused


@dataclass(frozen=True)
class Quarantined:
    """A row that stays behind until it is repaired. `cells` are by header, without identity and unmapped columns.

    What an expectation of the map asks about is kept too, or nobody could repair it or run the row again.

    `fingerprint` is a hash by which the same row is known in a later export, though none of its cells be kept.
    """

    row_number: int
    sheet: str
    cells: Mapping[str, str]
    reasons: list[str]
    fingerprint: str = ""


@dataclass(frozen=True)
class Held:
    """What stays behind of a table that was mapped in parts, and what else its parts come to.

    `rows` are the numbers of those that stay behind, `repeats` of those that only repeat another. Of `nameless` ones
    among the former nobody can say which response they are: their id cannot be read, or the map knows none by an id.
    """

    quarantined: list[Quarantined]
    rows: frozenset[int]
    repeats: list[int]
    notes: list[Note]
    results: dict[str, Any]
    nameless: frozenset[int] = frozenset()


def hold(parts: Iterable[Mapped], table: Table, source: SourceMap, *, today: date, max_bad_share: float) -> Held:
    """Hold a table's parts, in their order, against its source's contract, on the council's own day `today`.

    A map's own `max_bad_share` goes before the policy's. Rows read = responses accepted + rows quarantined + repeats.
    No two parts are in memory at once. Raises PullRefused where too large a share is bad, or a check could not be run.
    """
    rules = record_rules(source, today)
    looks = [_look(part, rules, table.name) for part in parts]
    rows = np.concatenate([look.rows for look in looks])
    verdicts = [*_together([look.verdicts for look in looks]), *run_own_rules(table, source, rows)]
    faults = [fault for look in looks for fault in look.faults]
    reasons = _reasons(faults, table, verdicts)
    _refuse_too_many(reasons, table, max_bad_share if source.max_bad_share is None else source.max_bad_share)
    kept = dict.fromkeys([*looks[0].kept_columns, *columns_checked(table, source)])
    cells = quarantine_cells(table, list(kept), list(reasons))
    prints = fingerprints(table, cells)
    return Held(
        [Quarantined(row, table.sheet, cells[row], why, prints[row]) for row, why in sorted(reasons.items())],
        frozenset(reasons),
        [row for look in looks for row in look.repeats],
        add_up(look.notes for look in looks) if len(looks) > 1 else looks[0].notes,
        {"rows": len(rows), "checked": [verdict.as_json() for verdict in verdicts]},
        _nameless(faults, table, reasons) if source.natural_key else _records(faults, reasons),
    )


@dataclass(frozen=True)
class _Look:
    """What the gate keeps of a part, once it has looked at it."""

    rows: Any
    verdicts: list[Verdict]
    faults: list[RowFault]
    repeats: list[int]
    notes: list[Note]
    kept_columns: tuple[str, ...]


def _look(part: Mapped, rules: Sequence[Rule], where: str) -> _Look:
    rows, verdicts = part.responses["row_number"].to_numpy(), run_rules(record_frame(part), rules, where)
    return _Look(rows, verdicts, part.faults, part.repeats, part.notes, part.kept_columns)


def _together(parts: Sequence[list[Verdict]]) -> list[Verdict]:
    """Each rule's verdict on all the parts; a part without a row has none."""
    return [
        Verdict(same[0].rule, all(verdict.success for verdict in same), [row for one in same for row in one.rows])
        for same in zip(*filter(None, parts), strict=True)
    ]


def without_rows(mapped: Mapped, rows: Collection[int]) -> Mapped:
    """The same without some rows, and without anything that was said in them."""
    if not rows:
        return mapped
    kept = mapped.responses[~mapped.responses["row_number"].isin(list(rows))].reset_index(drop=True)
    uids = kept["response_uid"]

    def belonging(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["response_uid"].isin(uids)].reset_index(drop=True)

    return replace(
        mapped,
        responses=kept,
        comments=belonging(mapped.comments),
        ratings=belonging(mapped.ratings),
        choices=belonging(mapped.choices),
    )


def _reasons(faults: Sequence[RowFault], table: Table, verdicts: list[Verdict]) -> dict[int, list[str]]:
    """Why each bad row is bad: it is broken, mapping found fault with it, or it fails a rule."""
    found = [(row.row_number, row.reason) for row in table.broken]
    found += [(fault.row_number, fault.reason) for fault in faults]
    found += [(row, verdict.rule.reason) for verdict in verdicts for row in verdict.rows]
    reasons: dict[int, list[str]] = {}
    for row, reason in dict.fromkeys(found):
        reasons.setdefault(row, []).append(reason)
    return reasons


def _nameless(faults: Sequence[RowFault], table: Table, bad: Collection[int]) -> frozenset[int]:
    hiding = {fault.row_number for fault in faults if fault.hides_its_id}
    return _records(faults, bad) & (hiding | {row.row_number for row in table.broken})


def _records(faults: Sequence[RowFault], bad: Collection[int]) -> frozenset[int]:
    """The bad rows that may be records, so no footers."""
    return frozenset(bad) - {fault.row_number for fault in faults if fault.is_of_no_record}


def _refuse_too_many(reasons: dict[int, list[str]], table: Table, limit: float) -> None:
    if not table.rows_read or len(reasons) / table.rows_read <= limit:
        return
    counts = Counter(reason for found in reasons.values() for reason in found)
    told = "; ".join(f"{count} × {reason}" for reason, count in counts.most_common())
    raise PullRefused(
        f"{len(reasons)} of {table.rows_read} rows are bad and the limit is {limit:.0%}: {told}",
        where=table.name,
        do="`heardback map check` shows the first row of each reason; correct the file or the map",
    )
