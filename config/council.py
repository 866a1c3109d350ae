"""Everything a council configures, read together: a whole council, or every fault at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from config.directory import Directory, directory_faults
from config.maps import Expectation, SourceMap, source_faults
from config.policy import Policy
from config.privacy import PrivacyLists
from config.reading import Document, Fault, Where, read_document, read_model
from config.registers import RegisterMap, Registers, register_faults
from config.screening import ScreeningPhrases, read_screening
from config.thesaurus import Thesaurus, read_thesaurus
from config.wordings import Wording, Wordings, entry_faults, wording_faults

# What is wrong with a map's own expectation, as whoever runs it says; empty where nothing is.
ExpectationFault = Callable[[Expectation], str]
# What is wrong with a map's `connect:` section, as its connector says: where in it, and what to do.
ConnectionFaults = Callable[[Mapping[str, object]], list[tuple[Where, str]]]
Part = TypeVar("Part")


@dataclass(frozen=True)
class Council:
    """One council's configuration. `folder` is what the paths of its files are relative to."""

    folder: Path
    directory: Directory
    policy: Policy
    screening: ScreeningPhrases
    sources: Mapping[str, SourceMap]
    registers: Mapping[str, RegisterMap]
    privacy: PrivacyLists = field(default_factory=PrivacyLists)
    thesaurus: Thesaurus = field(default_factory=Thesaurus)
    wordings: Wordings = field(default_factory=Wordings)


def read_council(
    folder: Path,
    expectation_fault: ExpectationFault | None = None,
    connection_faults: ConnectionFaults | None = None,
) -> tuple[Council | None, list[Fault]]:
    """Read a configuration folder; the council is None where anything in it is wrong.

    `expectation_fault`, where given, is asked about every expectation that a map adds: config knows no expectations;
    nor does it know connectors, so `connection_faults` is asked about every connection.
    """
    if not folder.is_dir():
        what = "the configuration folder does not exist; `heardback init DIR` writes one, HEARDBACK_CONFIG names it"
        return None, [Fault(str(folder), 1, what)]
    faults = _Faults()
    directory = faults.taken_from(_read_directory(folder / "services.yaml"))
    codes = {service.code for service in directory.services} if directory else None
    policy = faults.taken_from(_read_policy(folder / "policy.yaml", codes))
    screening = faults.taken_from(read_screening(folder))
    privacy = faults.taken_from(_read_privacy(folder / "privacy.yaml"))
    thesaurus = faults.taken_from(read_thesaurus(folder))
    wordings = faults.taken_from(_read_wordings(folder / "wordings.yaml", directory))
    registers = faults.taken_from(_read_registers(folder / "changes.yaml", codes, connection_faults))
    sources, unread = _read_sources(folder / "sources", codes, expectation_fault, connection_faults)
    faults += unread
    faults += _disagreements(folder, None if unread else directory, policy, registers, sources)
    if faults or not (directory and policy and screening and privacy and thesaurus and wordings and registers):
        return None, sorted(faults)
    by_name = {register.code: register for register in registers.registers}
    return Council(folder, directory, policy, screening, sources, by_name, privacy, thesaurus, wordings), []


class _Faults(list[Fault]):
    """What was found wrong so far."""

    def taken_from(self, read: tuple[Part, list[Fault]]) -> Part:
        """What was read, without the faults found in it: those are kept here."""
        part, found = read
        self.extend(found)
        return part


def _disagreements(
    folder: Path,
    directory: Directory | None,
    policy: Policy | None,
    registers: Registers | None,
    sources: Mapping[str, SourceMap],
) -> list[Fault]:
    """Where files that are right by themselves do not agree; a map that cannot be read is told as that, and once."""
    faults = _sources_of_groups(folder / "services.yaml", directory, sources) if directory else []
    if registers:
        faults += _shared_names(folder / "changes.yaml", registers, sources)
    if policy and registers:
        faults += _retention_faults(folder / "policy.yaml", policy, registers, sources)
    return faults


def _read_directory(path: Path) -> tuple[Directory | None, list[Fault]]:
    directory, document, faults = read_model(Directory, path)
    if directory and document:
        faults += directory_faults(directory, document)
    return directory, faults


def _sources_of_groups(path: Path, directory: Directory, sources: Mapping[str, SourceMap]) -> list[Fault]:
    """Sources that a group is said to speak through, and that there are not: its list would lack what it said."""
    strange: list[tuple[Where, str]] = [
        (("groups", position, "sources"), f"'{code}' is not a source of this council; correct its code")
        for position, group in enumerate(directory.groups)
        for code in group.sources
        if code not in sources
    ]
    return _at_their_lines(path, strange)


def _at_their_lines(path: Path, found: Sequence[tuple[Where, str]]) -> list[Fault]:
    """Faults of a file that only others show, each at its line; the file is read again, for seldom is there one."""
    document = read_document(path) if found else None
    return [document.fault(where, what) for where, what in found] if isinstance(document, Document) else []


def _read_policy(path: Path, codes: set[str] | None) -> tuple[Policy | None, list[Fault]]:
    policy, document, faults = read_model(Policy, path)
    if policy and document and codes is not None:
        faults += [
            document.fault(("deadlines", "services", code), f"'{code}' is not a service in services.yaml")
            for code in policy.deadlines.services
            if code not in codes
        ]
    return policy, faults


