"""One file in, whatever it holds: bytes kept first, landed once, a failure written down instead of lost (G1, G2)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import Any, Self

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.council import Council
from config.registers import RegisterMap
from heardback.domain.events import PullFailed
from heardback.errors import HeardbackError, PullRefused, StillArriving, Unreadable
from heardback.landing.account import FileReport
from heardback.landing.seen import note_seen, seen_as
from heardback.sources.connector import Drop, Fetched
from heardback.sources.feed import Feed, map_hash
from heardback.store import Pull, outbox, raw_files
from heardback.store.pull_records import (
    FAILED,
    LANDED,
    landings,
    last_landed,
    note_cursor,
    note_failure,
    note_raw_file,
    pull_uid_of,
    write_pull,
)
from heardback.store.retention import months_before
from heardback.store.sealing import seal_of
from heardback.store.session import reading, transaction
from heardback.store.trouble import retried

UNCHANGED, ARRIVING = "unchanged", "arriving"


@dataclass(frozen=True)
class Intake:
    """Where files are taken in: the council's rules, its database, and the folders for raw bytes and verdicts."""

    council: Council
    store: Engine
    raw: Path
    validation: Path
    at: datetime
    code_key: str = field(default="", repr=False)  # what codes of deletion are hashed with
    seen: Path | None = None  # where it is remembered how files looked when they were read
    wait: Callable[[float], None] = sleep  # seconds, before a landing that the database turned down is tried again

    def heard_before(self, source_id: str) -> date:
        """The day before which retention takes the words of a source."""
        return months_before(self.at, self.council.policy.retention.of(source_id).comment_text_months).date()


@dataclass
class Arrived:
    """What was fetched, until its bytes are handed over: a large file's need not stand beside its rows."""

    cursor: str
    whole: bool | None
    digest: str
    content: bytes | None = field(repr=False)

    @classmethod
    def of(cls, fetched: Fetched, *, onward: bool) -> Self:
        """Not `onward`, the cursor stays where it is."""
        cursor = fetched.cursor if onward else ""
        return cls(cursor, fetched.whole, sha256(fetched.content).hexdigest(), fetched.content)

    def hand_over(self, intake: Intake) -> bytes:
        """The bytes, for good; to whoever asks again (a landing tried again) as they are kept.

        Raises PullRefused where they are kept no longer: retention or an erasure was faster.
        """
        content, self.content = self.content, None
        if content is not None:
            return content
        try:
            return raw_files.read(intake.raw, self.digest, seal_of(intake.store))
        except FileNotFoundError:
            what = "the database turned the landing down, and before the next try its bytes were deleted from var/raw"
            where = str(raw_files.path_of(intake.raw, self.digest))
            raise PullRefused(what, where=where, do="pull again: it is fetched anew") from None


Land = Callable[[Pull, Arrived], FileReport]


def take_in(
    intake: Intake,
    feed: Feed,
    drop: Drop,
    land: Land,
    *,
    current: bool = False,
    onward: bool = True,
) -> FileReport:
    """Land one file by `land`, or write down why not; a file that landed before is left alone.

    `current` says that the file is how its source stands now: where others landed since it did, it lands again, for
    whoever undid an edit at the source exports the bytes of the day before, and who saved an export twice has its copy
    last. What a tool calls whole is that always.
    Not `onward`, the cursor stays: a drop before this one did not land and is to be asked for again.
    """
    place, look = getattr(drop, "place", ""), getattr(drop, "look", "")
    digest = seen_as(intake.seen, place, look)
    if digest and _is_here(intake, feed, digest, current=current):
        return FileReport(drop.name, UNCHANGED)
    try:
        arrived = Arrived.of(drop.fetch(), onward=onward)
    except StillArriving as waiting:
        return FileReport(drop.name, ARRIVING, notes=[str(waiting)])
    except HeardbackError as error:
        return write_unfetched(intake, feed, drop.name, error)
    current = current if arrived.whole is None else arrived.whole
    report = retried(lambda: _keep_and_land(intake, feed, drop, arrived, land, current=current), intake.wait)
    if report.status in (LANDED, UNCHANGED):
        note_seen(intake.seen, place, look, arrived.digest)
    return report


def write_unfetched(intake: Intake, feed: Feed, name: str, error: HeardbackError) -> FileReport:
    """Write down that something could not be had: there are no bytes, so no pull, and the cursor stays."""
    with transaction(intake.store) as session:
        _tell_failure(session, intake, feed.code, error)
    return FileReport(name, FAILED, error=str(error))


def _keep_and_land(
    intake: Intake, feed: Feed, drop: Drop, arrived: Arrived, land: Land, *, current: bool
) -> FileReport:
    digest = arrived.digest
    if _is_here(intake, feed, digest, current=current):
        _move_cursor(intake, feed, arrived)
        return FileReport(drop.name, UNCHANGED)  # and not kept again: retention may have deleted it on time
    with reading(intake.store) as session:
        uid = pull_uid_of(feed.code, digest, landings(session, feed.code, digest))
    if arrived.content is not None:
        raw_files.keep(intake.raw, arrived.content, seal_of(intake.store))
        with transaction(intake.store) as session:
            note_raw_file(session, digest, len(arrived.content), intake.at)
    blank = blank_pull(intake, feed, uid, drop.name, digest) | {"cursor": arrived.cursor, "as_newest": current}
    try:
        return land(Pull(**blank), arrived)
    except (PullRefused, Unreadable) as refusal:
        return _write_failure(intake, blank, refusal)


def _is_here(intake: Intake, feed: Feed, digest: str, *, current: bool) -> bool:
    """Whether these bytes landed before, and stand for how the source is now where that is what they are."""
    with reading(intake.store) as session:
        landed = landings(session, feed.code, digest) > 0
        return landed and not (current and last_landed(session, feed.code) != digest)


def _move_cursor(intake: Intake, feed: Feed, arrived: Arrived) -> None:
    """The same bytes again say nothing new, but the tool may have moved on."""
    if arrived.cursor:
        with transaction(intake.store) as session:
            note_cursor(session, feed.code, arrived.cursor, intake.at)


def _write_failure(intake: Intake, pull: dict[str, object], refusal: HeardbackError) -> FileReport:
    feed, name = str(pull["source_id"]), str(pull["file_name"])
    with transaction(intake.store) as session:
        write_pull(session, Pull(**pull | {"status": FAILED, "error": str(refusal)}))
        _tell_failure(session, intake, feed, refusal)
    return FileReport(name, FAILED, error=str(refusal))


def _tell_failure(session: Session, intake: Intake, feed: str, error: HeardbackError) -> None:
    note_failure(session, feed, str(error), intake.at)
    outbox.record(session, [PullFailed(f"heardback.source.{feed}", feed)], intake.at)


def blank_pull(intake: Intake, feed: Feed, pull_uid: str, file_name: str, digest: str) -> dict[str, Any]:
    """What there is to write of the pull of a file with this hash that has read nothing yet."""
    return {
        "pull_uid": pull_uid,
        "source_id": feed.code,
        "kind": "changes" if isinstance(feed, RegisterMap) else "responses",
        "file_name": file_name,
        "file_sha256": digest,
        "map_sha256": map_hash(feed),
        "started_at": intake.at,
        "finished_at": intake.at,
        "status": LANDED,
        "rows_read": 0,
        "blank_rows": 0,
        "duplicates": 0,
        "notes": [],
        "error": "",
    }
