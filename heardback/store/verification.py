"""Is the history as it was written? Every entry against its hash, every loop against its history (G13)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from heardback.domain.chain import HASHED, entry_hash
from heardback.domain.effects import effects_of
from heardback.store.loops import ChainHead, HistoryEntry, Loop

BATCH = 5_000


@dataclass(frozen=True)
class Tampering:
    """One place where the history is not what was written."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def find_tampering(session: Session) -> list[Tampering]:
    """Everything that was edited, removed or added behind the ledger's back, each row named; empty when sound."""
    found = list(_broken_links(session))
    found += _disagreeing_loops(session)
    found += _let_out(session)
    return found


def count_entries(session: Session) -> int:
    """How many entries the history has."""
    return session.scalar(select(func.count()).select_from(HistoryEntry)) or 0


def _broken_links(session: Session) -> Iterator[Tampering]:
    expected, previous = 1, ""
    query = select(HistoryEntry).order_by(HistoryEntry.sequence).execution_options(yield_per=BATCH)
    for entry in session.scalars(query):
        where = f"history row {entry.sequence} ({entry.loop_uid})"
        if entry.sequence != expected:
            yield Tampering(f"history row {expected}", f"missing; the next one is row {entry.sequence}")
        elif entry.previous_hash != previous:
            yield Tampering(where, "does not follow from the row before it")
        if _hash_of(entry) != entry.hash:
            yield Tampering(where, "was edited after it was written")
        expected, previous = entry.sequence + 1, entry.hash
    yield from _broken_tail(session, expected - 1, previous)


def _broken_tail(session: Session, last: int, last_hash: str) -> Iterator[Tampering]:
    head = session.get(ChainHead, 1)
    if head is None:
        yield Tampering("chain_head", "its row is missing")
    elif head.sequence > last:
        yield Tampering(f"history row {last + 1}", f"missing; the history should end with row {head.sequence}")
    elif (head.sequence, head.hash) != (last, last_hash):
        yield Tampering(f"history row {last}", f"the history should end with row {head.sequence} and another hash")


def _hash_of(entry: HistoryEntry) -> str:
    return entry_hash(entry.previous_hash, {name: getattr(entry, name) for name in HASHED})


def _let_out(session: Session) -> list[Tampering]:
    """Loops whose mark of accusing staff was set or taken off behind the ledger's back."""
    marks = ("open", "open_withheld", "keep_from_service", "give_to_service")
    query = select(HistoryEntry.loop_uid, HistoryEntry.move, HistoryEntry.details, HistoryEntry.on_date)
    written: dict[str, bool] = {}
    for loop_uid, move, details, on in session.execute(
        query.where(HistoryEntry.move.in_(marks)).order_by(HistoryEntry.sequence).execution_options(yield_per=BATCH)
    ):
        written[loop_uid] = bool(effects_of(move, details, on)["kept_from_service"])
    stands = set(session.scalars(select(Loop.loop_uid).where(Loop.kept_from_service)))
    differ = stands ^ {loop_uid for loop_uid, kept in written.items() if kept}
    return [Tampering(f"loop {uid}", "who may see it is not what its history says") for uid in sorted(differ)]


def _disagreeing_loops(session: Session) -> list[Tampering]:
    last = select(HistoryEntry.loop_uid, func.max(HistoryEntry.version).label("version")).group_by(
        HistoryEntry.loop_uid
    )
    newest = last.subquery()
    query = (
        select(Loop.loop_uid, Loop.version, Loop.state, newest.c.version.label("written"), HistoryEntry.to_state)
        .outerjoin(newest, newest.c.loop_uid == Loop.loop_uid)
        .outerjoin(HistoryEntry, (HistoryEntry.loop_uid == Loop.loop_uid) & (HistoryEntry.version == newest.c.version))
        .where((Loop.version != func.coalesce(newest.c.version, -1)) | (Loop.state != HistoryEntry.to_state))
        .order_by(Loop.loop_uid)
    )
    return [
        Tampering(
            f"loop {row.loop_uid}",
            f"stands at '{row.state}', version {row.version}; its history says '{row.to_state}', version {row.written}",
        )
        for row in session.execute(query)
    ]
