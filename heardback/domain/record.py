"""The canonical record: what every source becomes, and where each of its rows went."""

from dataclasses import dataclass, field

import pandas as pd

from heardback.domain.table import Note

RESPONSE = (
    "response_uid", "source_id", "tool", "source_record_id", "channel", "completed_by", "submitted_on", "submitted_at",
    "date_precision", "received_at", "service_code", "completion", "consent_to_publish", "language", "form_version",
    "content_hash", "row_number", "sheet", "characteristics", "not_counted", "deletion_code",
)  # fmt: skip
COMMENT = ("comment_uid", "response_uid", "question_code", "question_text", "heading", "text", "repeat_index")
RATING = ("response_uid", "question_code", "raw_value", "score", "scale_min", "scale_max", "direction")
CHOICE = ("response_uid", "question_code", "option_code")
FOOTER = "footer_row"
NAMELESS = {"missing_key", "missing_id", "ditto_mark"}


@dataclass(frozen=True)
class RowFault:
    """Why one row cannot stand as it is. A row may have several."""

    row_number: int
    reason_code: str
    reason: str

    @property
    def is_of_no_record(self) -> bool:
        """Whether the row is none of the source's records."""
        return self.reason_code == FOOTER

    @property
    def hides_its_id(self) -> bool:
        """Whether the row may be any of the source's records."""
        return self.reason_code in NAMELESS


@dataclass(frozen=True)
class Mapped:
    """One table as the canonical record, in four frames whose columns are named above.

    `submitted_on` is a naive midnight (datetime64, NaT where unknown) in the source's own time zone; `submitted_at` and
    `received_at` are UTC. `characteristics` holds a dict, code to band. `not_counted` is '', 'test' or 'empty'.
    `deletion_code` is as it was typed: landing hashes it before anything is stored.
    Every row of the table is in exactly one of: `responses`, the rows that `faults` name, `repeats` (a row that stands
    in the file once already, under the same id and with the same answers). `kept_columns` are the headers that may be
    kept beside a quarantined row: neither identity nor unknown to the map. `unlisted` (row_number, column, text) are
    the words in cells of a choice that its map does not list and has nobody hear: to be looked through, never kept.
    `unknown` are those in columns that the map does not know, likewise.
    """

    responses: pd.DataFrame
    comments: pd.DataFrame
    ratings: pd.DataFrame
    choices: pd.DataFrame
    faults: list[RowFault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    kept_columns: tuple[str, ...] = ()
    unlisted: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    unknown: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    @property
    def faulty_rows(self) -> set[int]:
        """The numbers of the rows that cannot stand."""
        return {fault.row_number for fault in self.faults}
