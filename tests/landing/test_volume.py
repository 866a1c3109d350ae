"""Volume alarms: one event an episode, open until the source speaks again, and the pull lands all the same."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from heardback.store import OutboxEvent, Rhythm
from heardback.store.session import reading
from heardback.store.volumes import alarms
from tasks.quarantine import release_row
from tasks.status import status
from tests.council import BOX, Row, box_row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

MONDAY = date(2026, 6, 1)
BOXES = [*BOX["questions"], {"column": "box", "role": "characteristic", "code": "box", "options": ["Canal", "Park"]}]


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def weekly(weeks: int, box: str = "Canal") -> list[Row]:
    days = [MONDAY + timedelta(weeks=week) for week in range(weeks)]
    return [{**box_row(f"Wish {day:%d %B}, please", f"{day}"), "box": box} for day in days]


def told(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    """The alarms among the events, with their payloads."""
    names = ("source.silent", "box.silent", "source.emptied", "snapshot.shortened")
    with reading(desk.store) as session:
        query = select(OutboxEvent).where(OutboxEvent.name.in_(names)).order_by(OutboxEvent.event_id)
        return [
            (event.name, {key: value for key, value in event.payload.items() if key not in ("resource", "source")})
            for event in session.scalars(query)
        ]


def open_now(desk: Desk) -> list[tuple[str, str, int]]:
    with reading(desk.store) as session:
        return [(alarm.kind, alarm.part, alarm.measure) for alarm in alarms(session)]


def empty(desk: Desk, feed: str, name: str, blank_rows: int = 0) -> None:
    """An export with a header and no row."""
    path = desk.drop(feed, box_row("") if feed == "box" else exit_row(1), name=name)
    header = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text("\n".join([header, *["," * header.count(",")] * blank_rows, ""]), encoding="utf-8")


# ---- silence


def test_a_weekly_box_is_missed_after_eleven_days_and_not_after_sixty(desk: Desk) -> None:
    last = MONDAY + timedelta(weeks=11)
    desk.pull(*weekly(12), feed="box", at=on(last))
    desk.pull(feed="box", at=on(last + timedelta(days=11)))
    assert told(desk) == []
    desk.pull(feed="box", at=on(last + timedelta(days=12)))
    assert told(desk) == [("source.silent", {"days": 12})]
    assert open_now(desk) == [("silent", "", 12)]


def test_a_silence_is_told_once_and_ends_when_the_source_speaks_again(desk: Desk) -> None:
    last = MONDAY + timedelta(weeks=11)
    desk.pull(*weekly(12), feed="box", at=on(last))
    for days in (15, 20, 40):
        desk.pull(feed="box", at=on(last + timedelta(days=days)))
    back = last + timedelta(days=41)
    desk.pull(box_row("We are back", f"{back}"), feed="box", name="z.csv", at=on(back))
    assert (len(told(desk)), open_now(desk)) == (1, [])
    desk.pull(feed="box", at=on(back + timedelta(days=80)))
    assert [name for name, _ in told(desk)] == ["source.silent", "source.silent"]


def test_one_source_that_is_heard_speaks_for_no_other(sqlite_desk: Desk) -> None:
    last = MONDAY + timedelta(weeks=11)
    sqlite_desk.pull(*weekly(12), feed="box", at=on(last))
    later = last + timedelta(days=20)
    sqlite_desk.pull(exit_row(1, "The room is cold", date=f"{later}"), at=on(later))
    sqlite_desk.pull(feed="box", at=on(later))
    assert told(sqlite_desk) == [("source.silent", {"days": 20})]
    sqlite_desk.pull(feed="exit", at=on(later))
    assert open_now(sqlite_desk) == [("silent", "", 20)]


def test_until_a_rhythm_is_known_sixty_days_count(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(*weekly(5), feed="box", at=NOW)
    last = MONDAY + timedelta(weeks=4)
    sqlite_desk.pull(feed="box", at=on(last + timedelta(days=60)))
    assert len(told(sqlite_desk)) == 1  # at NOW, which lies further away than that
    sqlite_desk.configure(policy={"volume": {"quiet_after_days": 400}})
    sqlite_desk.pull(feed="box", at=NOW)
    assert open_now(sqlite_desk) == []


def test_a_maps_own_number_goes_before_what_was_learned(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"box": {"quiet_after_days": 30}})
    last = MONDAY + timedelta(weeks=11)
    sqlite_desk.pull(*weekly(12), feed="box", at=on(last + timedelta(days=30)))
    assert told(sqlite_desk) == []
    sqlite_desk.pull(feed="box", at=on(last + timedelta(days=31)))
    assert told(sqlite_desk) == [("source.silent", {"days": 31})]


def test_one_box_that_falls_silent_beside_the_others_is_told_by_name(desk: Desk) -> None:
    desk.configure(sources={"box": {"questions": BOXES, "quiet_by": "box"}})
    rows = [*weekly(20), *weekly(12, "Park")]
    last = MONDAY + timedelta(weeks=19)
    desk.pull(*rows, feed="box", at=on(last))
    assert told(desk) == [("box.silent", {"box": "Park", "days": 56})]
    desk.pull(feed="box", at=on(last + timedelta(days=1)))
    assert open_now(desk) == [("silent", "Park", 56)]
    (line,) = [line for line in status(on(last)).sources if line["source"] == "box"]
    assert (line["silent"], line["alarms"][0]["box"]) == (True, "Park")


def test_where_every_box_falls_silent_one_alarm_is_enough(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"box": {"questions": BOXES, "quiet_by": "box"}})
    last = MONDAY + timedelta(weeks=11)
    sqlite_desk.pull(*weekly(12), *weekly(12, "Park"), feed="box", at=on(last + timedelta(days=50)))
    assert told(sqlite_desk) == [("source.silent", {"days": 50})]


def test_a_box_that_its_map_no_longer_names_is_not_missed(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"box": {"questions": BOXES, "quiet_by": "box"}})
    last = MONDAY + timedelta(weeks=19)
    sqlite_desk.pull(*weekly(20), *weekly(12, "Park"), feed="box", at=on(last))
    assert open_now(sqlite_desk) == [("silent", "Park", 56)]
    sqlite_desk.configure(sources={"box": {"questions": [*BOXES[:-1], {**BOXES[-1], "options": ["Canal"]}],
                                           "quiet_by": "box"}})  # fmt: skip
    sqlite_desk.pull(feed="box", at=on(last + timedelta(days=1)))
    assert open_now(sqlite_desk) == []


def test_a_row_released_from_quarantine_is_a_voice_too(sqlite_desk: Desk) -> None:
    last = MONDAY + timedelta(weeks=11)
    sqlite_desk.pull(*weekly(12), {**box_row("Late card", ""), "box": ""}, feed="box", at=on(last))
    release_row(1, "Dee Okoro", on(last + timedelta(days=14)), {"date": f"{last}"})
    with reading(sqlite_desk.store) as session:
        assert session.get_one(Rhythm, ("box", "")).days[-1] == f"{last}"
    sqlite_desk.pull(feed="box", at=on(last + timedelta(days=5)))
    assert told(sqlite_desk) == []


def test_an_empty_form_is_no_voice(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, "Cold"), exit_row(2, date="2026-11-09"), at=NOW)
    with reading(sqlite_desk.store) as session:
        assert session.get_one(Rhythm, ("exit", "")).days == ["2026-09-01"]


# ---- rows


def test_no_row_where_many_came_lands_and_is_told_once(desk: Desk) -> None:
    at = on(MONDAY + timedelta(weeks=11))
    desk.pull(*weekly(12), feed="box", name="1.csv", at=at)
    for number in (2, 3):
        empty(desk, "box", f"{number}.csv", blank_rows=number)
        report = desk.pull(feed="box", at=at + timedelta(hours=number))
    assert (report.status, report.rows_read) == ("landed", 0)
    assert told(desk) == [("source.emptied", {"rows": 12})]
    assert open_now(desk) == [("empty", "", 12)]
    desk.pull(box_row("One card", f"{MONDAY + timedelta(weeks=11)}"), feed="box", name="4.csv", at=at)
    assert (open_now(desk), problems_of(desk.store)) == ([], [])


def test_no_row_after_a_few_is_nothing_unusual(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(*weekly(9), feed="box", name="1.csv", at=on(MONDAY + timedelta(weeks=9)))
    empty(sqlite_desk, "box", "2.csv")
    assert sqlite_desk.pull(feed="box", at=on(MONDAY + timedelta(weeks=9))).status == "landed"
    assert told(sqlite_desk) == []


def rows(count: int) -> list[Row]:
    return [exit_row(number, f"Wish number {number}", date="2026-11-01") for number in range(1, count + 1)]


@pytest.mark.parametrize(("kept", "events"), [(18, []), (17, [("snapshot.shortened", {"rows": 3})])])
def test_a_snapshot_a_tenth_shorter_than_the_last_lands_and_is_told(
    desk: Desk, kept: int, events: list[tuple[str, dict[str, Any]]]
) -> None:
    desk.pull(*rows(20), name="1.csv")
    report = desk.pull(*rows(kept), name="2.csv", at=NOW + timedelta(days=1))
    assert (report.status, report.withdrawn) == ("landed", 20 - kept)
    assert told(desk) == events
    desk.pull(*rows(kept), exit_row(99, "New", date="2026-11-02"), name="3.csv", at=NOW + timedelta(days=2))
    assert open_now(desk) == []


def test_a_snapshot_shorter_behind_a_row_without_an_id_withdraws_nothing_and_is_told(sqlite_desk: Desk) -> None:
    """That row may be any of those that are gone; one cut short is refused whatever its rows are."""
    sqlite_desk.pull(*rows(20), name="1.csv")
    at = NOW + timedelta(days=1)
    assert sqlite_desk.pull(*rows(3), exit_row("", "No number"), name="2.csv", at=at).status == "failed"
    report = sqlite_desk.pull(*rows(16), exit_row("", "No number"), name="2.csv", at=at)
    assert (report.status, report.withdrawn) == ("landed", 0)
    assert told(sqlite_desk) == [("snapshot.shortened", {"rows": 3})]


def test_appended_files_may_be_of_any_length(sqlite_desk: Desk) -> None:
    at = on(MONDAY + timedelta(weeks=20))
    sqlite_desk.pull(*weekly(20), feed="box", name="1.csv", at=at)
    sqlite_desk.pull(box_row("One card", f"{MONDAY + timedelta(weeks=20)}"), feed="box", name="2.csv", at=at)
    assert told(sqlite_desk) == []


def test_an_older_snapshot_found_late_is_not_held_against_the_newest(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(*rows(20), name="2026-10.csv")
    sqlite_desk.drop("exit", *rows(12), name="2026-08.csv")
    assert sqlite_desk.pull_all(at=NOW + timedelta(days=1)).files[0].status == "landed"
    assert told(sqlite_desk) == []


def test_alarms_are_of_ids_and_counts_alone(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(*rows(20), name="1.csv")
    sqlite_desk.pull(*rows(17), name="2.csv", at=NOW + timedelta(days=100))
    with reading(sqlite_desk.store) as session:
        payloads = [event.payload for event in session.scalars(select(OutboxEvent)) if event.name != "pull.completed"]
    assert payloads[-1] == {"resource": "heardback.source.exit", "source": "exit", "days": 109}
    assert all("Wish" not in str(payload) for payload in payloads)
