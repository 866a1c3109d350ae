"""The public You Said, We Did board: only answers that two people approved, never a flagged one (G7, G8)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from config.council import Council
from config.directory import Directory
from heardback.domain.measures.past_loops import PastLoop, answered, closed
from heardback.domain.measures.readability import AIM, reading_age
from heardback.domain.words import LoopState, Outcome
from heardback.errors import NotFound
from heardback.reports.board import BoardAbout, BoardEntry, Refusal, sort_out, write_board
from heardback.reports.entries import Approval
from heardback.reports.in_other_words import write_posters_in
from heardback.reports.posters import write_posters
from heardback.store.consent import without_consent
from heardback.store.session import reading
from tasks.past import Past, by_number, names_of, past_of, role_of, where_told
from tasks.step import step
from tasks.wordings import other_words
from tasks.workplace import open_workplace


@dataclass(frozen=True)
class BoardWritten:
    """A board's files, how many answers it shows, and every answered loop that it does not, with the reason.

    `hard_to_read` has the reading age, in years, of each shown answer that wants too old a reader.
    """

    paths: list[Path]
    shown: int
    refused: list[Refusal]
    hard_to_read: dict[str, float] = field(default_factory=dict)


@step(retries=2)
def write_public_board(as_of: date, out: str) -> BoardWritten:
    """Write the board into a folder. The same database and day give the same bytes."""
    with open_workplace() as work:
        with reading(work.store) as session:
            past = past_of(session, work.council, as_of)
            entries = board_entries(session, past, work.council)
        shown, refused = sort_out(entries)
        about = _about(past, work.council)
        paths = write_board(Path(out), entries, about, work.council.wordings) + write_posters(
            Path(out) / "posters", entries, about
        )
    return BoardWritten(paths, len(shown), refused + _taken_back(past), hard_to_read(shown))


@step(retries=2)
def write_posters_of(version: str, as_of: date, out: str) -> list[Path]:
    """Write the posters in one version of wordings.yaml into a folder, for each service that has an answer in it.

    Raises NotFound where there is no such version, nothing is written in it, or no font has its letters.
    """
    with open_workplace() as work:
        words = other_words(work.council, version, as_of)
        with reading(work.store) as session:
            past = past_of(session, work.council, as_of)
            entries = board_entries(session, past, work.council)
        paths = write_posters_in(Path(out), entries, words)
    if not paths:
        raise NotFound(f"no answer on the board is written in '{version}'", do="heardback board-wording keeps one")
    return paths


def board_entries(
    session: Session, past: Past, council: Council, only: Collection[str] | None = None
) -> list[BoardEntry]:
    """An entry for every answered loop that nobody took back; whether it may be shown is for `sort_out` to say.

    `only` these where given.
    """
    names, unwilling = names_of(council), without_consent(session)
    wanted = None if only is None else frozenset(only)
    standing = [
        uid
        for uid in answered(past.loops)["loop_uid"]
        if uid not in past.taken_back and (wanted is None or uid in wanted)
    ]
    return [
        replace(
            _entry(loop, names, council.directory),
            flagged=loop.loop_uid in past.flagged,
            consented=loop.loop_uid not in unwilling,
        )
        for loop in by_number(session, past, standing)
    ]


def _entry(loop: PastLoop, names: Mapping[str, str], directory: Directory) -> BoardEntry:
    """What a loop says of itself."""
    return BoardEntry(
        loop_uid=loop.loop_uid,
        service=names.get(loop.service_code, loop.service_code),
        title=loop.title,
        outcome=loop.outcome,
        wording=loop.wording,
        decided_on=loop.decided_on,
        owner_role=role_of(loop, directory) if loop.owner else "",
        by_date=loop.promise_by,
        kept_on=loop.promise_kept_on,
        told=where_told(loop.told),
        voices=loop.voices,
        because=loop.reason if loop.outcome == Outcome.PARTLY else "",
        agreed=True if loop.state == LoopState.AGREED else None,
        approvals=tuple(Approval(what, by) for what, by in loop.approvals),
    )


def hard_to_read(shown: Sequence[BoardEntry]) -> dict[str, float]:
    """A warning and no refusal: whether an answer can be said more simply is for people to decide."""
    ages = {entry.loop_uid: reading_age(entry.wording) for entry in shown}
    return {uid: age for uid, age in sorted(ages.items()) if age > AIM}


def _about(past: Past, council: Council) -> BoardAbout:
    """Whoever has not been told still waits, whether or not it was decided."""
    told = closed(past.loops)
    return BoardAbout(
        council=council.directory.council,
        as_of=past.as_of,
        heard=len(past.loops),
        open=len(past.loops) - len(told),
        closed=len(told),
        refused=int((told["outcome"] == Outcome.CANNOT.value).sum()),
    )


def _taken_back(past: Past) -> list[Refusal]:
    gone = (uid for uid in answered(past.loops)["loop_uid"] if uid in past.taken_back)
    return [Refusal(loop_uid, "it has been withdrawn or diverted since") for loop_uid in gone]
