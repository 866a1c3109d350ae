"""A group's own list for its next meeting; that it was told there is recorded, and makes its loops told."""

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from config.council import Council
from config.directory import Group
from heardback.domain.measures.past_loops import PastLoop, Told
from heardback.domain.told_back import loops_of_group
from heardback.domain.words import LoopState, Telling
from heardback.errors import NotFound
from heardback.reports.entries import BoardEntry, sort_out
from heardback.reports.in_other_words import write_list_in
from heardback.reports.told_back import ToldBack, Waiting, write_told_back
from heardback.store.consent import without_consent
from heardback.store.deadlines import last_marked, set_mark
from heardback.store.session import reading, transaction
from tasks.board import board_entries
from tasks.door import refusal_on_record
from tasks.loops import By
from tasks.past import by_number, names_of, past_of, role_of
from tasks.posting import Posted, tell_all
from tasks.step import step
from tasks.wordings import other_words
from tasks.workplace import Workplace, open_workplace

NOON = time(12)
STANDING = {
    LoopState.HEARD: "Nobody has taken it on yet.",
    LoopState.OWNED: "{role} is working on it.",
    LoopState.MATCHED: "{role} is checking what may answer it.",
    LoopState.REOPENED: "We answered, and the answer did not hold. {role} is looking again.",
}


@dataclass(frozen=True)
class ListWritten:
    """A list's files, and what is on it: answers shown and kept off (with the reasons), loops that wait."""

    paths: list[Path]
    since: date | None
    shown: list[str]
    kept_off: dict[str, str]
    waiting: list[str]


@step(retries=2)
def write_list(group: str, as_of: date, out: str, since: date | None = None, version: str = "") -> ListWritten:
    """Write the list of a group into a folder, since its last meeting on record where no day is given.

    With `version` its answers in other words stand in a file beside it. The same database, days and group give the
    same bytes. Raises NotFound where there is no such group or version, or no font has the version's letters.
    """
    with open_workplace() as work:
        words = other_words(work.council, version, as_of) if version else None
        with reading(work.store) as session:
            told = _list(session, work, group, as_of, since)
        paths = write_told_back(Path(out), group, told)
        if words:
            paths += write_list_in(Path(out), group, told.group, told.entries, words)
    shown, kept_off = sort_out(told.entries)
    return ListWritten(
        paths,
        told.since,
        [entry.loop_uid for entry in shown],
        {refusal.loop_uid: refusal.reason for refusal in kept_off},
        [loop.loop_uid for loop in told.waiting],
    )


@step(retries=2)
def record_meeting(group: str, where: str, by: By, at: datetime, since: date | None = None) -> Posted:
    """Note that a group was told its list at its meeting on `by.on`: the answers on it are told. Twice is once.

    Raises NotFound where there is no such group, NotAllowed where the role is not theirs.
    """
    with (
        open_workplace() as work,
        refusal_on_record(work, by.name, at, "told-back --met", group),
        transaction(work.store) as session,
    ):
        on, named = by.on or at.date(), _group(work, group)
        past = past_of(session, work.council, on)
        told = _list(session, work, group, on, since)
        shown, _ = sort_out(told.entries)
        loops = by_number(session, past, [entry.loop_uid for entry in shown])
        posted = tell_all(session, work, loops, Told(Telling.SESSION, where, named.name, on), by, at)
        set_mark(session, f"{_met(group)}{on}", _on_the_clock(work, on, NOON))
    return posted


def _list(session: Session, work: Workplace, code: str, as_of: date, since: date | None) -> ToldBack:
    group, council = _group(work, code), work.council
    day = since or _last_meeting(session, work, code, as_of)
    past = past_of(session, council, as_of)
    own = loops_of_group(past.named, past.voices, group.sources, group.services, day)
    unwilling = without_consent(session)
    waiting = [loop for loop in by_number(session, past, own.waiting) if loop.loop_uid not in unwilling]
    titled = [loop for loop in waiting if loop.title.strip()]
    return ToldBack(
        council=council.directory.council,
        group=group.name,
        as_of=as_of,
        since=day,
        entries=tuple(_in_order(board_entries(session, past, council, own.answered), own.answered)),
        waiting=tuple(_waiting(loop, council) for loop in titled),
        untitled=len(own.waiting) - len(titled),
        new=own.new if day else frozenset(),
    )


def _in_order(entries: list[BoardEntry], wanted: tuple[str, ...]) -> list[BoardEntry]:
    places = {uid: place for place, uid in enumerate(wanted)}
    return sorted(entries, key=lambda entry: places[entry.loop_uid])


def _waiting(loop: PastLoop, council: Council) -> Waiting:
    service = names_of(council).get(loop.service_code, loop.service_code)
    standing = STANDING[LoopState(loop.state)].format(role=role_of(loop, council.directory))
    return Waiting(loop.loop_uid, service, loop.title, loop.heard_from, standing)


def _group(work: Workplace, code: str) -> Group:
    groups = {group.code: group for group in work.council.directory.groups}
    if code not in groups:
        known = ", ".join(sorted(groups)) or "none yet: add `groups` to services.yaml"
        raise NotFound(f"there is no group '{code}'", where="services.yaml", do=f"one of: {known}")
    return groups[code]


def _met(group: str) -> str:
    """What the marks of a group's meetings begin with: each has a mark of its own, so that none hides another."""
    return f"met: {group} "


def _on_the_clock(work: Workplace, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(work.council.policy.timezone))


def _last_meeting(session: Session, work: Workplace, group: str, as_of: date) -> date | None:
    """The day of the last meeting on record before a day, whatever was recorded of that day or of later ones."""
    last = last_marked(session, _met(group), _on_the_clock(work, as_of, time()))
    return last.astimezone(ZoneInfo(work.council.policy.timezone)).date() if last else None
