"""The configuration: checked whole, drafted for a new source, started for a new council."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import config
from config.council import Council, read_council
from config.maps import Expectation, SourceMap
from config.questions import Question
from config.settings import Settings, from_environment
from heardback.domain.plurals import some
from heardback.errors import ConfigurationError, HeardbackError, NotFound, PullRefused
from heardback.landing.codes import check_code_key
from heardback.sources.connector import Asking
from heardback.sources.connectors import connection_faults, knock, missing_libraries, secrets_named
from heardback.sources.database.queries import asks_above_cursor
from heardback.sources.drafting.draft import draft_map as draft
from heardback.sources.feed import Feed
from heardback.sources.folders.files import find_drops
from heardback.store.rotation import seal_anew
from heardback.store.sealing import Seal
from heardback.store.session import SCHEMA, migrate_url
from tasks.knowledge import in_force
from tasks.rehearsal import bytes_of
from tasks.step import step

SHIPPED = Path(config.__file__).parent
TIES = (
    "of rows that share an instant some may never come: the query asks for what is > :cursor; write >=, unless each "
    "row has its own (rows that came count as known)"
)


@dataclass(frozen=True)
class CheckReport:
    """Every fault with file and line, or a summary of what is configured; warnings are no faults.

    `closed` are the tools, mailboxes and folders elsewhere that were asked and did not let us in, each with why and
    what to do.
    """

    faults: list[str]
    summary: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)


@step()
def check_configuration(ask_at: datetime | None = None) -> CheckReport:
    """Read the whole configuration, and look whether what it names is there.

    With an instant, every tool, mailbox and folder elsewhere is asked whether it lets us in, as of then. ODK Central
    and KoboToolbox have no smaller question than for one answer, which is let go of; no other is fetched.
    """
    settings = from_environment()
    council, faults = read_council(settings.config, _expectation_fault, connection_faults)
    if council is None:
        return CheckReport([str(fault) for fault in faults])
    if unusable := _key_faults(council, settings):
        return CheckReport(unusable)
    warnings = _warnings(council, settings)
    closed = _closed_doors(council, settings, ask_at) if ask_at else []
    notes = [warning for warning in warnings if warning not in closed]
    return CheckReport([], _summary(council, settings, notes), notes, closed)


@step()
def migrate_store() -> str:
    """Bring the database to the present schema; returns its version."""
    migrate_url(from_environment().database_url)
    return SCHEMA


@step()
def rotate_key() -> dict[str, int]:
    """Seal every word anew with the first key of the environment; returns how many of each column, and files."""
    settings = from_environment()
    return seal_anew(settings.database_url, Seal.of(settings.text_keys), settings.raw)


@step()
def draft_map(file: Path) -> str:
    """A map proposed for an export, as YAML."""
    return draft(bytes_of(file), file.name)


@step()
def write_starter(folder: Path) -> list[Path]:
    """Copy the commented starter configuration into a folder that is new or empty."""
    if folder.exists() and not folder.is_dir():
        raise NotFound("this is a file; nothing was written", where=str(folder), do="name a new folder")
    if folder.exists() and any(folder.iterdir()):
        raise NotFound("the folder is not empty; nothing was written", where=str(folder), do="name a new folder")
    shutil.copytree(SHIPPED / "starter", folder, dirs_exist_ok=True)
    for shared in ("screening.yaml", "privacy.yaml"):  # the same phrases for everybody to begin with
        shutil.copy(SHIPPED / shared, folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _expectation_fault(expectation: Expectation) -> str:
    from heardback.checks.contract import expectation_fault  # three seconds, and only where a map has expectations

    return expectation_fault(expectation)


def _key_faults(council: Council, settings: Settings) -> list[str]:
    """Keys of the environment that could not be used; none is ever shown."""
    faults: list[str] = []
    try:
        Seal.of(settings.text_keys)
    except ConfigurationError as error:
        faults += error.faults
    roles = {question.role for source in council.sources.values() for question in source.questions}
    try:
        if "deletion_code" in roles:
            check_code_key(settings.code_key)
    except PullRefused as refusal:
        faults.append(f"{refusal.where}: {refusal.what}; {refusal.do}")
    return faults


def _summary(council: Council, settings: Settings, warnings: Sequence[str]) -> list[str]:
    there = {"service": council.directory.services, "source": council.sources, "register": council.registers}
    counts = ", ".join(some(len(found), one) for one, found in there.items())
    slack = "by Slack" if settings.slack_token else f"into {settings.outbox} (no Slack token is set)"
    return [
        f"{council.directory.council}: {counts}; no fault found",
        f"nudges go {slack}",
        "words are sealed with a key" if settings.text_keys else "words lie as they are; a key would seal them",
        in_force(council.policy.matching, council.folder),
        *(f"note: {warning}" for warning in warnings),
    ]


def _warnings(council: Council, settings: Settings) -> list[str]:
    found = _doubtful_secrets(settings)
    if settings.slack_token:
        found += [
            f"{person.name} has no Slack id; their nudges go into {settings.outbox}"
            for person in council.directory.people.values()
            if not person.slack
        ]
    found += [doubt for source in council.sources.values() for doubt in _doubtful_questions(source)]
    found += _heard_twice(council.sources.values())
    feeds: dict[str, Feed] = {**council.sources, **council.registers}
    for code, feed in feeds.items():
        named = secrets_named(feed)
        unset = [name for name in named if name not in settings.secrets]
        found += [f"{code}: the secret {name} is not set" for name in unset]
        found += [f"{code}: {needed}" for needed in missing_libraries(feed)]
        found += [f"{code}: {TIES}"] if asks_above_cursor(str(feed.connect.get("query", ""))) else []
        if feed.file.path and not unset:
            found += _folder_doubts(feed, council, settings)
    return found


def _heard_twice(sources: Iterable[SourceMap]) -> list[str]:
    """Sources that read what another one reads, as a map does that was copied and not changed everywhere."""
    first: dict[str, str] = {}
    found: list[str] = []
    for source in sources:
        shape = source.file
        way_in = str(source.connect or (shape.path, shape.sheet, shape.records, shape.member))
        if (other := first.setdefault(way_in, source.source)) != source.source:
            where = "connect" if source.connect else "file.path"
            found.append(f"{source.source}: '{where}' is that of {other}, so what is said there is heard twice")
    return found


def _doubtful_questions(source: SourceMap) -> list[str]:
    """Choices that keep whatever stands in their cells, and characteristics that keep nothing of it."""
    doubts = ((question, _doubt_of(question)) for question in source.questions)
    return [f"{source.source}: '{question.column or question.match}' {doubt}" for question, doubt in doubts if doubt]


def _doubt_of(question: Question) -> str:
    if question.keeps_any_cell:
        return (
            "lists no options, so whatever stands in its cells is kept as a code, somebody's words too; list the "
            "form's options"
        )
    if question.keeps_no_cell:
        return "lists no bands, so nothing in its cells is kept; list them: 'options', 'values' or 'bands'"
    return ""


def _closed_doors(council: Council, settings: Settings, at: datetime) -> list[str]:
    """The doors that do not let us in, and why; those whose secrets or libraries are missing are not tried."""
    found: list[str] = []
    feeds: dict[str, Feed] = {**council.sources, **council.registers}
    for feed in feeds.values():
        if set(secrets_named(feed)) - set(settings.secrets) or missing_libraries(feed):
            continue
        private = frozenset(council.policy.network.private_hosts)
        asking = Asking(feed, council.folder, at, settings.secrets.__getitem__, private_hosts=private, wait=_at_once)
        try:
            knock(asking)
        except HeardbackError as error:
            found.append(f"{feed.code}: {error.what} ({error.where}); {error.do}")
    return found


def _at_once(_seconds: float) -> None:
    """Whoever checks sits and waits: a busy tool is asked again without a pause."""


def _folder_doubts(feed: Feed, council: Council, settings: Settings) -> list[str]:
    """What a pull would find of a feed's folder, with the secrets that it would use."""
    try:
        find_drops(
            feed.file,
            council.folder,
            secret=settings.secrets.__getitem__,
            private_hosts=council.policy.network.private_hosts,
        )
    except HeardbackError as error:
        return [f"{feed.code}: {error.what} ({error.where}); {error.do}"]
    return []


def _doubtful_secrets(settings: Settings) -> list[str]:
    """Tokens that do not look like what they should be; none is ever shown."""
    expected = {
        "HEARDBACK_SLACK_TOKEN": (settings.slack_token, "xoxb-"),
        "HEARDBACK_SLACK_APP_TOKEN": (settings.slack_app_token, "xapp-"),
    }
    return [
        f"{name} does not begin with {start}; copy it again from the app's page at Slack"
        for name, (token, start) in expected.items()
        if token and not token.startswith(start)
    ]
