"""The practice digest, every six weeks: a page, and a message in the practitioners' channel, once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from config.directory import Person
from heardback.domain.measures.period import Period
from heardback.domain.practice import practice_loops, weeks_before
from heardback.domain.words import Outcome
from heardback.errors import NotFound
from heardback.messages.practice import PracticeSummary, practice_message
from heardback.reports.entries import BoardEntry, sort_out
from heardback.reports.practice import PracticeContent, write_practice
from heardback.store.session import reading
from tasks.board import board_entries
from tasks.channels import post_once
from tasks.past import past_of
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

READERS = Person(name="Practitioners", role="", email="practice@channel")


@dataclass(frozen=True)
class PracticeWritten:
    """The digest's page, the weeks it is about, how many answers it shows, and what became of its message."""

    paths: list[Path]
    weeks: str
    shown: int
    unchecked: int
    told: str = ""


@step(retries=2)
def write_digest(as_of: date, out: str, at: datetime | None = None) -> PracticeWritten:
    """Write the digest of the last whole six weeks before a day; post it where practitioners have a channel.

    It is known as at the end of those weeks, so any later day writes the same page; what was flagged since is gone from
    it. Posted once for the weeks, and only while they are the newest. Raises NotFound where no weeks are over yet.
    """
    made = at or datetime.now(UTC)
    with open_workplace() as work:
        policy = work.council.policy.report
        weeks = weeks_before(as_of, policy.practice_from, policy.practice_weeks)
        if weeks is None:
            do = "report.practice_from in policy.yaml is the day from which they are counted"
            raise NotFound(f"no {policy.practice_weeks} weeks are over yet", where=f"{as_of}", do=do)
        with reading(work.store) as session:
            content = _content(session, work, weeks)
        path = write_practice(Path(out), content)
        newest = weeks_before(made.date(), policy.practice_from, policy.practice_weeks)
        told = _tell(work, content, path, made) if policy.practice_channel and weeks == newest else ""
    return PracticeWritten([path], weeks.words, len(content.answered), content.unchecked, told)


def _content(session: Session, work: Workplace, weeks: Period) -> PracticeContent:
    past = past_of(session, work.council, weeks.last)
    found = practice_loops(past.named, weeks)
    entries = board_entries(session, past, work.council, {*found.answered, *found.untold, *found.promised})
    shown, _ = sort_out(entries)
    by_number = {entry.loop_uid: entry for entry in shown}

    def those(numbers: tuple[str, ...]) -> tuple[BoardEntry, ...]:
        return tuple(by_number[uid] for uid in numbers if uid in by_number)

    answered = those(found.answered)
    return PracticeContent(
        council=work.council.directory.council,
        weeks=weeks,
        answered=answered,
        untold=those(found.untold),
        promised=those(found.promised),
        unchecked=len(found.answered) - len(answered),
    )


def _tell(work: Workplace, content: PracticeContent, path: Path, at: datetime) -> str:
    def titles(entries: tuple[BoardEntry, ...]) -> tuple[str, ...]:
        return tuple(f"{entry.loop_uid}, {entry.title}" for entry in entries)

    refused = tuple(entry for entry in content.answered if entry.outcome == Outcome.CANNOT)
    changed = tuple(entry for entry in content.answered if entry.outcome != Outcome.CANNOT)
    weeks = content.weeks
    summary = PracticeSummary(weeks.label, weeks.words, titles(changed), titles(refused), titles(content.untold))
    message = practice_message(summary, READERS, content.council, path.name)
    return post_once(work, work.council.policy.report.practice_channel, weeks.label, message, at)
