"""Pulls and what they read: the account that must always balance (G1–G3)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from heardback.domain.table import Note
from heardback.store.base import Base, Instant
from heardback.store.guards import append_only
from heardback.store.sealed_columns import Cells, Mark

AGAIN = "again"  # the kind of a pull that read what had landed once more


class RawFile(Base):
    """The bytes of a file as it arrived, kept by hash before anything was parsed."""

    __tablename__ = "raw_file"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    kept_at: Mapped[datetime] = mapped_column(Instant)


class Pull(Base):
    """One file of one source or register, read once. `kind`: responses, changes, or again, which has those rows of a
    file that landed before of which the map has more heard by now. `status`: landed or failed.

    `cursor` is from where to ask on once it has landed; '' where the source has none. `ordinal` counts the pulls of a
    source in the order in which they were written: those of one run begin at one instant. `as_newest` says that it
    landed as how its source stands, so that it edited and withdrew.
    """

    __tablename__ = "pull"
    __table_args__ = (Index(None, "source_id", "file_sha256"),)

    pull_uid: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str]
    ordinal: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[str] = mapped_column(ForeignKey("raw_file.sha256"))
    as_newest: Mapped[bool] = mapped_column(default=True)
    cursor: Mapped[str]
    map_sha256: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[str]
    rows_read: Mapped[int]
    blank_rows: Mapped[int]
    duplicates: Mapped[int]
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    error: Mapped[str] = mapped_column(Text)

    def add_note(self, code: str, what: str) -> None:
        """Say one thing more of it. The list is a new one each time: a change within it would not be written."""
        self.notes = [*self.notes, {"code": code, "what": what}]

    def add_notes(self, notes: Iterable[Note]) -> None:
        """Say what these notes of its file say."""
        for note in notes:
            self.add_note(note.code, note.what)

    @property
    def remarks(self) -> list[str]:
        """What the notes say, in their order."""
        return [str(note["what"]) for note in self.notes]


class SourceState(Base):
    """Where a source stands: when it was last looked at, when something last came, and from where to ask on.

    `last_error` is why the newest look failed; '' where it did not. `known_by` names the columns by which its responses
    are known; '' where it is by what they say, None before any has landed.
    """

    __tablename__ = "source_state"

    source_id: Mapped[str] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(Instant)
    landed_at: Mapped[datetime | None] = mapped_column(Instant)
    cursor: Mapped[str]
    last_error: Mapped[str] = mapped_column(Text)
    known_by: Mapped[str | None] = mapped_column(Text)


class QuarantinedRow(Base):
    """A row that broke its contract, with its raw cells and the reasons. `state`: open, released or discarded.

    `fingerprint` is a hash of its cells, by which a later export's row is known again.
    """

    __tablename__ = "quarantined_row"
    __table_args__ = (Index(None, "pull_uid", "state"), Index(None, "source_id", "fingerprint"))

    quarantine_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    pull_uid: Mapped[str] = mapped_column(ForeignKey("pull.pull_uid"))
    source_id: Mapped[str]
    file_name: Mapped[str]
    sheet: Mapped[str]
    row_number: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(Mark, default="")
    cells: Mapped[dict[str, Any]] = mapped_column(Cells)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(Text)


class QuarantineEntry(Base):
    """What somebody did with a quarantined row, once and for good: the audit of the quarantine desk.

    `action`: released, stayed (run again and bad again) or discarded. `changed` names the repaired columns with the
    hashes of their cells before and after; `reasons` are why it stayed; `map_sha256` is the map it was run under.
    """

    __tablename__ = "quarantine_entry"

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    quarantine_id: Mapped[int] = mapped_column(ForeignKey("quarantined_row.quarantine_id"), index=True)
    action: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(Text)
    changed: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    map_sha256: Mapped[str]


def guard_quarantine_entries(dialect: str) -> tuple[str, ...]:
    """The statements that make the audit of the quarantine desk append-only."""
    return append_only("quarantine_entry", "entry_id", dialect)
