"""Everything a council configures, read together: a whole council, or every fault at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.directory import Directory, directory_faults
from config.maps import RegisterMap, Registers, SourceMap, register_faults, source_faults
from config.policy import Policy
from config.reading import Document, Fault, read_model
from config.screening import ScreeningPhrases


@dataclass(frozen=True)
class Council:
    """One council's configuration. `folder` is what the paths of its files are relative to."""

    folder: Path
    directory: Directory
    policy: Policy
    screening: ScreeningPhrases
    sources: Mapping[str, SourceMap]
    registers: Mapping[str, RegisterMap]


def read_council(folder: Path) -> tuple[Council | None, list[Fault]]:
    """Read a configuration folder; the council is None where anything in it is wrong."""
    directory, document, faults = read_model(Directory, folder / "services.yaml")
    if directory and document:
        faults += directory_faults(directory, document)
    codes = {service.code for service in directory.services} if directory else set()
    policy, policy_faults = _read_policy(folder / "policy.yaml", codes)
    screening, _, screening_faults = read_model(ScreeningPhrases, folder / "screening.yaml")
    registers, register_document, unread = read_model(Registers, folder / "changes.yaml")
    if registers and register_document and directory:
        unread += register_faults(registers, register_document, codes)
    sources, source_problems = _read_sources(folder / "sources", codes if directory else None)
    faults += policy_faults + screening_faults + unread + source_problems
    if faults or not (directory and policy and screening and registers):
        return None, sorted(faults)
    by_name = {register.code: register for register in registers.registers}
    return Council(folder, directory, policy, screening, sources, by_name), []


def _read_policy(path: Path, codes: set[str]) -> tuple[Policy | None, list[Fault]]:
    policy, document, faults = read_model(Policy, path)
    if policy and document and codes:
        faults += [
            document.fault(("deadlines", "services", code), f"'{code}' is not a service in services.yaml")
            for code in policy.deadlines.services
            if code not in codes
        ]
    return policy, faults


def _read_sources(folder: Path, codes: set[str] | None) -> tuple[dict[str, SourceMap], list[Fault]]:
    sources: dict[str, SourceMap] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.yaml")):
        source, document, unread = read_model(SourceMap, path)
        faults += unread
        if source and document:
            faults += _agreement_faults(source, document, sources, codes)
            sources[source.source] = source
    if not sources and not faults:
        faults.append(Fault(str(folder), 1, "no source is configured; `heardback map draft FILE` proposes a map"))
    return sources, faults


def _agreement_faults(
    source: SourceMap, document: Document, earlier: Mapping[str, SourceMap], codes: set[str] | None
) -> list[Fault]:
    faults = source_faults(source, document, codes) if codes is not None else []
    if source.source in earlier:
        faults.append(document.fault(("source",), f"the source '{source.source}' is described twice"))
    return faults
