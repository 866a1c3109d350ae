"""A public answer in other words, for an age band or in another language: written by people, kept beside the rest."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import yaml

from config.council import Council
from heardback.domain.access import Somebody, somebody
from heardback.domain.lifecycle import MOVES
from heardback.errors import ConfigurationError, MoveRefused, NotAllowed, NotFound
from heardback.reports.in_other_words import OtherWords
from heardback.store import Loop
from heardback.store.session import reading
from tasks.door import matter_of, refusal_on_record
from tasks.step import step
from tasks.workplace import Workplace, open_workplace, read_configuration


@dataclass(frozen=True)
class WordingKept:
    """Where a wording was written, and the version and decision that it holds for."""

    path: Path
    loop: str
    version: str
    decided_on: date


@step()
def keep_wording(
    loop_uid: str, version: str, said: str, answer: str, by: tuple[str, str], at: datetime, because: str = ""
) -> WordingKept:
    """Write one wording of an answered loop into the configuration; `by` are the two who checked it.

    Raises NotFound where there is no such loop or version, MoveRefused where nothing is decided, NotAllowed where the
    two are one person, or may not approve answers of this loop.
    """
    with open_workplace() as work, refusal_on_record(work, by[0], at, "board-wording", loop_uid):
        check_version(work.council, version)
        codes = _checkers(work, loop_uid, by)
        decided_on = _decided_on(work, loop_uid)
        entry = {
            "loop": loop_uid, "version": version, "decided_on": decided_on.isoformat(), "said": said, "answer": answer,
            "because": because, "approved_by": codes, "since": at.date().isoformat(),
        }  # fmt: skip
        path = work.council.folder / "wordings" / f"{loop_uid}-{version}-{at:%Y-%m-%d}.yaml"
        _write(work.council.folder, path, yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, width=100))
    return WordingKept(path, loop_uid, version, decided_on)


def check_version(council: Council, version: str) -> None:
    """Raises NotFound where wordings.yaml names no such version."""
    known = [each.code for each in council.wordings.versions]
    if version not in known:
        do = f"one of: {', '.join(known) or 'none yet'}; `versions` in wordings.yaml names them"
        raise NotFound(f"there is no version '{version}'", where="wordings.yaml", do=do)


def other_words(council: Council, version: str, as_of: date) -> OtherWords:
    """A version as documents take it, with the fonts that lie beside its words. Raises NotFound as `check_version`."""
    check_version(council, version)
    return OtherWords(version, council.wordings, council.directory.council, as_of, council.folder / "fonts")


def _checkers(work: Workplace, loop_uid: str, by: tuple[str, str]) -> list[str]:
    with reading(work.store) as session:
        over = matter_of(session, loop_uid)
    found = [somebody(work.council.directory, called, over) for called in by]
    checkers = [one for one in found if one and one.roles & MOVES["approve"].roles]
    if len(checkers) < len(by):
        raise NotAllowed(f"not both of these may approve what is said of {loop_uid}", do="docs/states.md: approve")
    return _different(checkers)


def _different(checkers: list[Somebody]) -> list[str]:
    codes = list(dict.fromkeys(one.code for one in checkers))
    if len(codes) < len(checkers):
        raise NotAllowed("one person gave both approvals", do="two different people check a wording")
    return codes


def _decided_on(work: Workplace, loop_uid: str) -> date:
    with reading(work.store) as session:
        day = session.get_one(Loop, loop_uid).decided_on
    if day is None:
        raise MoveRefused(f"nothing is decided about {loop_uid}", do="a wording says in other words what was decided")
    return day


def _write(folder: Path, path: Path, text: str) -> None:
    """What would make the configuration unreadable is taken out again, and what stood there before is put back."""
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    try:
        read_configuration(folder)
    except ConfigurationError:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")
        raise
