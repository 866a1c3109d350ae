"""Small files, maps and a directory to map them by."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from config.directory import Directory
from config.layout import FileShape
from config.maps import SourceMap
from heardback.domain.record import Mapped
from heardback.domain.table import Table
from heardback.sources.connector import Asking
from heardback.sources.feed import Feed
from heardback.sources.mapping.outline import apply_map
from heardback.sources.tables.reading import read_table

RECEIVED = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def a_directory(*codes: str) -> Directory:
    people = {"ana": {"name": "Ana Sample", "role": "manager", "email": "ana@example.org"}}
    services = [
        {"code": code, "name": f"The {code} service", "owner": "ana", "deputy": "ana", "head": "ana"}
        for code in codes or ("yjs", "hub")
    ]
    leads = dict.fromkeys(("safeguarding_lead", "safeguarding_deputy", "fallback_owner"), "ana")
    return Directory.model_validate({"council": "Eastmere", "people": people, "services": services, **leads})


def a_source(*questions: dict[str, object], **changes: object) -> SourceMap:
    """A map of a file with `id`, `improve` and whatever else is asked for."""
    asked = [
        {"column": "id", "role": "record_id"},
        {"column": "improve", "role": "comment", "code": "improve"},
        *questions,
    ]
    plain: dict[str, object] = {
        "source": "a-survey",
        "name": "A survey",
        "tool": "other",
        "channel": "online_survey",
        "service": "yjs",
        "natural_key": ["id"],
        "dates": ["%d/%m/%Y"],
        "file": {"path": "inbox/*.csv"},
        "questions": asked,
    }
    return SourceMap.model_validate({**plain, **changes})


def a_shape(**changes: object) -> FileShape:
    return FileShape.model_validate({"path": "inbox/*.csv", **changes})


def no_secret(name: str) -> str:
    raise AssertionError(f"nobody should ask for {name}")


def an_asking(feed: Feed, folder: Path = Path("/nowhere"), **changes: Any) -> Asking:
    plain = {"feed": feed, "folder": folder, "at": RECEIVED, "secret": no_secret}
    return Asking(**{**plain, **changes})


def read(text: str | bytes, **shape: object) -> Table:
    content = text.encode() if isinstance(text, str) else text
    return read_table(content, "export.csv", a_shape(**shape))


def mapped(text: str, source: SourceMap) -> Mapped:
    return apply_map(source, read_table(text.encode(), "export.csv", source.file), a_directory(), RECEIVED)


def a_workbook(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    """An xlsx with these rows in these sheets."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "dd/mm/yyyy"}) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()
