"""Staff's own notes of what was decided and how people were told, brought into the ledger from a file of lines."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.directory import Directory
from heardback.domain.deadlines import Calendar, england
from heardback.domain.lifecycle import Role
from heardback.domain.words import Standing
from heardback.errors import LedgerError, NotFound, Unreadable
from heardback.ledger import Actor, Ledger
from heardback.store import Comment, Loop, Membership, Pull, Revision
from heardback.store.access import NOT_A_CONCERN, note_readings
from heardback.store.matches import judge
from heardback.store.session import transaction
from tasks.step import step
from tasks.workplace import open_workplace

TAKEN_ON_AFTER = 2  # working days, where the notes do not say when a loop was taken on


class Place(BaseModel):
    """One comment, by the row of the file in which it was said."""

    model_config = ConfigDict(extra="forbid")
    source: str
    file: str
    row: int
    question: str


class Told(BaseModel):
    """How, where, to whom and when people were told."""

    model_config = ConfigDict(extra="forbid")
    how: str
    where: str
    whom: str = ""
    on: date


class Reading(BaseModel):
    """One line of the notes: a comment that somebody has read, and that needs less, or more, than was thought."""

    model_config = ConfigDict(extra="forbid")
    read: Place
    outcome: Literal["not_a_concern", "not_a_complaint", "needs_no_answer"]
    reason: str
    on: date


class Entry(BaseModel):
    """One line of the notes: the comments that say the same thing, and what came of them."""

    model_config = ConfigDict(extra="forbid")
    comments: list[Place] = Field(min_length=1)
    title: str
    change: str | None = None
    outcome: str
    wording: str
    reason: str = ""
    decided_on: date
    by_date: date | None = None
    kept_on: date | None = None
    told: Told | None = None
    agreed: str | None = None
    approved: dict[Literal["identifying_details_removed", "cleared_for_disclosure"], str] = Field(
        default={}, description="who approved what before it went on the board, by their short name in services.yaml"
    )


@dataclass(frozen=True)
class JournalReport:
    """How many lines were recorded, and why the others were not, each with its line number."""

    recorded: int
    refused: list[str]


@step()
def record_journal(path: str, at: datetime) -> JournalReport:
    """Record each line as its owner's moves; a line that the ledger refuses leaves no trace and is named."""
    entries = read_journal(Path(path))
    refused: list[str] = []
    with open_workplace() as work, transaction(work.store) as session:
        scribe = _Scribe(session, work.council.directory, england(), at)
        for line, entry in entries:
            try:
                with session.begin_nested():
                    scribe.sort(entry) if isinstance(entry, Reading) else scribe.record(entry)
            except (LedgerError, NotFound) as refusal:
                refused.append(f"{path}:{line}: {refusal}")
    return JournalReport(len(entries) - len(refused), refused)


def read_journal(path: Path) -> list[tuple[int, Entry | Reading]]:
    """The entries of a file of JSON lines, with their line numbers. Raises NotFound or Unreadable."""
    if not path.exists():
        raise NotFound("the file does not exist", where=str(path))
    entries: list[tuple[int, Entry | Reading]] = []
    # Lines end where JSON says that they do: a text may hold the other separators that `splitlines` knows.
    for line, text in enumerate(_text_of(path).split("\n"), start=1):
        if not text.strip():
            continue
        try:
            content = json.loads(text)
            model = Reading if isinstance(content, dict) and "read" in content else Entry
            entries.append((line, model.model_validate(content)))
        except json.JSONDecodeError as error:
            raise Unreadable(f"not JSON: {error.msg}", where=f"{path}:{line}") from None
        except ValidationError as error:
            problem = error.errors()[0]
            key = ".".join(str(part) for part in problem["loc"])
            raise Unreadable(f"'{key}': {problem['msg']}", where=f"{path}:{line}") from None
    return entries


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("the file is not UTF-8", where=str(path), do="save it as UTF-8") from None


