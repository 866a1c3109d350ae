"""Putting a poster up is recorded, and that is what makes its loops told."""

from datetime import date

import pytest
from sqlalchemy import Engine

from heardback.domain.lifecycle import Role
from heardback.errors import NotAllowed, NotFound
from heardback.store import HistoryEntry, Loop
from heardback.store.session import reading, transaction
from tasks.board import write_public_board
from tasks.loops import By
from tasks.posting import record_posting
from tests.factories import DECIDE, MANAGER, NOW, OWN, a_loop
from tests.tasks.answered_loops import OFFICER, approve

HALL, DAY = "Marsh Lane hall", date(2026, 10, 20)
MANAGES = By("okafor", Role.SERVICE_MANAGER, DAY)


@pytest.fixture
def decided(sqlite_workplace: Engine) -> str:
    """A loop that is decided and approved, and of which nobody has been told."""
    with transaction(sqlite_workplace) as session:
        title = ("describe", {"title": "A warm waiting room", "on": date(2026, 9, 5)})
        loop_uid = a_loop(session, OWN, title, DECIDE)
        approve(session, loop_uid, MANAGER, OFFICER)
        a_loop(session, OWN, title, DECIDE)  # not approved: on no poster, so nobody is told
        return loop_uid


def moves(store: Engine, loop_uid: str) -> list[str]:
    with reading(store) as session:
        return [entry.move for entry in session.query(HistoryEntry).filter_by(loop_uid=loop_uid)]


def test_what_hangs_on_the_wall_is_told_and_what_is_kept_off_is_not(sqlite_workplace: Engine, decided: str) -> None:
    posted = record_posting("yjs", HALL, MANAGES, NOW)
    assert (posted.told, posted.told_again, posted.known) == ([decided], [], 0)
    with reading(sqlite_workplace) as session:
        states = {loop.loop_uid: (loop.state, loop.told_on) for loop in session.query(Loop)}
    assert states.pop(decided) == ("told", DAY)
    assert list(states.values()) == [("decided", None)]


def test_the_same_posting_said_twice_is_recorded_once_and_another_place_is_told_again(
    sqlite_workplace: Engine, decided: str
) -> None:
    record_posting("yjs", HALL, MANAGES, NOW)
    assert record_posting("yjs", HALL, MANAGES, NOW).known == 1
    assert record_posting("yjs", "Canal Street", MANAGES, NOW).told_again == [decided]
    assert moves(sqlite_workplace, decided)[-2:] == ["tell", "tell_again"]


def test_a_poster_with_nothing_on_it_tells_nobody(sqlite_workplace: Engine, decided: str) -> None:
    with pytest.raises(NotFound, match="shows nothing of youth"):
        record_posting("youth", HALL, MANAGES, NOW)


def test_somebody_without_the_role_moves_nothing(sqlite_workplace: Engine, decided: str) -> None:
    with pytest.raises(NotAllowed):
        record_posting("yjs", HALL, By("brannigan", Role.PARTICIPATION_OFFICER, DAY), NOW)
    assert "tell" not in moves(sqlite_workplace, decided)


def test_what_everybody_refused_to_have_published_is_kept_off_from_the_next_time_on(
    sqlite_workplace: Engine, decided: str, tmp_path: object
) -> None:
    from sqlalchemy import update

    from heardback.store import Response

    before = write_public_board(DAY, f"{tmp_path}/before")
    with transaction(sqlite_workplace) as session:
        session.execute(update(Response).values(consent_to_publish="no"))
    after = write_public_board(DAY, f"{tmp_path}/after")
    assert (before.shown, after.shown) == (1, 0)
    assert "everybody who said it has said no to publishing" in {refusal.reason for refusal in after.refused}
    assert [path.name for path in before.paths] == [
        "index.html",
        "cannot.html",
        "method.html",
        "poster-youth-justice-service.pdf",
    ]
