"""A case-management system's view, for the contract: a SQLite file; test_sql.py plays PostgreSQL as well."""

import os
from pathlib import Path
from tempfile import gettempdir
from types import TracebackType
from typing import Any

from sqlalchemy import Engine, create_engine, event, text

from tests.sources.connectors.contract import Case

FILE = Path(gettempdir()) / f"heardback-view-{os.getpid()}.db"
SECRET = "HEARDBACK_SECRET_VIEW"  # noqa: S105 - a name
QUERY = "SELECT ref, said AS improve, heard_on AS date FROM heard"
WORDS = "The waiting room is freezing"


class View:
    """`asked` are the statements that come to any database while this one is there."""

    words = WORDS

    def __init__(self) -> None:
        self.asked: list[str] = []

    def say(self, ref: str, said: str) -> None:
        engine = create_engine(f"sqlite:///{FILE}")
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS heard (ref TEXT, said TEXT, heard_on DATE)"))
            connection.execute(text("INSERT INTO heard VALUES (:r, :s, '2026-09-01')"), {"r": ref, "s": said})
        engine.dispose()

    def misbehave(self, trouble: str, *, after: int = 0, times: int = 1000) -> None:
        """A file has no moods."""

    def __enter__(self) -> "View":
        FILE.unlink(missing_ok=True)
        self.say("B-2", "more pizza")
        self.say("A-1", WORDS)
        event.listen(Engine, "before_cursor_execute", self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)
        FILE.unlink()

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.asked.append(statement)


CASE = Case(
    name="sql",
    play=View,
    connect=lambda _view: {"url": SECRET, "query": QUERY, "key": "ref"},
    secrets={SECRET: f"sqlite:///{FILE}"},
    rows=[
        {"ref": "A-1", "improve": WORDS, "date": "2026-09-01"},
        {"ref": "B-2", "improve": "more pizza", "date": "2026-09-01"},
    ],
    later=lambda view: view.say("C-3", "a second bus stop"),
    added={"ref": "C-3", "improve": "a second bus stop"},
)