@dataclass
class _Scribe:
    """Writes entries into the ledger in the name of the services' own people."""

    session: Session
    directory: Directory
    calendar: Calendar
    at: datetime
    ledgers: dict[Actor, Ledger] = field(default_factory=dict)

    def sort(self, reading: Reading) -> None:
        """Bring back what was set aside without need, or set aside what asks for nothing."""
        loop_uid = self._loop_of(reading.read)
        loop = self.session.get_one(Loop, loop_uid)
        owner = self.directory.owner_of(loop.service_code, kept_from_service=loop.kept_from_service)
        if reading.outcome == NOT_A_CONCERN:
            lead = self.directory.safeguarding_lead
            note_readings(
                self.session, [self._comment_at(reading.read)[0]], loop_uid, self.at, self._name(lead), NOT_A_CONCERN,
                reading.reason,
            )  # fmt: skip
        person, role, move = {
            "not_a_concern": (self.directory.safeguarding_lead, Role.SAFEGUARDING_LEAD, "release"),
            "not_a_complaint": (
                self.directory.complaints_manager_of(loop.service_code), Role.COMPLAINTS_MANAGER, "return",
            ),
            "needs_no_answer": (owner, Role.SERVICE_MANAGER, "set_aside"),
        }[reading.outcome]  # fmt: skip
        self._ledger(person, role).move(loop_uid, move, on=reading.on, reason=reading.reason)

    def record(self, entry: Entry) -> None:
        """Take on, merge, decide, approve, tell and keep, as the entry says."""
        loops = list(dict.fromkeys(self._loop_of(place) for place in entry.comments))
        loop = self.session.get_one(Loop, loops[0])
        owner = self.directory.owner_of(loop.service_code, kept_from_service=loop.kept_from_service)
        ledger = self._ledger(owner, Role.SERVICE_MANAGER)
        taken_on = self._taken_on(loops, entry.decided_on)
        ledger.merge(loops[0], loops[1:], on=taken_on, reason="they say the same")
        ledger.move(loops[0], "own", on=taken_on, owner=owner)
        ledger.move(loops[0], "describe", on=taken_on, title=entry.title)
        self._decide(ledger, loops[0], entry, owner)
        self._follow_up(ledger, loops[0], entry)

    def _decide(self, ledger: Ledger, loop_uid: str, entry: Entry, owner: str) -> None:
        if entry.change:
            ledger.move(loop_uid, "match", on=entry.decided_on, change=entry.change)
            judge(self.session, loop_uid, entry.change, Standing.CONFIRMED, self._name(owner), self.at)
        details: dict[str, Any] = {"outcome": entry.outcome, "wording": entry.wording}
        if entry.by_date:
            details["by_date"] = entry.by_date
        ledger.move(loop_uid, "decide", on=entry.decided_on, reason=entry.reason, **details)
        for approval, person in entry.approved.items():  # nobody approves what the notes do not say they approved (G7)
            role = Role.SERVICE_MANAGER if person == owner else Role.PARTICIPATION_OFFICER
            self._ledger(self._known(person), role).move(loop_uid, "approve", on=entry.decided_on, approval=approval)

    def _follow_up(self, ledger: Ledger, loop_uid: str, entry: Entry) -> None:
        told = entry.told
        if told:
            ledger.move(loop_uid, "tell", on=told.on, how=told.how, where=told.where, whom=told.whom)
        if told and entry.agreed == "yes":
            ledger.move(loop_uid, "agree", on=told.on)
        if told and entry.agreed == "no":
            ledger.move(loop_uid, "reopen", on=told.on, reason="those told say that it does not answer them")
        elif entry.kept_on:
            ledger.move(loop_uid, "keep", on=max(entry.kept_on, told.on) if told else entry.kept_on)

    def _ledger(self, person: str, role: Role) -> Ledger:
        actor = Actor(self._name(person), role)
        return self.ledgers.setdefault(actor, Ledger(self.session, actor, self.at))

    def _known(self, person: str) -> str:
        if person not in self.directory.people:
            raise NotFound(f"'{person}' is nobody in services.yaml", do="give the short name under `people`")
        return person

    def _name(self, person: str) -> str:
        return self.directory.people[person].name

    def _taken_on(self, loops: list[str], decided_on: date) -> date:
        """Two working days after the last of them was heard, and no later than the decision."""
        heard = max(self.session.get_one(Loop, loop_uid).heard_to for loop_uid in loops)
        return max(heard, min(decided_on, self.calendar.add_working_days(heard, TAKEN_ON_AFTER)))

    def _loop_of(self, place: Place) -> str:
        return self._comment_at(place)[1]

    def _comment_at(self, place: Place) -> tuple[str, str]:
        """The comment at a place and the loop it is in. Raises NotFound."""
        query = (
            select(Comment.comment_uid, Membership.loop_uid)
            .join(Comment, Comment.comment_uid == Membership.comment_uid)
            .join(Revision, Revision.response_uid == Comment.response_uid)
            .join(Pull, Pull.pull_uid == Revision.pull_uid)
            .where(Pull.source_id == place.source, Pull.file_name == place.file, Revision.row_number == place.row)
            .where(Comment.question_code == place.question, Membership.left_on.is_(None))
        )
        found = self.session.execute(query).first()
        if found is None:
            raise NotFound("no comment landed from here", where=f"{place.file}, row {place.row}, {place.question}")
        return found[0], found[1]
