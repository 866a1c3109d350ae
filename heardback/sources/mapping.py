"""A table becomes the canonical record, as its map says; identity is dropped here, before anything is kept."""

from dataclasses import replace
from datetime import datetime

import pandas as pd

from config.directory import Directory
from config.maps import SourceMap
from heardback.domain.record import Mapped
from heardback.domain.table import Table
from heardback.domain.words import Tool
from heardback.errors import PullRefused
from heardback.sources.choices import choices_of
from heardback.sources.columns import clean_cells, place_questions
from heardback.sources.comments import comments_of
from heardback.sources.faults import FaultFinder, clashes_and_repeats, ditto_rows, footer_rows, required_empty
from heardback.sources.keys import content_hashes, natural_keys, record_ids, response_uids
from heardback.sources.ratings import ratings_of
from heardback.sources.responses import Mapping, responses_of
from heardback.sources.submitted import submitted


def apply_map(source: SourceMap, table: Table, directory: Directory, received_at: datetime) -> Mapped:
    """Map every row of a table; see Mapped for where each ends. `received_at` is when the file came (UTC).

    Raises PullRefused where the file's columns are not those of the map (see place_questions).
    """
    placed, notes = place_questions(source, table)
    cells = clean_cells(source, table, placed)
    content = content_hashes(cells, placed)
    keys, missing = natural_keys(cells, source, content)
    whole = Mapping(
        source=source,
        table=table,
        directory=directory,
        received_at=pd.Timestamp(received_at),
        placed=placed,
        cells=cells,
        uids=response_uids(source.source, keys),
        content=content,
        record_ids=record_ids(cells, source, placed),
        dates=submitted(cells, placed, source, pd.Timestamp(received_at)),
    )
    finder, repeated = _find_faults(whole, keys, missing)
    mapped = _record(whole.at(cells.index[~finder.rows & ~repeated]))
    return replace(
        mapped,
        faults=finder.found,
        kept_columns=_kept_columns(whole),
        repeats=[int(row) for row in repeated.index[repeated]],
        notes=[*table.notes, *notes, *whole.dates.notes, *mapped.notes],
    )


def deleted_responses(source: SourceMap, table: Table) -> pd.Series:
    """The uids of the responses that the tool says were deleted, by row number.

    Raises PullRefused where the map has no natural key, without which nobody knows which response is meant.
    """
    if not source.natural_key and len(table.deleted):
        raise PullRefused(
            f"answers were deleted where they came from ({len(table.deleted)}), and the map has no natural_key",
            where=table.name,
            do="write natural_key, the column of the tool's own id, in the map",
        )
    if not len(table.deleted):
        return pd.Series(dtype="str")
    cells = clean_cells(source, replace(table, frame=table.deleted), [])
    keys, _ = natural_keys(cells, source, pd.Series("", index=cells.index))
    return response_uids(source.source, keys)


def _kept_columns(whole: Mapping) -> tuple[str, ...]:
    """The mapped columns but for codes of deletion, of which nothing is kept but a hash."""
    codes = {column for place in whole.placed if place.question.role == "deletion_code" for column in place.columns}
    return tuple(column for column in map(str, whole.cells.columns) if column not in codes)


def _find_faults(whole: Mapping, keys: pd.Series, missing: pd.Series) -> tuple[FaultFinder, pd.Series]:
    """The rows at fault, and those that only repeat another. A footer has no other fault: it is no record at all."""
    cells, source = whole.cells, whole.source
    finder = FaultFinder(cells.index)
    footers = footer_rows(whole.table.frame, whole.placed)
    finder.add("footer_row", footers)
    finder.add("missing_key", missing & ~footers)
    known = ~footers & ~missing
    clashing, repeated = (
        flags.reindex(cells.index, fill_value=False) for flags in clashes_and_repeats(keys[known], whole.content[known])
    )
    finder.add("clashing_id", clashing)
    finder.add("ditto_mark", ditto_rows(cells, typed=source.tool == Tool.TYPED_SHEET) & ~footers)
    finder.add("required_empty", required_empty(cells, whole.placed) & ~footers)
    today = whole.received_at.tz_convert(source.timezone).tz_localize(None).normalize()
    finder.add("future_date", (whole.dates.submitted_on > today) & ~footers)
    return finder, repeated & ~finder.rows


def _record(good: Mapping) -> Mapped:
    """The four frames of the rows that can stand."""
    comments, comment_notes = comments_of(good.cells, good.placed, good.uids, dict(good.table.labels))
    ratings, rating_notes = ratings_of(good.cells, good.placed, good.uids)
    choices, choice_notes = choices_of(good.cells, good.placed, good.uids)
    answered = pd.concat([comments["response_uid"], ratings["response_uid"], choices["response_uid"]])
    responses, fact_notes = responses_of(good, answered)
    notes = [*comment_notes, *rating_notes, *choice_notes, *fact_notes]
    return Mapped(responses, comments, ratings, choices, notes=notes)
