"""The frame of responses: one row for each that can stand."""

from dataclasses import dataclass, replace
from hashlib import sha256

import pandas as pd

from config.directory import Directory
from config.maps import SourceMap
from heardback.domain.record import RESPONSE
from heardback.domain.table import Note, Table, note_rows
from heardback.sources.mapping import facts
from heardback.sources.mapping.columns import Placed
from heardback.sources.mapping.dates import Dates
from heardback.sources.mapping.keys import BETWEEN


@dataclass(frozen=True)
class KnownRows:
    """Everything known of a table's rows amid mapping; the series and `cells` go by row number."""

    source: SourceMap
    table: Table
    directory: Directory
    received_at: pd.Timestamp
    placed: list[Placed]
    cells: pd.DataFrame
    uids: pd.Series
    content: pd.Series
    record_ids: pd.Series
    dates: Dates

    def at(self, rows: pd.Index) -> "KnownRows":
        """The same for some of the rows."""
        dates = self.dates
        kept = Dates(dates.submitted_on[rows], dates.submitted_at[rows], dates.precision[rows], dates.notes)
        return replace(
            self,
            cells=self.cells.loc[rows],
            uids=self.uids[rows],
            content=self.content[rows],
            record_ids=self.record_ids[rows],
            dates=kept,
        )


def responses_of(good: KnownRows, answered: pd.Series) -> tuple[pd.DataFrame, list[Note]]:
    """The responses, in the file's order; `answered` are the uids of those with any comment, rating or choice."""
    known, notes = _facts(good)
    known["completion"], completion_notes = facts.completions(good.cells, good.placed)
    responses = pd.DataFrame(
        {
            **known,
            "response_uid": good.uids,
            "source_record_id": good.record_ids,
            "submitted_on": good.dates.submitted_on,
            "submitted_at": good.dates.submitted_at,
            "date_precision": good.dates.precision,
            "content_hash": good.content,
            "row_number": good.cells.index,
        },
        index=good.cells.index,
    ).assign(
        source_id=good.source.source,
        tool=good.source.tool,
        channel=good.source.channel,
        received_at=good.received_at,
        form_version=form_version(good.table),
        sheet=good.table.sheet,
    )
    responses["not_counted"] = _not_counted(responses, answered)
    return responses[list(RESPONSE)].reset_index(drop=True), [*notes, *completion_notes, *_other_notes(good)]


def _not_counted(responses: pd.DataFrame, answered: pd.Series) -> pd.Series:
    """Why a response is none of those counted: "empty" or "test"; '' where it counts."""
    silent, test = ~responses["response_uid"].isin(answered), responses["completion"] == "test"
    return pd.Series("", index=responses.index).mask(silent, "empty").mask(test, "test")


def form_version(table: Table) -> str:
    """Twelve digits that change when the file's headers do."""
    return sha256(BETWEEN.join(table.columns).encode()).hexdigest()[:12]


def _facts(good: KnownRows) -> tuple[dict[str, object], list[Note]]:
    service_code, service_notes = facts.services(good.cells, good.placed, good.source, good.directory)
    consent, consent_notes = facts.consents(good.cells, good.placed)
    completed_by, pen_notes = facts.filled_by(good.cells, good.placed, good.source)
    language, language_notes = facts.languages(good.cells, good.placed, good.source)
    bands, band_notes = facts.characteristics(good.cells, good.placed)
    known: dict[str, object] = {
        "service_code": service_code,
        "consent_to_publish": consent,
        "completed_by": completed_by,
        "language": language,
        "characteristics": bands,
        "deletion_code": facts.deletion_codes(good.cells, good.placed),
    }
    return known, [*service_notes, *consent_notes, *pen_notes, *language_notes, *band_notes]


def _other_notes(good: KnownRows) -> list[Note]:
    notes = facts.illegible_notes(good.cells, good.placed)
    if good.source.opened_on:
        early = good.dates.submitted_on < pd.Timestamp(good.source.opened_on)
        notes += note_rows("before_opening", "the date lies before the source opened", early)
    return notes
