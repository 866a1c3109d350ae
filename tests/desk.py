"""A small council at work: files dropped and pulled as the data team would, and what is on record afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, Select, func, select

from heardback.landing.account import FileReport
from heardback.ledger import Actor, Ledger
from heardback.store import Comment, HistoryEntry, Loop, Membership, OutboxEvent, Pull, Response, Revision
from heardback.store.reconciliation import balance, orphans
from heardback.store.session import reading, transaction
from heardback.store.verification import find_tampering
from tasks.pull import SourceReport, pull_register, pull_source
from tests.council import Row, drop, write_council
from tests.factories import MANAGER, NOW

Value = TypeVar("Value")


@dataclass(frozen=True)
class Desk:
    """`folder` holds config, inbox and home; `store` is the council's database."""

    folder: Path
    store: Engine

    def configure(self, **extra: Any) -> None:
        """Another configuration from now on, as `write_council` takes it."""
        write_council(self.folder, **extra)

    def drop(self, feed: str, *rows: Row, name: str = "export-1.csv") -> Path:
        """Put an export where its feed looks for it."""
        return drop(self.folder, feed, rows, name)

    def pull_all(self, feed: str = "exit", at: datetime = NOW) -> SourceReport:
        """Pull a source, or the register `log`."""
        return pull_register(feed, at) if feed == "log" else pull_source(feed, at)

    def pull(self, *rows: Row, feed: str = "exit", name: str = "export-1.csv", at: datetime = NOW) -> FileReport:
        """Drop an export where rows are given, pull its feed, and return what became of the last file."""
        if rows:
            self.drop(feed, *rows, name=name)
        return self.pull_all(feed, at).files[-1]

    def move(self, loop_uid: str, name: str, actor: Actor = MANAGER, at: datetime = NOW, **details: Any) -> None:
        """One move of a loop."""
        with transaction(self.store) as session:
            Ledger(session, actor, at).move(loop_uid, name, **details)

    def answer(self, loop_uid: str, *, told: bool = False) -> None:
        """Own, decide and, where wanted, tell."""
        self.move(loop_uid, "own", owner="amira", on=date(2026, 9, 4))
        self.move(loop_uid, "decide", outcome="done", wording="We put a heater in.", on=date(2026, 9, 21))
        if told:
            self.move(loop_uid, "tell", how="board", where="Reception", on=date(2026, 9, 30))

    def loop_of(self, words: str) -> Loop:
        """The loop of the one comment whose words begin so."""
        with reading(self.store) as session:
            query = (
                select(Loop)
                .join(Membership, Membership.loop_uid == Loop.loop_uid)
                .join(Comment, Comment.comment_uid == Membership.comment_uid)
                .where(Membership.left_on.is_(None), Comment.text.startswith(words))
            )
            return session.scalars(query).one()

    def loop(self, loop_uid: str) -> Loop:
        """A loop by its number."""
        with reading(self.store) as session:
            return session.get_one(Loop, loop_uid)

    def ask(self, query: Select[tuple[Value]]) -> list[Value]:
        """What a query of one column finds, in its order."""
        with reading(self.store) as session:
            return list(session.scalars(query))

    def states(self) -> list[str]:
        """The states of all loops, by number."""
        return self.ask(select(Loop.state).order_by(Loop.loop_uid))

    def texts(self) -> list[str]:
        """All the words on record, in alphabetical order."""
        return sorted(self.ask(select(Comment.text)))

    def moves(self, loop_uid: str) -> list[str]:
        """The moves of a loop, in their order."""
        query = select(HistoryEntry.move).where(HistoryEntry.loop_uid == loop_uid)
        return self.ask(query.order_by(HistoryEntry.sequence))

    def fates(self) -> list[tuple[str, str]]:
        """Fate and reason of every row that landed, by record id and revision."""
        with reading(self.store) as session:
            query = (
                select(Revision.fate, Revision.reason)
                .join(Response, Response.response_uid == Revision.response_uid)
                .order_by(Response.source_record_id, Revision.revision)
            )
            return [(fate, reason) for fate, reason in session.execute(query)]

    def events(self) -> list[str]:
        """The names of all events, in their order."""
        return self.ask(select(OutboxEvent.name).order_by(OutboxEvent.event_id))

    def pulls(self) -> list[Pull]:
        """Every pull on record, by its id."""
        return self.ask(select(Pull).order_by(Pull.pull_uid))

    def count(self, table: Any) -> int:
        """How many rows a table has."""
        with reading(self.store) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


def problems_of(store: Engine) -> list[str]:
    """Everything that reconciling, verifying and counting voices find wrong; empty where all is sound."""
    with reading(store) as session:
        found = [f"{account.pull_uid}: {problem}" for account in balance(session) for problem in account.problems]
        found += orphans(session) + [str(place) for place in find_tampering(session)]
        homes = select(Membership.comment_uid).where(Membership.left_on.is_(None))
        if sorted(session.scalars(homes)) != sorted(session.scalars(select(Comment.comment_uid))):
            found.append("a comment is not in exactly one loop")
        voices = dict(
            session.execute(
                select(Membership.loop_uid, func.count())
                .where(Membership.left_on.is_(None))
                .group_by(Membership.loop_uid)
            )
            .tuples()
            .all()
        )
        return found + _miscounted(session.scalars(select(Loop)).all(), voices)


def _miscounted(loops: Sequence[Loop], voices: dict[str, int]) -> list[str]:
    return [
        f"{loop.loop_uid}: {loop.voices} voices on record, {voices.get(loop.loop_uid, 0)} in it"
        for loop in loops
        if loop.state != "merged" and loop.voices != voices.get(loop.loop_uid, 0)
    ]


@contextmanager
def desk_at(folder: Path, store: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Steps find this council by the environment until the block ends."""
    with monkeypatch.context() as environment:
        environment.setenv("HEARDBACK_HOME", str(folder / "home"))
        environment.setenv("HEARDBACK_CONFIG", str(write_council(folder)))
        environment.setenv("HEARDBACK_DATABASE_URL", database_url)
        for name in ("HEARDBACK_SLACK_TOKEN", "HEARDBACK_SLACK_URL"):
            environment.delenv(name, raising=False)
        yield Desk(folder, store)
