"""Pull one source or register: every file that has not landed yet, in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from textwrap import indent

from config.maps import SourceMap
from config.registers import RegisterMap
from heardback.errors import HeardbackError, PullsFailed
from heardback.landing.account import FileReport
from heardback.landing.again import read_again
from heardback.landing.intake import UNCHANGED, Intake, take_in, write_unfetched
from heardback.landing.register_files import land_register
from heardback.landing.source_files import land_file
from heardback.landing.volume import watch_silence
from heardback.sources.connector import Drop
from heardback.sources.connectors import drops_of
from heardback.sources.feed import Feed
from heardback.store.pull_records import FAILED, LANDED, note_source
from heardback.store.session import transaction
from tasks.bounces import note_bounces
from tasks.step import step
from tasks.workplace import Workplace, open_workplace


@dataclass(frozen=True)
class SourceReport:
    """What became of one source's files, in their order."""

    source: str
    files: list[FileReport]

    @property
    def failed(self) -> bool:
        """Whether any file did not land."""
        return any(report.status == FAILED for report in self.files)

    @property
    def errors(self) -> list[str]:
        """Why not, one entry for each file that did not land."""
        return [f"{self.source}: {report.error}" for report in self.files if report.status == FAILED]

    @classmethod
    def broken(cls, source_id: str, error: BaseException) -> "SourceReport":
        """The report of a source whose step itself broke off."""
        return cls(source_id, [FileReport(source_id, FAILED, error=str(error))])


def check_landed(reports: Sequence[SourceReport], again: str) -> None:
    """Raise PullsFailed, with every reason and all reports, where a file did not land; `again` is what to run then."""
    failed = [report.source for report in reports if report.failed]
    if failed:
        reasons = [indent(reason, "  ") for report in reports for reason in report.errors]
        raise PullsFailed(
            "\n".join([f"{len(failed)} of {len(reports)} feeds did not land as a whole; the others did:", *reasons]),
            reports=reports,
            do=f"correct the file or its map, then run: {again}",
        )


@step(retries=2, wait_seconds=30)
def pull_source(source_id: str, at: datetime) -> SourceReport:
    """Pull every file of a source that has not landed yet. A file that fails stops none of the others."""
    with open_workplace() as work:
        source, intake = work.source(source_id), intake_of(work, at)
        report = SourceReport(source_id, _take_all(work, intake, source, partial(_take_in, intake, source)))
        _note_state(work, source, at, failed=report.failed)
        return report


@step(retries=2, wait_seconds=30)
def pull_again(source_id: str, at: datetime) -> SourceReport:
    """Read again, under the source's present map, what has landed and is kept; nothing new is fetched."""
    with open_workplace() as work:
        return SourceReport(source_id, read_again(intake_of(work, at), work.source(source_id)))


@step(retries=2, wait_seconds=30)
def pull_register(register_id: str, at: datetime) -> SourceReport:
    """Pull every file of a register of changes that has not landed yet."""
    with open_workplace() as work:
        register, intake = work.register(register_id), intake_of(work, at)
        files = _take_all(work, intake, register, partial(_take_in_register, intake, register))
        report = SourceReport(register_id, files)
        with transaction(work.store) as session:
            note_source(session, register_id, at, failed=report.failed)
        return report


def intake_of(work: Workplace, at: datetime) -> Intake:
    """Where this council's files are taken in."""
    settings = work.settings
    folder = settings.home
    return Intake(work.council, work.store, settings.raw, folder / "validation", at, settings.code_key, folder / "seen")


def register_ids() -> list[str]:
    """The registers of changes that the council has configured, in alphabetical order."""
    with open_workplace() as work:
        return sorted(work.council.registers)


def source_ids() -> list[str]:
    """The sources that the council has configured, in alphabetical order."""
    with open_workplace() as work:
        return sorted(work.council.sources)


def source_of(feed: Feed) -> str:
    """Where a feed's answers come from, in a word: the files' path, or the connector's name."""
    return feed.file.path or str(feed.connect["to"])


def _take_all(work: Workplace, intake: Intake, feed: Feed, take: Callable[..., FileReport]) -> list[FileReport]:
    """All that a feed has, in order. Behind a drop that did not land the cursor stays, lest it be passed over."""
    try:
        drops = drops_of(work.asking(feed, intake.at))
    except HeardbackError as error:
        return [write_unfetched(intake, feed, source_of(feed), error)]
    note_bounces(work, feed, drops, intake.at)
    files: list[FileReport] = []
    for drop in drops:
        onward = all(report.status in (LANDED, UNCHANGED) for report in files)
        files.append(take(drop, newest=drop is drops[-1], onward=onward))
    return files


def _take_in(intake: Intake, source: SourceMap, drop: Drop, *, newest: bool, onward: bool) -> FileReport:
    land = partial(land_file, intake, source, newest=newest)
    return take_in(intake, source, drop, land, current=newest and source.mode == "snapshot", onward=onward)


def _take_in_register(intake: Intake, register: RegisterMap, drop: Drop, *, newest: bool, onward: bool) -> FileReport:
    land = partial(land_register, intake, register, newest=newest)
    return take_in(intake, register, drop, land, current=newest, onward=onward)


def _note_state(work: Workplace, source: SourceMap, at: datetime, *, failed: bool) -> None:
    """When a source was looked at; an alarm, once, where it or a box of it was quiet for too long."""
    with transaction(work.store) as session:
        note_source(session, source.source, at, failed=failed)
        watch_silence(session, source, work.council.policy.volume, at)
