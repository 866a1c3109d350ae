"""What is known of a response beside its answers: service, consent, completion, who held the pen, language, bands."""

from collections.abc import Mapping

import pandas as pd

from config.directory import Directory
from config.maps import SourceMap
from config.questions import Question
from heardback.domain.table import Note, note_rows
from heardback.domain.words import UNMAPPED
from heardback.sources.mapping.columns import Placed

ANY_OTHER = "*"
VARIATION = "\N{VARIATION SELECTOR-16}"  # some keyboards write it behind a smiley, others do not
LANGUAGE = r"^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*$"
WORST_FIRST = ("test", "partial", "complete")


def folded(values: Mapping[str, str]) -> dict[str, str]:
    """A map's values, to be found whatever the capitals, the spaces, and how a smiley is drawn."""
    return {plain(raw): value for raw, value in values.items()}


def look_up(cells: pd.Series, values: Mapping[str, str]) -> pd.Series:
    """Heardback's value for each raw answer; NA where the map has none."""
    known = folded(values)
    other = known.get(ANY_OTHER)
    # Few answers differ, so each is read once.
    found = {cell: known.get(plain(cell), other if cell else None) for cell in cells.dropna().unique()}
    return cells.map(found).astype("str")


def plain(written: str) -> str:
    """As answers are compared: whatever the capitals, the spaces, and how a smiley is drawn."""
    return " ".join(written.lower().replace(VARIATION, "").split())


def services(
    cells: pd.DataFrame, placed: list[Placed], source: SourceMap, directory: Directory
) -> tuple[pd.Series, list[Note]]:
    """The service's code by row: by the map's values, then by the directory's names; 'unmapped' where neither knows."""
    code = pd.Series(pd.NA, index=cells.index, dtype="str")
    asked = pd.Series(False, index=cells.index)
    for place, column in _columns_of(placed, "service"):
        code = code.fillna(look_up(cells[column], {**directory.names(), **folded(place.question.values)}))
        asked |= cells[column] != ""
    code = code.mask(code.isna() & ~asked, source.service or UNMAPPED)
    unknown = code.isna()
    note = "a service that neither the map nor services.yaml knows; it waits in the unmapped queue"
    return code.fillna(UNMAPPED), note_rows("unknown_service", note, unknown)


def consents(cells: pd.DataFrame, placed: list[Placed]) -> tuple[pd.Series, list[Note]]:
    """'yes' only where every consent question was answered yes; one 'no' is a no; all else was not asked."""
    answers, notes = [], []
    for place, column in _columns_of(placed, "consent_publish"):
        answer, unknown = _consent(cells[column], place.question)
        answers.append(answer)
        notes += note_rows("unknown_consent", "neither a yes nor a no of the map; taken as not asked", unknown, column)
    if not answers:
        return pd.Series("not_asked", index=cells.index, dtype="str"), notes
    table = pd.concat(answers, axis=1)
    agreed = pd.Series("not_asked", index=cells.index, dtype="str").mask((table == "yes").all(axis=1), "yes")
    return agreed.mask((table == "no").any(axis=1), "no"), notes


def _consent(cells: pd.Series, question: Question) -> tuple[pd.Series, pd.Series]:
    yes = look_up(cells, dict.fromkeys(question.true_values, "yes"))
    otherwise = {} if question.false_values else {ANY_OTHER: "no"}
    no = look_up(cells, {**dict.fromkeys(question.false_values, "no"), **otherwise})
    answer = yes.fillna(no)
    return answer.fillna("not_asked"), answer.isna() & (cells != "")


def completions(cells: pd.DataFrame, placed: list[Placed]) -> tuple[pd.Series, list[Note]]:
    """How far the form was filled in; the worst where several columns say. A map may give '' a value."""
    worst = pd.Series("complete", index=cells.index, dtype="str")
    notes = []
    for place, column in _columns_of(placed, "completion"):
        said = look_up(cells[column], place.question.values)
        notes += _unknown(said, cells[column], "unknown_completion", "not in the map; taken as complete", column)
        for value in reversed(WORST_FIRST):
            worse = WORST_FIRST[: WORST_FIRST.index(value)]
            worst = worst.mask((said == value) & ~worst.isin(worse), value)
    return worst, notes