def _read_privacy(path: Path) -> tuple[PrivacyLists | None, list[Fault]]:
    """A council that has nothing to add to the shipped lists needs no file."""
    if not path.exists():
        return PrivacyLists(), []
    lists, _, faults = read_model(PrivacyLists, path)
    return lists, faults


def _read_wordings(path: Path, directory: Directory | None) -> tuple[Wordings | None, list[Fault]]:
    """A council that writes no other versions of its answers needs no file."""
    if not path.exists():
        return Wordings(), []
    wordings, document, faults = read_model(Wordings, path)
    if not (wordings and document and directory):
        return wordings, faults
    faults += wording_faults(wordings, document, directory.people)
    kept, unread = _kept_wordings(path.parent / "wordings", wordings, directory)
    return Wordings(versions=wordings.versions, entries=(*wordings.entries, *kept)), faults + unread


def _kept_wordings(folder: Path, wordings: Wordings, directory: Directory) -> tuple[list[Wording], list[Fault]]:
    """Those of the folder beside the file, a wording each, as `heardback board-wording` writes them."""
    kept: list[Wording] = []
    faults: list[Fault] = []
    for path in _maps_in(folder):
        wording, document, unread = read_model(Wording, path)
        faults += unread
        if wording and document:
            faults += entry_faults(wording, document, wordings, directory.people)
            kept.append(wording)
    return kept, faults


def _retention_faults(
    path: Path, policy: Policy, registers: Registers, sources: Mapping[str, SourceMap]
) -> list[Fault]:
    """Feeds that have a retention of their own, and that there are not: their words would be kept too long."""
    known = {*sources, *(register.code for register in registers.registers)}
    strange: list[tuple[Where, str]] = [
        (("retention", "sources", code), f"'{code}' is neither a source nor a register of this council")
        for code in policy.retention.sources
        if code not in known
    ]
    return _at_their_lines(path, strange)


def _read_registers(
    path: Path, codes: set[str] | None, connection_faults: ConnectionFaults | None
) -> tuple[Registers | None, list[Fault]]:
    registers, document, faults = read_model(Registers, path)
    if registers and document and codes is not None:
        faults += register_faults(registers, document, codes)
    for position, register in enumerate(registers.registers if registers else ()):
        faults += connected_faults(register, document, connection_faults, ("registers", position))
    return registers, faults


def _read_sources(
    folder: Path,
    codes: set[str] | None,
    expectation_fault: ExpectationFault | None,
    connection_faults: ConnectionFaults | None,
) -> tuple[dict[str, SourceMap], list[Fault]]:
    sources: dict[str, SourceMap] = {}
    faults: list[Fault] = []
    for path in _maps_in(folder):
        source, document, unread = read_model(SourceMap, path)
        faults += unread
        if source and document:
            faults += agreement_faults(source, document, sources, codes)
            faults += expectation_faults(source, document, expectation_fault)
            faults += connected_faults(source, document, connection_faults)
            sources[source.source] = source
    if not sources and not faults:
        faults.append(Fault(str(folder), 1, "no source is configured; `heardback map draft FILE` proposes a map"))
    return sources, faults


def _maps_in(folder: Path) -> Sequence[Path]:
    """Every map, also one whose name ends in .yml; what an editor left beside them (.#map.yaml) is none."""
    return sorted(path for path in folder.glob("*.y*ml") if path.suffix in (".yaml", ".yml") and path.name[0] != ".")


def agreement_faults(
    source: SourceMap, document: Document, earlier: Mapping[str, SourceMap], codes: set[str] | None
) -> list[Fault]:
    """Where a map does not agree with the rest: services that there are not, a source that stands twice."""
    faults = source_faults(source, document, codes) if codes is not None else []
    if source.source in earlier:
        faults.append(document.fault(("source",), f"the source '{source.source}' is described twice; keep one"))
    return faults


def expectation_faults(source: SourceMap, document: Document, fault_of: ExpectationFault | None) -> list[Fault]:
    """A map's own expectations that could not be run, as `fault_of` says."""
    faults: list[Fault] = []
    for position, expectation in enumerate(source.expectations):
        where: Where = ("expectations", position, "expect")
        if fault_of and (what := fault_of(expectation)):
            faults.append(document.fault(where, what))
    return faults


def connected_faults(
    feed: SourceMap | RegisterMap, document: Document | None, faults_of: ConnectionFaults | None, at: Where = ()
) -> list[Fault]:
    """What is wrong with a map's `connect:` section, as `faults_of` says."""
    if not (feed.connect and document and faults_of):
        return []
    return [document.fault((*at, "connect", *where), what) for where, what in faults_of(feed.connect)]


def _shared_names(path: Path, registers: Registers, sources: Mapping[str, SourceMap]) -> list[Fault]:
    """Pulls are kept by the name of their feed, so a register and a source cannot have one name."""
    shared = [register.code for register in registers.registers if register.code in sources]
    return [Fault(str(path), 1, f"'{code}' names a register and a source; rename one") for code in shared]
