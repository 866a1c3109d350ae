"""A dry run of a map on a file: what would happen to every row, and nothing kept."""

from datetime import datetime
from typing import Any

from config.directory import Directory
from config.maps import SourceMap
from heardback.domain.record import Mapped
from heardback.domain.table import Note, Table, told
from heardback.sources.connectors import table_of
from heardback.sources.mapping.outline import apply_map


def check_map(
    source: SourceMap, content: bytes, name: str, directory: Directory, received_at: datetime
) -> dict[str, Any]:
    """Counts by what would become of the rows, the first row of each reason, and the notes; no cell of the file.

    `own_words` counts those comments that people wrote beside the options of a choice.

    Screening and the gate's own rules come later in a real pull. Raises Unreadable or PullRefused where the pull would
    be refused.
    """
    table = table_of(source, content, name)
    mapped = apply_map(source, table, directory, received_at)
    responses = mapped.responses
    own_words = {question.words_code for question in source.questions if question.own_words}
    return {
        "source": source.source,
        "file": name,
        "sheet": table.sheet,
        "encoding": table.encoding,
        "rows": _rows(table, mapped),
        "comments": len(mapped.comments),
        "ratings": len(mapped.ratings),
        "choices": len(mapped.choices),
        "own_words": int(mapped.comments["question_code"].isin(own_words).sum()),
        "services": _counts(responses["service_code"].value_counts().to_dict()),
        "consent": _counts(responses["consent_to_publish"].value_counts().to_dict()),
        "dated": int(responses["submitted_on"].notna().sum()),
        "reasons": _reasons(table, mapped),
        "notes": [_told(note) for note in mapped.notes],
        "told": [note.what for note in told(mapped.notes)],
    }


def _rows(table: Table, mapped: Mapped) -> dict[str, int]:
    """Every row read is in exactly one of the parts after `read`; blank rows were not read."""
    not_counted = mapped.responses["not_counted"]
    counted = mapped.responses[not_counted == ""]
    commented = int(counted["response_uid"].isin(mapped.comments["response_uid"]).sum())
    return {
        "read": table.rows_read,
        "with_comment": commented,
        "without_comment": len(counted) - commented,
        "test": int((not_counted == "test").sum()),
        "empty": int((not_counted == "empty").sum()),
        "duplicate": len(mapped.repeats),
        "quarantine": len(mapped.faulty_rows) + len(table.broken),
        "deleted": len(table.deleted),
        "blank": table.blank_rows,
    }


def _reasons(table: Table, mapped: Mapped) -> dict[str, dict[str, int]]:
    found = [(row.reason, row.row_number) for row in table.broken]
    found += [(fault.reason, fault.row_number) for fault in mapped.faults]
    reasons: dict[str, dict[str, int]] = {}
    for reason, row in found:
        entry = reasons.setdefault(reason, {"rows": 0, "first_row": row})
        entry["rows"] += 1
        entry["first_row"] = min(entry["first_row"], row)
    return reasons


def _told(note: Note) -> dict[str, Any]:
    return {"code": note.code, "what": note.what, "row_number": note.row_number, "column": note.column}


def _counts(counts: dict[Any, int]) -> dict[str, int]:
    return {str(key): int(count) for key, count in sorted(counts.items())}
