"""Events go out after what made them true, and again where nobody noted that they had; never lost (G3)."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

import tasks.relay
from heardback.store import OutboxEvent
from heardback.store.session import reading, transaction
from tasks.relay import Notice, relay_events
from tests.council import exit_row
from tests.desk import Desk
from tests.factories import NOW
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")


def land(desk: Desk) -> None:
    desk.pull(exit_row(1, "The room is freezing, zebra"), exit_row(2, "my dad hits me"), at=NOW - timedelta(days=70))


@pytest.fixture
def landed(desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(desk, land)


def unrelayed(desk: Desk) -> int:
    with reading(desk.store) as session:
        return len(session.scalars(select(OutboxEvent).where(OutboxEvent.relayed_at.is_(None))).all())


def test_every_event_goes_out_once_in_its_order(landed: Desk) -> None:
    taken: list[Notice] = []
    assert relay_events(taken.extend, NOW) == len(landed.events()) == 3
    assert [notice.name for notice in taken] == landed.events()
    assert (unrelayed(landed), relay_events(taken.extend, NOW), len(taken)) == (0, 0, 3)
    assert not any("zebra" in str(notice) or "hits" in str(notice) for notice in taken)


def test_killed_between_emitting_and_noting_it_is_emitted_again_under_the_same_key(
    landed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Notice] = []

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tasks.relay, "mark_relayed", die)
        with pytest.raises(KeyboardInterrupt):
            relay_events(taken.extend, NOW)
    assert unrelayed(landed) == 3
    relay_events(taken.extend, NOW + timedelta(minutes=5))
    assert taken[:3] == taken[3:]
    assert len({notice.key for notice in taken}) == 3


def test_a_listener_that_fails_loses_nothing(landed: Desk) -> None:
    def deaf(_: Sequence[Notice]) -> None:
        raise ConnectionError("nobody listens")

    with pytest.raises(Exception, match="ConnectionError"):
        relay_events(deaf, NOW)
    assert unrelayed(landed) == 3


def test_a_flood_goes_out_in_lots(sqlite_desk: Desk) -> None:
    row = {"name": "pull.failed", "resource": "heardback.source.exit", "payload": {}, "at": NOW, "relayed_at": None}
    with transaction(sqlite_desk.store) as session:
        session.execute(insert(OutboxEvent), [row] * 1_200)
    lots: list[int] = []
    assert relay_events(lambda lot: lots.append(len(lot)), NOW) == 1_200
    assert max(lots) <= 500
    assert unrelayed(sqlite_desk) == 0
