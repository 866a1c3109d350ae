"""One file in, whatever it holds: bytes kept first, landed once, a failure written down instead of lost (G1, G2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from config.council import Council
from config.maps import RegisterMap, SourceMap
from heardback.domain.events import PullFailed
from heardback.errors import HeardbackError, PullRefused, Unreadable
from heardback.landing.account import FileReport
from heardback.sources.connector import Drop, Fetched
from heardback.store import Pull, outbox, raw_files
from heardback.store.pull_records import (
    FAILED,
    LANDED,
    landings,
    last_landed,
    note_cursor,
    note_raw_file,
    pull_uid_of,
    write_pull,
)
from heardback.store.session import reading, transaction

UNCHANGED = "unchanged"
Land = Callable[[Pull, Fetched], FileReport]


@dataclass(frozen=True)
class Intake:
    """Where files are taken in: the council's rules, its database, and the folders for raw bytes and verdicts."""

    council: Council
    store: Engine
    raw: Path
    validation: Path
    at: datetime


def take_in(
    intake: Intake, feed: SourceMap | RegisterMap, drop: Drop, land: Land, *, current: bool = False
) -> FileReport:
    """Land one file by `land`, or write down why not; a file that landed before is left alone.

    `current` says that the file is how its source stands now: where others landed since it did, it lands again, for
    whoever undid an edit at the source exports the bytes of the day before. What a tool calls whole is that always.
    """
    try:
        fetched = drop.fetch()
    except HeardbackError as error:
        return FileReport(drop.name, FAILED, error=str(error))
    content, digest = fetched.content, sha256(fetched.content).hexdigest()
    current = current if fetched.whole is None else fetched.whole
    with reading(intake.store) as session:
        earlier = landings(session, feed.code, digest)
        if earlier and not (current and last_landed(session, feed.code) != digest):
            _move_cursor(intake, feed, fetched)
            return FileReport(drop.name, UNCHANGED)  # and not kept again: retention may have deleted it on time
    raw_files.keep(intake.raw, content)
    with transaction(intake.store) as session:
        note_raw_file(session, digest, len(content), intake.at)
    blank = {**_blank_pull(intake, feed, drop, digest, earlier), "cursor": fetched.cursor}
    try:
        return land(Pull(**blank), fetched)
    except (PullRefused, Unreadable) as refusal:
        return _write_failure(intake, blank, refusal)


def _move_cursor(intake: Intake, feed: SourceMap | RegisterMap, fetched: Fetched) -> None:
    """The same bytes again say nothing new, but the tool may have moved on."""
    if fetched.cursor:
        with transaction(intake.store) as session:
            note_cursor(session, feed.code, fetched.cursor, intake.at)


def _write_failure(intake: Intake, pull: dict[str, object], refusal: HeardbackError) -> FileReport:
    feed, name = str(pull["source_id"]), str(pull["file_name"])
    with transaction(intake.store) as session:
        write_pull(session, Pull(**pull | {"status": FAILED, "error": str(refusal)}))
        outbox.record(session, [PullFailed(f"heardback.source.{feed}", feed)], intake.at)
    return FileReport(name, FAILED, error=str(refusal))


def _blank_pull(
    intake: Intake, feed: SourceMap | RegisterMap, drop: Drop, digest: str, earlier: int
) -> dict[str, object]:
    return {
        "pull_uid": pull_uid_of(feed.code, digest, earlier),
        "source_id": feed.code,
        "kind": "changes" if isinstance(feed, RegisterMap) else "responses",
        "file_name": drop.name,
        "file_sha256": digest,
        "map_sha256": sha256(feed.model_dump_json().encode()).hexdigest(),
        "started_at": intake.at,
        "finished_at": intake.at,
        "status": LANDED,
        "rows_read": 0,
        "blank_rows": 0,
        "duplicates": 0,
        "notes": [],
        "error": "",
    }
