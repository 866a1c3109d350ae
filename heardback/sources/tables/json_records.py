"""Records of JSON as a table: groups by their path, repeats numbered, and nothing that says who answered."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from config.maps import SourceMap
from heardback.domain.table import Table
from heardback.sources.feed import Feed, columns_named
from heardback.sources.tables.records import as_grid
from heardback.sources.tables.repair import repair

# What forms and tools note of whoever answers, by the last part of the column's name, without - and _.
IDENTIFYING = {
    "submittedby", "submittername", "submitterid", "deviceid", "subscriberid", "simserial", "simid", "phonenumber",
    "phone", "telephone", "mobile", "username", "email", "emailaddress", "firstname", "lastname", "surname", "fullname",
    "instancename", "geolocation", "startgeopoint", "ip", "ipaddress", "useragent", "latitude", "longitude",
}  # fmt: skip
OWN = re.compile(r"^(?:_|meta/|formhub/)|/__")  # columns of the tool itself, of which few maps need any
GEOMETRIES = {"Point", "LineString", "Polygon"}
PLACE = r"\s*-?\d{1,3}\.\d+ -?\d{1,3}\.\d+(?: -?\d+(?:\.\d+)?){2}(?:;.*)?"  # latitude, longitude, altitude, accuracy
NUMBERED = re.compile(r"^(?P<path>.+)#(?P<number>\d+)$")


def table_of_records(
    records: Sequence[Mapping[str, Any]],
    name: str,
    feed: Feed,
    *,
    deleted: str = "",
    may_lack: bool = False,
) -> Table:
    """A row for each record, numbered from 1; one whose column `deleted` is filled goes to the table's `deleted`.

    `about/rating` is a question in a group, `moments/moment#2` the second time that a repeat was filled in. With
    `may_lack`, or without a record, a column that the map names is there and empty. Raises Unreadable.
    """
    frame = _frame([_plain(record, "") for record in records], name)
    if may_lack or frame.empty:
        frame = frame.reindex(columns=list(dict.fromkeys([*frame.columns, *columns_named(feed)])), fill_value="")
    gone = frame[deleted] != "" if deleted in frame else pd.Series(False, index=frame.index)
    unfilled = [column for column in frame if not frame[column].any() and _is_repeat(str(column), feed)]
    wanted = frame[[column for column in frame if _is_wanted(str(column), feed) and column not in unfilled]]
    mended, notes = repair(_without_places(wanted))
    return Table(mended[~gone], name, encoding="utf-8", notes=notes, deleted=mended[gone])


def _plain(value: Any, path: str) -> Any:
    """Without positions and links; KoboToolbox writes the whole path into each key, ODK the last part of it."""
    if isinstance(value, list):
        return [_plain(inner, path) for inner in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") in GEOMETRIES and "coordinates" in value:
        return None
    answers = {key: inner for key, inner in value.items() if "@odata." not in key and key != "_attachments"}
    kept = {key.removeprefix(f"{path}/"): inner for key, inner in answers.items()}
    return {key: _plain(inner, f"{path}/{key}" if path else key) for key, inner in kept.items()}


def _frame(records: list[Any], name: str) -> pd.DataFrame:
    """All columns; those of a repeat from #1 on without a gap, for a repeat's place is counted in columns."""
    header, *rows = as_grid(records, name).rows
    most: dict[str, int] = {}
    for column in header:
        path, number = _numbered(column)
        most[path] = max(most.get(path, 0), number)
    columns = [
        column
        for path, number in most.items()
        for column in ([f"{path}#{place}" for place in range(1, number + 1)] or [path])
    ]
    index = pd.RangeIndex(1, len(rows) + 1)
    frame = pd.DataFrame(rows, columns=header, index=index, dtype="str").reindex(columns=columns, fill_value="")
    groups = {path.rpartition("/")[0] for path in most}
    blank = [column for column in columns if _numbered(column)[0] in groups and not frame[column].any()]
    return frame.drop(columns=blank)


def _numbered(column: str) -> tuple[str, int]:
    found = NUMBERED.match(column)
    return (found["path"], int(found["number"])) if found else (column, 0)


def _is_wanted(column: str, feed: Feed) -> bool:
    """Not who answered; of what the tool adds by itself, only what the map asks for."""
    last = _numbered(column)[0].rsplit("/", 1)[-1]
    if re.sub(r"[-_ ]", "", last).lower() in IDENTIFYING:
        return False
    if not OWN.search(column) or column in columns_named(feed):
        return True
    patterns = [question.match for question in feed.questions if question.match] if isinstance(feed, SourceMap) else []
    return any(re.search(pattern, column) for pattern in patterns)


def _is_repeat(column: str, feed: Feed) -> bool:
    """Whether it is an empty list, in the place of the columns of a repeat that the map names."""
    asked = [question for question in feed.questions if question.repeats] if isinstance(feed, SourceMap) else []
    return any(question.match.startswith(f"^{column}/") for question in asked)


def _without_places(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.apply(lambda cells: cells.mask(cells.str.fullmatch(PLACE), "")) if len(frame) else frame
