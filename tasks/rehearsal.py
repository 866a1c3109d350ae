"""A pull that leaves nothing behind: one file, one map, and a database that lives in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, func, select
from upath import UPath

from config.council import Council, agreement_faults
from config.maps import SourceMap
from config.reading import read_model
from config.settings import from_environment
from heardback.domain.identifying.redaction import Redactor, redactor_of
from heardback.domain.words import Fate
from heardback.errors import ConfigurationError, NotFound, PullRefused, Unreadable
from heardback.landing.account import FileReport
from heardback.landing.intake import Intake, take_in
from heardback.landing.source_files import land_file
from heardback.sources.drafting.rehearsal import check_map
from heardback.sources.folders.files import MEGABYTE, FileDrop, too_large
from heardback.store import Comment, QuarantinedRow, Revision
from heardback.store.pull_records import FAILED
from heardback.store.session import open_store, reading
from tasks.step import step
from tasks.workplace import read_configuration

IN_MEMORY = "sqlite://"
TEXTS_SHOWN = 3


@dataclass(frozen=True)
class Rehearsal:
    """What a pull of a file would do: `rows` are where they would end and sum to those read; `rejected` says why not.

    No comment's words are in it, save in `texts` where they were asked for.
    """

    source: str
    file: str
    rejected: str = ""
    rows_read: int = 0
    blank_rows: int = 0
    rows: Mapping[str, int] | None = None
    first_rows: Mapping[str, int] | None = None
    reasons: Mapping[str, Mapping[str, int]] | None = None
    not_counted: Mapping[str, Mapping[str, int]] | None = None
    facts: Mapping[str, Any] | None = None
    texts: Mapping[str, list[str]] | None = None


@step()
def rehearse(source: str, file: Path, *, show_text: bool = False) -> Rehearsal:
    """What a pull of a file would do under a configured source's map, or under a map that lies somewhere else.

    With `show_text`, the first comments of each question too, identifying details hidden; never one that screening
    would hold back.
    Raises NotFound where there is no such source or file, ConfigurationError where the map is faulty.
    """
    council = read_configuration(from_environment().config)
    chosen, content = _map_of(council, source), bytes_of(file)
    most = council.policy.gate.max_file_megabytes
    try:
        if len(content) > most * MEGABYTE:
            raise too_large(len(content), most, file.name)
        facts = check_map(chosen, content, file.name, council.directory, datetime.now(UTC))
        store = open_store(IN_MEMORY)
        try:
            return _pull(council, chosen, file, store, facts, show_text=show_text)
        finally:
            store.dispose()
    except (PullRefused, Unreadable) as refusal:
        return Rehearsal(chosen.source, file.name, rejected=str(refusal))


def bytes_of(file: Path) -> bytes:
    """A file's bytes. Raises NotFound where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotFound(f"the file cannot be read ({error.strerror})", where=str(file), do="correct its path") from None


def _map_of(council: Council, source: str) -> SourceMap:
    path = Path(source)
    if path.suffix in (".yaml", ".yml") or (source not in council.sources and path.is_file()):
        return _read_map(path, {service.code for service in council.directory.services})
    if source not in council.sources:
        known = ", ".join(sorted(council.sources))
        do = f"one of: {known}; or the path of a map"
        raise NotFound(f"there is no source '{source}'", where=str(council.folder / "sources"), do=do)
    return council.sources[source]


def _read_map(path: Path, codes: set[str]) -> SourceMap:
    source, document, faults = read_model(SourceMap, path)
    if source and document:
        faults = agreement_faults(source, document, {}, codes)
    if source is None or faults:
        raise ConfigurationError(faults)
    return source


def _pull(
    council: Council, source: SourceMap, file: Path, store: Engine, facts: dict[str, Any], *, show_text: bool
) -> Rehearsal:
    """The very pull that a real one would be; its raw bytes and verdicts go with the temporary folder."""
    report = _taken_in(council, source, file, store)
    if report.status == FAILED:
        return Rehearsal(source.source, file.name, rejected=report.error, facts=_facts(facts))
    firsts, uncounted = _revisions(store)
    reasons = _reasons(store)
    if reasons:
        firsts[str(Fate.QUARANTINE)] = min(reason["first_row"] for reason in reasons.values())
    return Rehearsal(
        source.source,
        file.name,
        rows_read=report.rows_read,
        blank_rows=facts["rows"]["blank"],
        rows={str(fate): report.fates.get(fate, 0) for fate in Fate},
        first_rows=firsts,
        reasons=reasons,
        not_counted=uncounted,
        facts=_facts(facts) | {"told": report.notes},
        texts=_texts(store, redactor_of(council)) if show_text else None,
    )


def _taken_in(council: Council, source: SourceMap, file: Path, store: Engine) -> FileReport:
    with TemporaryDirectory() as folder:
        paths = Path(folder) / "raw", Path(folder) / "validation"
        intake = Intake(council, store, *paths, datetime.now(UTC), code_key=token_hex(32))  # nothing of it is kept
        drop = FileDrop(file.name, UPath(file), council.policy.gate.max_file_megabytes)
        return take_in(intake, source, drop, partial(land_file, intake, source, newest=True))


def _facts(facts: dict[str, Any]) -> dict[str, Any]:
    """What mapping found, without the counts of rows: those of the whole pull stand for them."""
    return {name: fact for name, fact in facts.items() if name not in ("source", "file", "rows", "reasons")}


def _revisions(store: Engine) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """The first row of each fate, and the rows that are not counted by their reasons."""
    query = select(Revision.fate, Revision.reason, func.count(), func.min(Revision.row_number))
    with reading(store) as session:
        found = session.execute(query.group_by(Revision.fate, Revision.reason)).all()
    firsts: dict[str, int] = {}
    for fate, _, _, row in found:
        firsts[fate] = min(row, firsts.get(fate, row))
    uncounted = {why: {"rows": rows, "first_row": row} for fate, why, rows, row in found if fate == Fate.NOT_COUNTED}
    return firsts, uncounted


def _reasons(store: Engine) -> dict[str, dict[str, int]]:
    with reading(store) as session:
        query = select(QuarantinedRow.row_number, QuarantinedRow.reasons).order_by(QuarantinedRow.row_number)
        found = session.execute(query).all()
    reasons: dict[str, dict[str, int]] = {}
    for row, why in found:
        for reason in why:
            reasons.setdefault(reason, {"rows": 0, "first_row": row})["rows"] += 1
    return reasons


def _texts(store: Engine, redactor: Redactor) -> dict[str, list[str]]:
    query = (
        select(Comment.question_code, Comment.text)
        .join(Revision, Revision.response_uid == Comment.response_uid)
        .where(Comment.verdict != "flagged")
        .order_by(Revision.row_number, Comment.repeat_index)
    )
    texts: dict[str, list[str]] = {}
    with reading(store) as session:
        for question, text in session.execute(query):
            texts.setdefault(question, []).append(text)
    return {question: [redactor.hide(text) for text in said[:TEXTS_SHOWN]] for question, said in texts.items()}
