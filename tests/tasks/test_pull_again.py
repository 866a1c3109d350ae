"""What has landed is read again beside everything else that goes on: other runs that pull, and files of every kind."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text

import tasks.pull
from heardback.errors import StoreError
from heardback.landing import again, batch
from heardback.landing.intake import Intake
from heardback.store.pull_records import hold_source
from heardback.store.session import transaction
from tasks.pull import pull_again
from tests.council import EXIT, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("quick_gate")
LATER = NOW + timedelta(days=3)
COLD, WARM = "the zebra room near the stairs is always cold", "it is warm by now and we like it"


def configure(desk: Desk, mode: str = "append", **choice: Any) -> None:
    """The exit map, in which what helped lists two options."""
    questions = [question for question in EXIT["questions"] if question["column"] != "helped"]
    asked = {"column": "helped", "role": "choice", "code": "helped", "options": ["Staff", "Place"], **choice}
    exit_map = {"questions": [*questions, asked], "mode": mode}
    desk.configure(sources={"exit": exit_map}, policy={"gate": {"max_vanished_share": 0.5}})


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, others: Callable[[], object], place: ModuleType = again, step: str = "_land"
) -> None:
    """What others do just before a step, once: as it stands, before what was read again is landed."""
    go_on, done = getattr(place, step), []

    def go_on_after(*given: Any, **more: Any) -> Any:
        if not done:
            done.append(True)
            others()
        return go_on(*given, **more)

    monkeypatch.setattr(place, step, go_on_after)


def test_what_another_run_brings_meanwhile_is_not_written_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(desk)
    desk.pull(exit_row(1, helped=COLD), exit_row(2, helped=COLD))
    configure(desk, own_words=True)
    meanwhile(monkeypatch, lambda: desk.pull(exit_row(1, helped=WARM), name="export-2.csv"))
    first, *_ = pull_again("exit", LATER).files
    assert (first.rows_read, first.fates) == (1, {"loop": 1})
    assert desk.texts() == [WARM, COLD]
    assert problems_of(desk.store) == []


def test_what_is_withdrawn_meanwhile_stays_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(desk, mode="snapshot")
    desk.pull(exit_row(1, helped=COLD), exit_row(2, helped=WARM))
    configure(desk, mode="snapshot", own_words=True)
    meanwhile(monkeypatch, lambda: desk.pull(exit_row(2, helped=WARM), name="export-2.csv"))
    assert [file.status for file in pull_again("exit", LATER).files] == ["unchanged"]
    assert desk.texts() == [WARM]
    assert problems_of(desk.store) == []


def test_two_runs_that_read_again_at_once_land_it_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(desk)
    desk.pull(exit_row(1, helped=COLD), exit_row(2, helped=WARM))
    configure(desk, own_words=True)
    meanwhile(monkeypatch, lambda: pull_again("exit", LATER))
    assert [file.status for file in pull_again("exit", LATER).files] == ["unchanged"]
    assert sorted(pull.pull_uid.endswith("-again") for pull in desk.pulls()) == [False, True]
    assert (desk.texts(), len(desk.pulls())) == ([WARM, COLD], 2)
    assert problems_of(desk.store) == []


def test_who_lands_has_the_source_to_itself_until_all_has_landed(
    postgresql_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer at a time. Here another would look up what is on record and be overtaken."""
    told: list[str] = []

    def reach_for_it() -> None:
        with pytest.raises(StoreError) as refused, transaction(postgresql_desk.store) as session:
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            hold_source(session, "exit")
        told.append(str(refused.value))

    configure(postgresql_desk)
    postgresql_desk.pull(exit_row(1, helped=COLD))
    meanwhile(monkeypatch, reach_for_it, batch, "sort_arrivals")
    assert postgresql_desk.pull(exit_row(1, helped=WARM), name="export-2.csv").status == "landed"
    configure(postgresql_desk, own_words=True)
    meanwhile(monkeypatch, reach_for_it, again, "_rows_that_say_more")
    assert pull_again("exit", LATER).files[-1].status == "landed"
    assert ["the database is locked by another process" in error for error in told] == [True, True]


def test_what_the_database_turned_down_in_passing_is_tried_again(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadlock with a run that pulls, a PostgreSQL that restarts: as for any landing."""
    configure(sqlite_desk)
    sqlite_desk.pull(exit_row(1, helped=COLD))
    configure(sqlite_desk, own_words=True)
    waits: list[float] = []
    monkeypatch.setattr(tasks.pull, "intake_of", with_wait(tasks.pull.intake_of, waits.append))
    meanwhile(monkeypatch, crossed)
    assert [file.fates for file in pull_again("exit", LATER).files] == [{"loop": 1}]
    assert (len(waits), sqlite_desk.texts()) == (1, [COLD])


def with_wait(intake_of: Callable[..., Intake], wait: Callable[[float], None]) -> Callable[..., Intake]:
    return lambda *given: replace(intake_of(*given), wait=wait)


def crossed() -> None:
    raise StoreError("another run wrote to the same rows; nothing was changed", passing=True)


def test_the_rows_of_a_child_table_are_heard_when_the_zip_is_read_again(sqlite_desk: Desk) -> None:
    asked = {"match": r"^people/words#\d+$", "role": "comment", "code": "people"}

    def configure_zip(*more: dict[str, Any]) -> None:
        children = [{"member": "visit-people.csv", "name": "people", "key": "visit", "parent": "id"}]
        file = {"path": "../inbox/exit/*.zip", "member": "visit.csv", "children": children}
        sqlite_desk.configure(sources={"exit": {"file": file, "questions": [*EXIT["questions"], *more]}})

    place = sqlite_desk.folder / "inbox" / "exit"
    place.mkdir(parents=True)
    with zipfile.ZipFile(place / "visits.zip", "w") as archive:
        archive.writestr("visit.csv", "id,date,service,improve\n1,2026-09-01,yjs,Too few chairs\n2,2026-09-01,yjs,\n")
        archive.writestr("visit-people.csv", f"visit,words\n1,{COLD}\n2,{WARM}\n1,my dad hits me\n")
    configure_zip()
    assert sqlite_desk.pull_all().files[-1].status == "landed"
    configure_zip(asked)
    assert [file.fates for file in pull_again("exit", LATER).files] == [{"loop": 1, "withheld": 1}]
    assert sqlite_desk.texts() == sorted(["Too few chairs", COLD, WARM, "my dad hits me"])
    assert [file.status for file in pull_again("exit", LATER).files] == ["unchanged"]
    assert problems_of(sqlite_desk.store) == []