def filled_by(cells: pd.DataFrame, placed: list[Placed], source: SourceMap) -> tuple[pd.Series, list[Note]]:
    """Who held the pen, by the map's values; the source's own word where nothing is said."""
    return _first_said(cells, placed, "completed_by", source.completed_by)


def languages(cells: pd.DataFrame, placed: list[Placed], source: SourceMap) -> tuple[pd.Series, list[Note]]:
    """BCP 47 by the map's values or as written; the source's own where nothing fits."""
    said = pd.Series(pd.NA, index=cells.index, dtype="str")
    notes: list[Note] = []
    for place, column in _columns_of(placed, "language"):
        tag = cells[column].where(cells[column].str.contains(LANGUAGE, regex=True))
        said = said.fillna(look_up(cells[column], place.question.values)).fillna(tag)
        notes += _unknown(
            said, cells[column], "unknown_language", f"no language tag; taken as {source.language}", column
        )
    return said.fillna(source.language), notes


def characteristics(cells: pd.DataFrame, placed: list[Placed]) -> tuple[list[dict[str, str]], list[Note]]:
    """One dict a row, code to band, with only the bands that the map names: never somebody's own words."""
    known: dict[str, pd.Series] = {}
    notes: list[Note] = []
    for place, column in _columns_of(placed, "characteristic"):
        question = place.question
        bands = look_up(cells[column], {**{option: option for option in question.options}, **question.values})
        bands = bands.fillna(_in_bands(cells[column], question.bands))
        notes += _unknown(bands, cells[column], "unknown_band", "not a band of the map; left out", column)
        known[question.code] = known[question.code].fillna(bands) if question.code in known else bands
    rows = zip(*(bands.tolist() for bands in known.values()), strict=True) if known else [()] * len(cells)
    return [{code: band for code, band in zip(known, row, strict=True) if isinstance(band, str)} for row in rows], notes


def _in_bands(cells: pd.Series, bands: tuple[str, ...]) -> pd.Series:
    """The band of a number ('14' is in '13-15', '25' in '18+'), or of a cell that names one already."""
    number = pd.to_numeric(cells, errors="coerce")
    found = cells.where(cells.isin(bands))
    for band in bands:
        low, _, high = band.rstrip("+").partition("-")
        most = float("inf") if band.endswith("+") else float(high or low)
        found = found.mask(found.isna() & number.between(float(low), most), band)
    return found.astype("str")


def deletion_codes(cells: pd.DataFrame, placed: list[Placed]) -> pd.Series:
    """The code that whoever answered may have it deleted by, as typed; '' where there is none."""
    said = pd.Series("", index=cells.index, dtype="str")
    for _, column in _columns_of(placed, "deletion_code"):
        said = said.mask(said == "", cells[column])
    return said


def illegible_notes(cells: pd.DataFrame, placed: list[Placed]) -> list[Note]:
    """Rows that whoever typed them could not read in full."""
    notes = []
    for place, column in _columns_of(placed, "illegible"):
        said = look_up(cells[column], dict.fromkeys(place.question.true_values or ("y", "yes"), "yes"))
        notes += note_rows("illegible", "whoever typed it could not read all of it", said == "yes", column)
    return notes


def _columns_of(placed: list[Placed], role: str) -> list[tuple[Placed, str]]:
    return [(place, column) for place in placed if place.question.role == role for column in place.columns]


def _first_said(cells: pd.DataFrame, placed: list[Placed], role: str, default: str) -> tuple[pd.Series, list[Note]]:
    said = pd.Series(pd.NA, index=cells.index, dtype="str")
    notes: list[Note] = []
    for place, column in _columns_of(placed, role):
        said = said.fillna(look_up(cells[column], place.question.values))
        notes += _unknown(said, cells[column], f"unknown_{role}", f"not in the map; taken as {default}", column)
    return said.fillna(default), notes


def _unknown(said: pd.Series, cells: pd.Series, code: str, what: str, column: str) -> list[Note]:
    return note_rows(code, f"an answer is {what}", said.isna() & (cells != ""), column)
