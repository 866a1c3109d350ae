"""The configuration: checked whole, drafted for a new source, rehearsed on a file, started for a new council."""

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import config
from config.council import Council, read_council
from config.maps import SourceMap
from config.reading import read_model
from config.settings import Settings, from_environment
from heardback.errors import ConfigurationError, HeardbackError, NotFound
from heardback.sources.drafting import draft_map as draft
from heardback.sources.files import find_drops
from heardback.sources.rehearsal import check_map
from heardback.store.session import SCHEMA, migrate_url
from tasks.step import step
from tasks.workplace import read_configuration

SHIPPED = Path(config.__file__).parent


@dataclass(frozen=True)
class CheckReport:
    """Every fault with file and line, or a summary of what is configured; warnings are no faults."""

    faults: list[str]
    summary: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rehearsal:
    """What a pull of a file would do, in figures and in lines."""

    result: dict[str, Any]

    @property
    def lines(self) -> list[str]:
        """The same for a terminal."""
        rows = [f"  {fate}: {count}" for fate, count in self.result["rows"].items()]
        reasons = [f"  {reason}: {facts}" for reason, facts in self.result["reasons"].items()]
        notes = [f"  {note['what']}" for note in self.result["notes"]]
        parts = (
            f"{self.result['comments']} comments, {self.result['ratings']} ratings, {self.result['choices']} choices"
        )
        return [
            "rows:",
            *rows,
            parts,
            *(["quarantined:", *reasons] if reasons else []),
            *(["notes:", *notes] if notes else []),
        ]


@step()
def check_configuration() -> CheckReport:
    """Read the whole configuration, and look whether what it names is there."""
    settings = from_environment()
    council, faults = read_council(settings.config)
    if council is None:
        return CheckReport([str(fault) for fault in faults])
    return CheckReport([], _summary(council, settings), _warnings(council, settings))


@step()
def migrate_store() -> str:
    """Bring the database to the present schema; returns its version."""
    migrate_url(from_environment().database_url)
    return SCHEMA


@step()
def draft_map(file: Path) -> str:
    """A map proposed for an export, as YAML."""
    return draft(_bytes_of(file), file.name)


@step()
def rehearse(source: str, file: Path) -> Rehearsal:
    """What a pull of a file would do under a configured source's map, or under a map that lies somewhere else."""
    council = read_configuration(from_environment().config)
    chosen = _read_map(Path(source)) if source.endswith((".yaml", ".yml")) else council.sources.get(source)
    if chosen is None:
        known = ", ".join(sorted(council.sources))
        raise NotFound(f"there is no source '{source}'", where=str(council.folder / "sources"), do=f"one of: {known}")
    result = check_map(chosen, _bytes_of(file), file.name, council.directory, datetime.now(UTC))
    return Rehearsal(result)


@step()
def write_starter(folder: Path) -> list[Path]:
    """Copy the commented starter configuration into a folder that is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotFound("the folder is not empty; nothing was written", where=str(folder), do="name a new folder")
    shutil.copytree(SHIPPED / "starter", folder, dirs_exist_ok=True)
    shutil.copy(SHIPPED / "screening.yaml", folder)  # the same phrases for everybody to begin with
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotFound(f"the file cannot be read ({error.strerror})", where=str(file), do="correct its path") from None


def _read_map(path: Path) -> SourceMap:
    source, _, faults = read_model(SourceMap, path)
    if source is None:
        raise ConfigurationError(faults)
    return source


def _summary(council: Council, settings: Settings) -> list[str]:
    services, sources = len(council.directory.services), len(council.sources)
    counts = f"{services} services, {sources} sources, {len(council.registers)} registers"
    slack = "by Slack" if settings.slack_token else f"into {settings.outbox} (no Slack token is set)"
    return [
        f"{council.directory.council}: {counts}; no fault found",
        f"nudges go {slack}",
        "matching is by words; the sentence encoder is not installed",
        *(f"note: {warning}" for warning in _warnings(council, settings)),
    ]


def _warnings(council: Council, settings: Settings) -> list[str]:
    found = [] if not settings.slack_token else [
        f"{person.name} has no Slack id; their nudges go into {settings.outbox}"
        for person in council.directory.people.values()
        if not person.slack
    ]  # fmt: skip
    files = {code: source.file for code, source in council.sources.items()}
    files |= {code: register.file for code, register in council.registers.items()}
    for code, shape in files.items():
        try:
            find_drops(shape, council.folder)
        except HeardbackError as error:
            found.append(f"{code}: {error.what} ({error.where})")
    return found
