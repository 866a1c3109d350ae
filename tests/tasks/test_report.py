"""The board pack, written from a real store with the sample council's configuration."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from heardback.domain.measures.attack import Cell
from heardback.domain.measures.figures import Table
from heardback.domain.measures.period import month
from heardback.domain.measures.releases import true_counts
from heardback.errors import DisclosureError, NotFound, StoreError
from heardback.reports.content import PackContent
from heardback.store import Loop, OutboxEvent, Pull, ReleaseEntry, Response
from heardback.store.releases import published
from heardback.store.session import reading, transaction
from tasks import releasing
from tasks.report import cleared_content, write_report
from tasks.workplace import open_workplace
from tests.factories import LEAD, MANAGER, NOW, OWN, PROMISE, a_comment, a_loop
from tests.store.test_evidence import a_change, a_match
from tests.tasks.answered_loops import OFFICER, TITLE, WORDING, an_answered_loop, approve, move

SEPTEMBER_END, NOVEMBER = date(2026, 9, 30), date(2026, 11, 10)
CANNOT: tuple[str, dict[str, object]] = (
    "decide",
    {
        "outcome": "cannot",
        "wording": "The clock tower stays shut.",
        "reason": "Its stairs are not safe.",
        "on": date(2026, 9, 21),
    },
)


def content(as_of: date = NOVEMBER, label: str = "2026-09") -> PackContent:
    with open_workplace() as work, reading(work.store) as session:
        return cleared_content(session, work, month(label), as_of)[1]


def pack_bytes(as_of: date, out: Path) -> list[bytes]:
    return [path.read_bytes() for path in write_report("2026-09", as_of, str(out), NOW).paths]


def many_answered(session: Session, answered: int = 12, waiting: int = 10) -> list[str]:
    return [an_answered_loop(session) for _ in range(answered)] + [a_loop(session) for _ in range(waiting)]


def test_the_pack_of_a_past_day_is_the_same_bytes_whatever_happened_since(workplace: Engine, tmp_path: Path) -> None:
    with transaction(workplace) as session:
        answered, *rest = many_answered(session)
        promised = a_loop(session, OWN, PROMISE)
    before = pack_bytes(SEPTEMBER_END, tmp_path / "before")
    with transaction(workplace) as session:
        move(session, answered, "reopen", reason="It broke again.", on=date(2026, 10, 5))
        move(session, rest[0], "agree", on=date(2026, 10, 6))
        move(session, rest[1], "describe", title="Another title", on=date(2026, 10, 7))
        move(session, rest[-1], "own", owner="okafor", on=date(2026, 10, 8))
        move(session, promised, "keep", on=date(2026, 10, 9))
        move(session, promised, "tell", how="board", where="Marsh Lane", on=date(2026, 10, 9))
    assert pack_bytes(SEPTEMBER_END, tmp_path / "after") == before
    assert pack_bytes(NOVEMBER, tmp_path / "november") != before


def test_the_rates_of_the_screen_are_those_of_the_pack_with_their_base(workplace: Engine, tmp_path: Path) -> None:
    with transaction(workplace) as session:
        many_answered(session, answered=12, waiting=8)
    written = write_report("2026-09", NOVEMBER, str(tmp_path), NOW)
    assert written.rates["closed"] == {"n": 20, "count": 12, "value": 0.6, "shown": "60%"}
    assert list(written.rates) == ["owned", "decided", "closed", "agreed"]
    assert written.sentence.startswith("Of 20 comments heard in September 2026, 12 (60%) have been decided on")
    assert [path.name for path in written.paths] == [
        "board-pack-2026-09.html",
        "figures-2026-09.csv",
        "figures-2026-09.json",
        "figures-2026-09.xlsx",
        "board-pack-2026-09.pdf",
        "summary-2026-09.pdf",
    ]


def test_what_a_release_printed_is_kept_and_the_next_one_is_audited_against_it(
    sqlite_workplace: Engine, tmp_path: Path
) -> None:
    with transaction(sqlite_workplace) as session:
        many_answered(session, answered=12, waiting=8)
    pack_bytes(SEPTEMBER_END, tmp_path / "first")
    pack_bytes(SEPTEMBER_END, tmp_path / "again")
    with transaction(sqlite_workplace) as session:
        (first,) = published(session)  # the same release twice is one
        for _ in range(2):  # two more, said in September and heard of later: 22 less 20 would tell of two people
            a_loop(session)
    assert first.label == "2026-09" and first.as_of == SEPTEMBER_END
    assert true_counts(first.release.tables)[Cell("2026-09", "", "", "heard")] == 20
    figures = {(table.code, row.group): row for table in content().tables for row in table.rows if row.code == "heard"}
    assert figures["rates_by_service_code", "yjs"].count is None
    assert figures["rates", ""].count in (None, 22)
    pack_bytes(NOVEMBER, tmp_path / "second")
    with reading(sqlite_workplace) as session:
        assert [release.as_of for release in published(session)] == [SEPTEMBER_END, NOVEMBER]


def test_a_release_cannot_be_changed_or_taken_out_of_the_ledger(workplace: Engine, tmp_path: Path) -> None:
    pack_bytes(SEPTEMBER_END, tmp_path)
    for forbidden in (update(ReleaseEntry).values(label="2026-08"), delete(ReleaseEntry)):
        with pytest.raises(StoreError, match="refused a statement"), transaction(workplace) as session:
            session.execute(forbidden)


def test_a_small_number_is_hidden_in_every_file_and_on_the_screen(sqlite_workplace: Engine, tmp_path: Path) -> None:
    with transaction(sqlite_workplace) as session:
        many_answered(session, answered=3, waiting=20)
    written = write_report("2026-09", NOVEMBER, str(tmp_path), NOW)
    assert written.rates["closed"] == {"n": 23, "count": None, "value": None, "shown": "c"}
    with written.paths[1].open(encoding="utf-8", newline="") as file:
        closed = [row for row in csv.DictReader(file) if (row["table"], row["code"]) == ("rates", "closed")]
    assert [row["count"] for row in closed] == ["c"]


def test_writing_a_pack_is_announced_once_each_time(sqlite_workplace: Engine, tmp_path: Path) -> None:
    write_report("2026-09", NOVEMBER, str(tmp_path), NOW)
    with reading(sqlite_workplace) as session:
        (event,) = session.scalars(select(OutboxEvent))
        assert (event.name, event.resource, event.at) == ("report.published", "heardback.report.2026-09", NOW)
        assert event.payload == {"resource": "heardback.report.2026-09", "month": "2026-09"}


def test_a_pack_that_gives_a_small_number_away_is_not_written_and_not_announced(
    sqlite_workplace: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def protect_nothing(tables: Sequence[Table], *_: object) -> tuple[Table, ...]:
        return tuple(tables)

    monkeypatch.setattr(releasing, "protect", protect_nothing)
    with transaction(sqlite_workplace) as session:
        many_answered(session, answered=3, waiting=20)
    with pytest.raises(DisclosureError) as refused:
        write_report("2026-09", NOVEMBER, str(tmp_path / "out"), NOW)
    assert refused.value.exit_code == 1
    assert any("closed" in cell for cell in refused.value.cells)
    assert "3" not in "".join(refused.value.cells).replace("2026-09", "")
    assert not (tmp_path / "out").exists()
    with reading(sqlite_workplace) as session:
        assert not session.scalars(select(OutboxEvent).where(OutboxEvent.name == "report.published")).all()


@pytest.mark.parametrize("label", ["october", "2026-13", "2026", "10-2026", ""])
def test_a_month_that_cannot_be_read_is_named_with_how_to_write_it(
    sqlite_workplace: Engine, tmp_path: Path, label: str
) -> None:
    with pytest.raises(NotFound, match="write it as 2026-10") as refused:
        write_report(label, NOVEMBER, str(tmp_path), NOW)
    assert refused.value.exit_code == 2
    assert sqlite_workplace.dialect.name == "sqlite"


def test_a_council_that_has_heard_nothing_gets_a_pack_that_says_so(sqlite_workplace: Engine, tmp_path: Path) -> None:
    written = write_report("2026-09", NOVEMBER, str(tmp_path), NOW)
    assert written.sentence.startswith("No comments in scope were heard in September 2026")
    with reading(sqlite_workplace) as session:
        assert session.scalars(select(Loop)).all() == []


def test_no_file_holds_a_word_of_what_was_said(sqlite_workplace: Engine, tmp_path: Path) -> None:
    with transaction(sqlite_workplace) as session:
        many_answered(session)  # each says that "the waiting room is freezing"
    assert not any(b"freezing" in written for written in pack_bytes(NOVEMBER, tmp_path))


def test_a_withheld_loop_is_counted_as_withheld_and_named_nowhere(sqlite_workplace: Engine, tmp_path: Path) -> None:
    with transaction(sqlite_workplace) as session:
        many_answered(session)
        loop_uid = an_answered_loop(session, title="The one behind a flag")
    assert b"The one behind a flag" in b"".join(pack_bytes(NOVEMBER, tmp_path / "before"))
    with transaction(sqlite_workplace) as session:
        move(session, loop_uid, "withhold", LEAD, reason="A concern was raised.")
    for as_of in (NOVEMBER, SEPTEMBER_END):  # safety goes before the past
        written = b"".join(pack_bytes(as_of, tmp_path / str(as_of)))
        assert b"The one behind a flag" not in written
        assert loop_uid.encode() not in written


def test_closures_say_what_was_answered_and_how_where_and_when_people_were_told(sqlite_workplace: Engine) -> None:
    with transaction(sqlite_workplace) as session:
        loop_uid = an_answered_loop(session)
        move(session, loop_uid, "tell_again", how="letter", where="home", whom="her family", on=date(2026, 10, 2))
    (answer,) = content(SEPTEMBER_END).closures
    assert (answer.loop_uid, answer.title, answer.wording) == (loop_uid, TITLE, WORDING)
    assert (answer.decided_on, answer.told_on) == (date(2026, 9, 21), date(2026, 9, 30))
    assert answer.service == "Youth Justice Service"
    assert answer.told == "on a board, Marsh Lane office"
    assert content(NOVEMBER).closures[0].told == "on a board, Marsh Lane office; by letter, home (her family)"
    assert content(NOVEMBER, "2026-10").closures == ()


def test_a_story_rests_on_a_change_and_tells_what_is_known_of_its_difference(sqlite_workplace: Engine) -> None:
    with transaction(sqlite_workplace) as session:
        change_uid = a_change(session, 1, "9 of 10 rooms were warm in March.")
        with_change = a_loop(session, OWN, ("match", {"change": change_uid, "on": date(2026, 9, 10)}))
        move(session, with_change, "decide", outcome="done", wording=WORDING, on=date(2026, 9, 21))
        approve(session, with_change, MANAGER, OFFICER)
        unapproved = a_loop(session, OWN, ("match", {"change": change_uid, "on": date(2026, 9, 10)}))
        move(session, unapproved, "decide", outcome="done", wording=WORDING, on=date(2026, 9, 21))
        move(session, unapproved, "tell", how="board", where="Marsh Lane", on=date(2026, 9, 30))
        move(session, with_change, "tell", how="board", where="Marsh Lane", on=date(2026, 9, 30))
        move(session, with_change, "agree", on=date(2026, 10, 2))
        an_answered_loop(session)
    (story,) = content().stories
    assert story.loop_uid == with_change
    assert story.difference == (
        "Those told said that it answers them. On record: 9 of 10 rooms were warm in March. Whether ratings changed "
        "cannot be told: fewer than 10 were given before or since."
    )


def test_exceptions_name_the_loops_with_their_roles_and_working_days(sqlite_workplace: Engine) -> None:
    with transaction(sqlite_workplace) as session:
        waiting = a_loop(session, ("own", {"owner": "brannigan", "on": date(2026, 9, 4)}))
        left = a_loop(session, ("own", {"owner": "somebody who has left", "on": date(2026, 9, 4)}))
        broken = a_loop(session, OWN, PROMISE)
        refused = a_loop(session, OWN, CANNOT)
    exceptions = content().exceptions
    first, second = exceptions.oldest_open
    assert (first.loop_uid, first.owner_role) == (waiting, "Practice Lead, Youth Justice Service")
    assert (second.loop_uid, second.owner_role) == (left, "Operations Manager, Youth Justice Service")
    assert (first.since, first.working_days) == (date(2026, 9, 1), 50)  # no bank holiday from September to November
    assert first.detail == "Taken on, not decided"
    (late,) = exceptions.promises_broken
    assert (late.loop_uid, late.since, late.working_days) == (broken, date(2026, 10, 30), 7)
    assert [(line.loop_uid, line.detail) for line in exceptions.refusals] == [(refused, "Its stairs are not safe.")]


def test_a_source_is_quiet_once_nothing_was_said_for_longer_than_it_is_used_to(sqlite_workplace: Engine) -> None:
    with transaction(sqlite_workplace) as session:
        a_comment(session)  # yjs-exit, on 1 September; it is used to 45 days
    name = "Youth Justice Service exit questionnaire"
    on_time = {quiet.source for quiet in content(date(2026, 10, 16)).exceptions.quiet_sources}
    late = {quiet.source: quiet for quiet in content(date(2026, 10, 17)).exceptions.quiet_sources}
    assert name not in on_time
    assert (late[name].last_heard, late[name].expected) == (date(2026, 9, 1), "something every 45 days")
    assert late["Street voices"].last_heard is None
    assert content(date(2025, 8, 2)).exceptions.quiet_sources == ()  # every source opened the day before


def test_the_rows_of_each_source_add_up_to_what_was_accounted_for(sqlite_workplace: Engine) -> None:
    with transaction(sqlite_workplace) as session:
        many_answered(session, answered=12, waiting=8)
    quality = content().quality
    shown = {row.code: row.count for row in quality.rows_by_fate.rows}
    assert (shown["read"], shown["loop"], shown["quarantine"]) == (20, 20, 0)
    assert {row.group for row in quality.rows_by_fate.rows} == {"yjs-exit"}
    assert (quality.unaccounted, quality.services_heard, quality.services, quality.sources_heard) == (0, 1, 9, 1)
    assert quality.precision is None


def test_rows_that_are_missing_are_said_beside_the_figures(sqlite_workplace: Engine) -> None:
    with transaction(sqlite_workplace) as session:
        a_loop(session)
        session.execute(update(Pull).values(rows_read=4))
    assert content().quality.unaccounted == 3


def test_the_matchers_precision_is_that_of_what_people_judged(sqlite_workplace: Engine) -> None:
    with transaction(sqlite_workplace) as session:
        change_uid = a_change(session, 1)
        for standing in ["confirmed"] * 9 + ["rejected"] * 3:
            a_match(session, change_uid, standing)
    precision = content().quality.precision
    assert precision is not None
    assert (precision.count, precision.n, precision.value) == (9, 12, 0.75)
    assert content(date(2026, 11, 9)).quality.precision is None


def test_a_day_ends_by_the_councils_own_clock(sqlite_workplace: Engine) -> None:
    half_past_midnight = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # already 2 July in London
    with transaction(sqlite_workplace) as session:
        change_uid = a_change(session, 1)
        a_loop(session)
        session.execute(update(Response).values(heard_on=date(2026, 6, 1)))
        for _ in range(10):
            a_match(session, change_uid, "confirmed", at=half_past_midnight)
    assert content(date(2026, 7, 1)).quality.precision is None
    assert content(date(2026, 7, 2)).quality.precision is not None
