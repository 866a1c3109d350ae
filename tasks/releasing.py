"""The one gate that every figure passes: protected, attacked beside all that is out already, and noted as published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.policy import ReportPolicy
from heardback.domain.measures.attack import Cell, page_of
from heardback.domain.measures.disclosure import audit, protect, veiled
from heardback.domain.measures.figures import Table
from heardback.domain.measures.releases import Release, true_counts
from heardback.errors import DisclosureError
from heardback.store.releases import Published, publish, published


@dataclass(frozen=True)
class Cleared:
    """Tables that may leave, the true ones behind them, and what is hidden. `out` is true where they left before."""

    tables: tuple[Table, ...]
    true: tuple[Table, ...]
    hidden: frozenset[Cell]
    out: bool = False


def clear(session: Session, tables: Sequence[Table], policy: ReportPolicy, label: str, as_of: date) -> Cleared:
    """Tables as they may leave, whatever is out already. Raises DisclosureError where a small number is given away.

    What left before leaves again as it did: the same bytes, although other releases have come out since (G11).
    """
    before, true = published(session), tuple(tables)
    for release in before:
        if _is_same(release, true, label, as_of):
            return Cleared(veiled(true, release.release.hidden, policy), true, release.release.hidden, out=True)
    return release_of(true, policy, label, [each.release for each in before])


def release_of(tables: tuple[Table, ...], policy: ReportPolicy, label: str, earlier: Sequence[Release] = ()) -> Cleared:
    """The tables after disclosure control, attacked once more from what is printed alone. Raises DisclosureError."""
    safe = protect(tables, policy, earlier)
    cells = audit(safe, policy, earlier, tables)
    if cells:
        raise DisclosureError(
            f"{len(cells)} small numbers could be worked out; nothing was written:\n  " + "\n  ".join(cells),
            cells=cells,
            where=f"board pack {label}",
            do="raise report.small_count in policy.yaml, and tell Heardback's makers: its own protection did not hold",
        )
    return Cleared(safe, tables, frozenset(page_of(safe).hidden))


def note(session: Session, cleared: Cleared, label: str, as_of: date, at: datetime) -> None:
    """Write into the ledger of releases what leaves now; what left before stands there."""
    if not cleared.out:
        publish(session, label, as_of, cleared.true, cleared.hidden, at)


def _is_same(release: Published, tables: Sequence[Table], label: str, as_of: date) -> bool:
    same_question = (release.label, release.as_of) == (label, as_of)
    return same_question and true_counts(release.release.tables) == true_counts(tables)
