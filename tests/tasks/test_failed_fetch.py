"""What could not be fetched leaves a trace, and is asked for again whatever landed behind it (G1, G3)."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from heardback.errors import HeardbackError, SourceUnavailable, StillArriving
from heardback.sources.connector import Fetched
from heardback.store import SourceState
from heardback.store.session import reading
from tasks import pull as pulling
from tasks.pull import SourceReport
from tasks.status import status
from tests.council import change_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("quick_gate")
BROKEN = SourceUnavailable("the tool is busy or broken: it answers 500", where="tool.example", do="pull again later")


@dataclass(frozen=True)
class MadeDrop:
    """What one drop of a tool hands over, or fails with."""

    name: str
    found: bytes | HeardbackError
    cursor: str = ""

    def fetch(self) -> Fetched:
        if isinstance(self.found, HeardbackError):
            raise self.found
        return Fetched(self.found, self.cursor)


def a_csv(*rows: object) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))  # type: ignore[call-overload]
    writer.writeheader()
    writer.writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()


def pulled(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, drops: Sequence[MadeDrop], feed: str = "exit", days: int = 0
) -> SourceReport:
    """A pull of what a tool has to offer, instead of the files in the inbox."""
    with monkeypatch.context() as instead:
        instead.setattr(pulling, "drops_of", lambda _: drops)
        return desk.pull_all(feed, NOW + timedelta(days=days))


def state_of(desk: Desk, feed: str = "exit") -> SourceState:
    with reading(desk.store) as session:
        return session.get_one(SourceState, feed)


FIRST = MadeDrop("1", a_csv(exit_row(1, "The room is freezing")), "c1")
SECOND = MadeDrop("2", a_csv(exit_row(2, "More pizza please")), "c2")
THIRD = MadeDrop("3", a_csv(exit_row(3, "Less noise please")), "c3")


def gone(drop: MadeDrop, error: HeardbackError = BROKEN) -> MadeDrop:
    return MadeDrop(drop.name, error, drop.cursor)


@pytest.fixture
def appending(sqlite_desk: Desk) -> Desk:
    sqlite_desk.configure(sources={"exit": {"mode": "append"}})
    return sqlite_desk


def test_a_failed_fetch_is_an_event_and_a_reason_and_moves_nothing(
    appending: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled(appending, monkeypatch, [FIRST])
    report = pulled(appending, monkeypatch, [gone(SECOND)], days=1)
    assert (report.failed, report.errors) == (True, [f"exit: {BROKEN}"])
    state = state_of(appending)
    assert (state.cursor, state.last_error, state.checked_at) == ("c1", str(BROKEN), NOW + timedelta(days=1))
    assert state.landed_at == NOW
    assert appending.events().count("pull.failed") == 1
    assert len(appending.pulls()) == 1


def test_what_lands_behind_a_failure_does_not_move_the_cursor_past_it(
    appending: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = pulled(appending, monkeypatch, [FIRST, gone(SECOND), THIRD])
    assert [file.status for file in report.files] == ["landed", "failed", "landed"]
    assert state_of(appending).cursor == "c1"
    mended = pulled(appending, monkeypatch, [SECOND, THIRD], days=1)
    assert [file.status for file in mended.files] == ["landed", "unchanged"]
    assert (state_of(appending).cursor, state_of(appending).last_error) == ("c3", "")
    assert appending.texts() == ["Less noise please", "More pizza please", "The room is freezing"]
    assert problems_of(appending.store) == []


def test_a_drop_that_cannot_be_read_holds_the_cursor_too(appending: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    unreadable = MadeDrop("2", b"%PDF-1.7", "c2")
    report = pulled(appending, monkeypatch, [FIRST, unreadable, THIRD])
    assert [file.status for file in report.files] == ["landed", "failed", "landed"]
    assert (state_of(appending).cursor, "PDF" in state_of(appending).last_error) == ("c1", True)


def test_bytes_that_landed_before_do_not_move_the_cursor_past_a_failure_either(
    appending: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled(appending, monkeypatch, [FIRST])
    again = MadeDrop("again", FIRST.found, "c9")
    pulled(appending, monkeypatch, [gone(SECOND), again], days=1)
    assert state_of(appending).cursor == "c1"
    pulled(appending, monkeypatch, [again], days=2)
    assert state_of(appending).cursor == "c9"


def test_a_file_that_is_still_being_written_is_no_failure_and_waits(
    appending: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = gone(SECOND, StillArriving("changed a moment ago", where="2"))
    report = pulled(appending, monkeypatch, [FIRST, waiting, THIRD])
    assert [file.status for file in report.files] == ["landed", "arriving", "landed"]
    assert not report.failed
    assert (state_of(appending).cursor, state_of(appending).last_error) == ("c1", "")
    assert "pull.failed" not in appending.events()


def test_a_register_leaves_the_same_trace(sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    landed = MadeDrop("1", a_csv(change_row(1)), "c1")
    report = pulled(sqlite_desk, monkeypatch, [gone(landed), landed], feed="log")
    assert [file.status for file in report.files] == ["failed", "landed"]
    state = state_of(sqlite_desk, "log")
    assert (state.cursor, state.last_error) == ("", str(BROKEN))
    assert sqlite_desk.events().count("pull.failed") == 1


def test_a_folder_that_is_gone_is_shown_by_status_until_a_pull_succeeds(desk: Desk) -> None:
    assert desk.pull_all().failed
    assert desk.events() == ["pull.failed"]

    def line() -> tuple[str, str]:
        found = next(line for line in status(NOW).sources if line["source"] == "exit")
        return found["last_status"], found["error"]

    assert line()[0] == "failed"
    assert "the folder does not exist" in line()[1]
    desk.pull(exit_row(1, "The room is freezing"))
    assert line() == ("landed", "")
    desk.drop("exit", exit_row(1, "The room is freezing")).unlink()
    assert desk.pull_all().failed
    assert line()[0] == "failed"
