"""A table becomes the canonical record, as its map says; identity is dropped here, before anything is kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from config.directory import Directory
from config.maps import SourceMap
from heardback.domain.record import Mapped
from heardback.domain.table import Note, Table
from heardback.domain.words import Tool
from heardback.errors import PullRefused
from heardback.sources.mapping.choices import choices_of
from heardback.sources.mapping.columns import Placed, clean_cells, place_questions, unknown_words
from heardback.sources.mapping.comments import comments_of
from heardback.sources.mapping.faults import (
    FaultFinder,
    clashes_and_repeats,
    ditto_rows,
    error_rows,
    footer_rows,
    required_empty,
)
from heardback.sources.mapping.keys import content_hashes, natural_keys, record_ids, response_uids
from heardback.sources.mapping.own_words import Beside, hashes_on_record, unlisted, with_own_words, words_beside
from heardback.sources.mapping.ratings import ratings_of
from heardback.sources.mapping.responses import KnownRows, responses_of
from heardback.sources.mapping.submitted import Turned, submitted, turned_columns


@dataclass(frozen=True)
class Outline:
    """What is known of a table's rows only from all of them: their keys, which clash, which only repeat another, and
    in which date columns day and month stand both ways.

    The series go by row number. `content` has the hash of every row where the map has no natural key, and is empty
    where it has one; `on_record` has the same with own words in it, as responses keep it.
    """

    placed: list[Placed]
    notes: list[Note]
    keys: pd.Series
    missing: pd.Series
    footers: pd.Series
    clashing: pd.Series
    repeated: pd.Series
    content: pd.Series
    on_record: pd.Series
    turned: Turned


def apply_map(source: SourceMap, table: Table, directory: Directory, received_at: datetime) -> Mapped:
    """Map every row of a table; see Mapped for where each ends. `received_at` is when the file came (UTC).

    Raises PullRefused where the file's columns are not those of the map (see place_questions).
    """
    return map_part(source, table, outline_of(source, table), directory, received_at)


def outline_of(source: SourceMap, table: Table) -> Outline:
    """Look over a whole table, before it is mapped whole or in parts. Raises PullRefused as place_questions does."""
    placed, notes = place_questions(source, table)
    content, on_record = _contents(source, table, placed)
    keys, missing = natural_keys(clean_cells(source, table, []), source, content)
    footers = _by_parts(table, lambda part: footer_rows(part.frame, placed)).astype(bool)
    known = keys[~footers & ~missing]
    doubled = table.some(table.columns, known.index[known.duplicated(keep=False)])
    said = content_hashes(clean_cells(source, replace(table, cells=doubled), placed), placed)
    clashing, repeated = clashes_and_repeats(known.loc[doubled.index], said)
    clashing, repeated = (flags.reindex(keys.index, fill_value=False) for flags in (clashing, repeated))
    turned = turned_columns(source, table, placed)
    return Outline(placed, notes, keys, missing, footers, clashing, repeated, content, on_record, turned)


def _contents(source: SourceMap, table: Table, placed: list[Placed]) -> tuple[pd.Series, pd.Series]:
    """`content` and `on_record` of an Outline."""
    if source.natural_key:
        return pd.Series(dtype="str"), pd.Series(dtype="str")
    content = _by_parts(table, lambda part: content_hashes(clean_cells(source, part, placed), placed))
    if not any(place.question.own_words for place in placed):
        return content, content
    return content, _by_parts(table, lambda part: hashes_on_record(clean_cells(source, part, placed), placed))


def map_part(source: SourceMap, part: Table, outline: Outline, directory: Directory, received_at: datetime) -> Mapped:
    """Map the rows of one part of a table, whose outline is that of the whole."""
    placed, rows = outline.placed, part.numbers
    cells = clean_cells(source, part, placed)
    beside = words_beside(cells, placed)
    content = with_own_words(content_hashes(cells, placed), beside) if source.natural_key else outline.on_record[rows]
    whole = KnownRows(
        source=source,
        table=part,
        directory=directory,
        received_at=pd.Timestamp(received_at),
        placed=placed,
        cells=cells,
        uids=response_uids(source.source, outline.keys[rows]),
        content=content,
        record_ids=record_ids(cells, source, placed),
        dates=submitted(cells, placed, source, pd.Timestamp(received_at), outline.turned),
    )
    finder = _find_faults(whole, outline)
    repeated = outline.repeated[rows] & ~finder.rows
    good = rows[~finder.rows & ~repeated]
    mapped = _record(whole.at(good), [each.at(good) for each in beside])
    return replace(
        mapped,
        unknown=unknown_words(source, part, good),
        faults=finder.found,
        kept_columns=_kept_columns(whole),
        repeats=[int(row) for row in repeated.index[repeated]],
        notes=[*part.notes, *outline.notes, *whole.dates.notes, *mapped.notes],
    )


def _by_parts(table: Table, look: Callable[[Table], pd.Series]) -> pd.Series:
    looks: pd.Series = pd.concat([look(part) for part in table.parts()])
    return looks


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
    cells = clean_cells(source, replace(table, cells=table.deleted), [])
    keys, _ = natural_keys(cells, source, pd.Series("", index=cells.index))
    return response_uids(source.source, keys)


def _kept_columns(whole: KnownRows) -> tuple[str, ...]:
    """The mapped columns but for codes of deletion, of which nothing is kept but a hash."""
    codes = {column for place in whole.placed if place.question.role == "deletion_code" for column in place.columns}
    return tuple(column for column in map(str, whole.cells.columns) if column not in codes)


def _find_faults(whole: KnownRows, outline: Outline) -> FaultFinder:
    """The rows at fault. A footer has no other fault: it is no record at all."""
    cells, rows = whole.cells, whole.cells.index
    finder, footers = FaultFinder(rows), outline.footers[rows]
    finder.add("footer_row", footers)
    finder.add("missing_key", outline.missing[rows] & ~footers)
    finder.add("clashing_id", outline.clashing[rows])
    finder.add("ditto_mark", ditto_rows(cells, typed=whole.source.tool == Tool.TYPED_SHEET) & ~footers)
    finder.add("error_cell", error_rows(cells, whole.placed) & ~footers)
    finder.add("required_empty", required_empty(cells, whole.placed) & ~footers)
    today = whole.received_at.tz_convert(whole.source.timezone).tz_localize(None).normalize()
    finder.add("future_date", (whole.dates.submitted_on > today) & ~footers)
    return finder


def _record(good: KnownRows, beside: list[Beside]) -> Mapped:
    """The four frames of the rows that can stand, and the words in them that are not heard."""
    labels = dict(good.table.labels)
    comments, comment_notes = comments_of(good.cells, good.placed, good.uids, labels, beside)
    ratings, rating_notes = ratings_of(good.cells, good.placed, good.uids)
    choices, choice_notes = choices_of(good.cells, good.placed, good.uids, beside)
    answered = pd.concat([comments["response_uid"], ratings["response_uid"], choices["response_uid"]])
    responses, fact_notes = responses_of(good, answered)
    notes = [*comment_notes, *rating_notes, *choice_notes, *fact_notes]
    return Mapped(responses, comments, ratings, choices, notes=notes, unlisted=unlisted(beside))
