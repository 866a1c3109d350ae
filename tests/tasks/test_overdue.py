"""A deadline that passes is one event, and the days that do not count do not count."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from heardback.domain.deadlines import england
from heardback.store import OutboxEvent
from heardback.store.session import reading
from tasks.due import loops_owed
from tasks.overdue import note_overdue
from tasks.workplace import open_workplace
from tests.council import SERVICES, exit_row
from tests.desk import Desk
from tests.factories import MANAGER

pytestmark = pytest.mark.usefixtures("quick_gate")
HEARD = date(2026, 9, 1)  # a Tuesday: own within five working days, by 8 September; decide within twenty, by the 29th


def at(day: int, month: int = 9) -> datetime:
    return datetime(2026, month, day, 10, 0, tzinfo=UTC)


@pytest.fixture
def waiting(sqlite_desk: Desk) -> Desk:
    sqlite_desk.pull(exit_row(1, "The room is freezing"), at=at(2))
    return sqlite_desk


def events(desk: Desk) -> list[tuple[str, str]]:
    with reading(desk.store) as session:
        query = select(OutboxEvent).where(OutboxEvent.name.in_(["loop.overdue", "promise.broken"]))
        return [(one.name, one.resource) for one in session.scalars(query.order_by(OutboxEvent.event_id))]


def due(desk: Desk, when: datetime) -> tuple[date, int]:
    with open_workplace() as work, reading(work.store) as session:
        (loop,) = loops_owed(session, work.council, when, england()).to_dict("records")
        return loop["due_on"], loop["overdue_days"]


def test_each_deadline_that_passes_is_one_event_however_often_it_is_looked_at(waiting: Desk) -> None:
    assert note_overdue(at(8)) == {"loop.overdue": 0, "promise.broken": 0}
    assert note_overdue(at(9)) == {"loop.overdue": 1, "promise.broken": 0}
    for day in (9, 10, 15):
        assert note_overdue(at(day))["loop.overdue"] == 0
    waiting.move("L-0001", "own", owner="amira", at=at(15))
    assert note_overdue(at(29))["loop.overdue"] == 0  # the decision is due on this day
    assert note_overdue(at(30))["loop.overdue"] == 1
    assert events(waiting) == [("loop.overdue", "heardback.loop.L-0001")] * 2


def test_a_promise_that_was_not_kept_by_its_date_is_broken_once(waiting: Desk) -> None:
    waiting.move("L-0001", "own", owner="amira", at=at(3))
    waiting.move("L-0001", "decide", at=at(3), outcome="will", wording="We will.", by_date=date(2026, 9, 18))
    waiting.move("L-0001", "tell", at=at(4), how="board", where="Reception")
    assert note_overdue(at(18))["promise.broken"] == 0
    assert note_overdue(at(21)) == {"loop.overdue": 0, "promise.broken": 1}
    assert note_overdue(at(28))["promise.broken"] == 0


def test_a_promise_that_was_kept_is_not_broken(waiting: Desk) -> None:
    waiting.move("L-0001", "own", owner="amira", at=at(3))
    waiting.move("L-0001", "decide", at=at(3), outcome="will", wording="We will.", by_date=date(2026, 9, 18))
    waiting.move("L-0001", "tell", at=at(4), how="board", where="Reception")
    waiting.move("L-0001", "keep", at=at(17))
    assert note_overdue(at(28)) == {"loop.overdue": 0, "promise.broken": 0}


def test_a_pause_stops_the_clock_and_two_pauses_add_up(waiting: Desk) -> None:
    assert due(waiting, at(3)) == (date(2026, 9, 8), -3)
    waiting.move("L-0001", "pause", MANAGER, at(3), until=date(2026, 9, 7), reason="the police", paused_before=0)
    assert due(waiting, at(4)) == (date(2026, 9, 9), -3)  # a working day later, and as far away as before
    assert due(waiting, at(30)) == (date(2026, 9, 10), 14)  # two working days stood still: the 4th and the 7th
    waiting.move("L-0001", "pause", MANAGER, at(9), until=date(2026, 9, 11), reason="again", paused_before=2)
    assert due(waiting, at(30)) == (date(2026, 9, 14), 12)
    waiting.move("L-0001", "resume", MANAGER, at(10))
    assert due(waiting, at(30)) == (date(2026, 9, 11), 13)


def test_a_pause_after_a_deadline_passed_makes_no_second_event_of_it(waiting: Desk) -> None:
    note_overdue(at(9))
    waiting.move("L-0001", "pause", MANAGER, at(9), until=date(2026, 9, 14), reason="the police", paused_before=0)
    assert note_overdue(at(28))["loop.overdue"] == 0


def test_30_closed_days_and_a_short_leave_do_not_count_and_a_long_leave_does(waiting: Desk) -> None:
    services = [dict(service) for service in SERVICES["services"]]
    services[0] |= {"closed": [{"first": "2026-09-03", "last": "2026-09-04"}]}
    waiting.configure(services={"services": services})
    assert due(waiting, at(3))[0] == date(2026, 9, 10)

    def away(last: str) -> dict[str, object]:
        amira = {**SERVICES["people"]["amira"], "away": [{"first": "2026-09-07", "last": last}]}
        return {"services": services, "people": {**SERVICES["people"], "amira": amira}}

    waiting.configure(services=away("2026-09-11"))  # five working days: a short one
    assert due(waiting, at(3))[0] == date(2026, 9, 17)
    waiting.configure(services=away("2026-09-14"))  # six
    assert due(waiting, at(3))[0] == date(2026, 9, 10)


def test_ages_do_not_run_over_a_bank_holiday(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, "The room is freezing", date="2026-12-18"), at=at(18, 12))
    assert due(sqlite_desk, at(18, 12))[0] == date(2026, 12, 29)  # Christmas Day, and Boxing Day's Monday
    assert due(sqlite_desk, at(29, 12) + timedelta(days=1))[1] == 1
