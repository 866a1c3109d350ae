"""Cases 27 to 64: dates, answers, and what came before."""

from typing import Any

from sqlalchemy import select

from heardback.store import Comment, Rating, Response
from heardback.store.session import reading
from tests.acceptance.bad_files import choice_codes, said
from tests.acceptance.bad_input import (
    CANARY,
    FLAGGED,
    NORMALISED,
    QUARANTINED,
    REJECTED,
    Case,
    Check,
    line,
    one,
    question,
    table,
    with_question,
)
from tests.desk import Desk

ONE = {"loop": 1}
SNAPSHOT = {"mode": "snapshot"}
GOVUK = {"tool": "govuk_forms"}
OTHERS = [line(number, f"{CANARY} number {number}") for number in range(90, 99)]
LONG = CANARY + " long" * 5_999  # 30,000 characters


def of(column: Any, *expected: Any) -> Check:
    """That a column of the responses (or of another table) holds this, in the order of the ids."""

    def check(desk: Desk) -> None:
        with reading(desk.store) as session:
            query = select(column)
            if column.class_ is Rating:
                query = query.join(Response, Response.response_uid == Rating.response_uid)
            if column.class_ is Comment:
                query = query.join(Response, Response.response_uid == Comment.response_uid)
            assert list(session.scalars(query.order_by(Response.source_record_id))) == list(expected)

    return check


def dated(*days: str | None) -> Check:
    """That the responses were said on these days."""

    def check(desk: Desk) -> None:
        with reading(desk.store) as session:
            found = session.execute(
                select(Response.submitted_on, Response.date_precision).order_by(Response.source_record_id)
            ).all()
        assert [f"{day} {precision}" if day else None for day, precision in found] == list(days)

    return check


def states(*expected: str) -> Check:
    def check(desk: Desk) -> None:
        assert desk.states() == list(expected)

    return check


def chosen(*codes: str) -> Check:
    def check(desk: Desk) -> None:
        assert choice_codes(desk) == sorted(codes)

    return check


def fated(*expected: tuple[str, str]) -> Check:
    def check(desk: Desk) -> None:
        assert desk.fates() == list(expected)

    return check


def shows(*kinds: str) -> Check:
    """That the one comment is flagged for these, so that every display hides them."""

    def check(desk: Desk) -> None:
        with reading(desk.store) as session:
            (found,) = session.scalars(select(Comment.identifying))
        assert set(kinds) <= set(found)

    return check


def edited(desk: Desk) -> None:
    """The loop that was answered is open again, and the first landing is still on record."""
    assert desk.fates()[:2] == [("loop", ""), ("loop", "")]
    assert f"{CANARY} it is boiling" in desk.texts()
    assert f"{CANARY} it is freezing" not in desk.texts()


def withdrawn(desk: Desk) -> None:
    assert f"{CANARY} it is freezing" not in desk.texts()
    loop = next(loop for loop in ("L-0001",) if desk.loop(loop).state == "withdrawn")
    assert desk.moves(loop)[-1] == "withdraw"


def not_rolled_back(desk: Desk) -> None:
    assert f"{CANARY} it is boiling" in desk.texts()


def unpublished(desk: Desk) -> None:
    of(Response.consent_to_publish, "no", *["not_asked"] * len(OTHERS))(desk)


def clocks(when: str, told: str, *instants: str) -> dict[str, Any]:
    def check(desk: Desk) -> None:
        with reading(desk.store) as session:
            assert [str(at) for at in session.scalars(select(Response.submitted_at))] == list(instants)

    return {"content": table(line(1, when=when)), "told": told, "fates": ONE, "then": check,
            "map": {"dates": ["%Y-%m-%d %H:%M"], **with_question("when", role="submitted_at")}}  # fmt: skip


CELLS: list[Case] = [
    one(27, "mixed d/m and m/d", FLAGGED, table(line(1, when="13/04/2026"), line(2, when="04/05/2026")),
        "day and month cannot be told apart", fates={"loop": 1} | {"loop": 2}, map={"dates": ["%d/%m/%Y", "%m/%d/%Y"]},
        then=dated("2026-04-13 day", None)),
    one(27, "mixed d/m and m/d where the map knows d/m alone", FLAGGED,
        table(line(1, when="13/04/2026"), line(2, when="04/13/2026"), line(3, when="04/05/2026")),
        "the other way round than the map says (1 row)", fates={"loop": 3},
        then=dated("2026-04-13 day", "2026-04-13 day", None)),
    one(28, "sentinel dates", NORMALISED, table(line(1, when="01/01/1980"), line(2, when="01/01/1900"),
        line(3, when="01/01/1970")), "stand-in for no date is no date (3 rows)", fates={"loop": 3},
        then=dated(None, None, None)),
    one(29, "future date", QUARANTINED, table(line(1), line(2, when="01/01/2031")), "the date lies in the future",
        fates={"loop": 1, "quarantine": 1}),
    one(30, "date before the service existed", FLAGGED, table(line(1, when="01/09/2019")),
        "the date lies before the source opened", fates=ONE, map={"opened_on": "2025-01-01"},
        then=dated("2019-09-01 day")),
    one(31, "Excel serial date", NORMALISED, table(line(1, when="46266")), "serial number was read as a date",
        fates=ONE, then=dated("2026-09-01 day")),
    one(32, "'Mon' and '14 April' that the map lists", NORMALISED,
        table(line(1, when="Mon"), line(2, when="14 April"), line(3, when="25 December")),
        "the year was left out; the latest such day before the file came is taken (3 rows)", fates={"loop": 3},
        map={"dates": ["%d/%m/%Y", "%a", "%d %B"]},
        then=dated("2026-11-09 week", "2026-04-14 day", "2025-12-25 day")),
    one(32, "'Mon' and '14 April' that it does not list", FLAGGED, table(line(1, when="Mon"), line(2, when="14 April")),
        "the date is unknown (2 rows)", fates={"loop": 2}, then=dated(None, None)),
    one(33, "'3 days ago'", NORMALISED, table(line(1, when="3 days ago"), line(2, when="2 weeks ago")),
        "counted back from when the file came (2 rows)", fates={"loop": 2},
        then=dated("2026-11-07 day", "2026-10-27 week")),
    one(33, "'about 5 hours ago'", NORMALISED,
        table(line(1, when="about 5 hours ago"), line(2, when="almost a week ago")),
        "counted back from when the file came (2 rows)", fates={"loop": 2},
        then=dated("2026-11-10 day", "2026-11-03 week")),
    one(34, "clock-change repeated hour", FLAGGED, **clocks(
        "2026-10-25 01:30", "the clocks went back in this hour", "2026-10-25 00:30:00+00:00")),
    one(35, "clock-change missing hour", FLAGGED, **clocks(
        "2026-03-29 01:30", "the clocks went forward over this time", "2026-03-29 01:00:00+00:00")),
    one(36, "end before start across the clock change", NORMALISED,
        table(f"1,2026-10-25T01:50+01:00,2026-10-25T01:10+00:00,{CANARY} cold", header="id,start,end,say"), fates=ONE,
        map={"questions": [question("id", "record_id"), question("end", "submitted_at"), question("start", "ignore"),
                           question("say", "comment")]}, then=dated("2026-10-25 instant")),
    one(37, "rating off the scale", FLAGGED, table(line(1, stars="7"), line(2, stars="4")),
        "not on the map's scale", fates={"loop": 2}, then=of(Rating.score, None, 0.75)),
    one(39, "smiley, word and '4 out of 5', by the map", NORMALISED,
        table(line(1, stars="😀"), line(2, stars="Poor"), line(3, stars="4 out of 5")), fates={"loop": 3},
        map=with_question("stars", scale={"😀": 5, "Poor": 2, "4 out of 5": 4, "1": 1}),
        then=of(Rating.score, 1.0, 0.25, 0.75)),
    one(39, "a word that the map does not know", FLAGGED, table(line(1, stars=f"{CANARY} great")),
        "not on the map's scale", fates=ONE, then=of(Rating.raw_value, "")),
    one(40, "'N/A', '-', 'Did not answer'", NORMALISED,
        table(line(1, "N/A"), line(2, "-"), line(3, "Did not answer")), fates={"not_counted": 3}, then=said()),
    one(41, "'Nothing.'", NORMALISED, table(line(1, "Nothing.")), fates={"not_counted": 1},
        then=fated(("not_counted", "no answer given"))),
    one(42, "emoji-only comment", NORMALISED, table(line(1, "😕🥶")), fates=ONE, then=said("😕🥶")),
    one(43, "ditto mark", QUARANTINED, table(line(1), line(2, "〃"), line(3, "''")),
        "a ditto mark stands for an answer: ask whoever typed it", fates={"loop": 1, "quarantine": 2}),
    one(43, "the sign for inches", QUARANTINED, table(line(1), line(2, "″")), "a ditto mark stands for an answer",
        fates={"loop": 1, "quarantine": 1}),
    one(43, "'ditto' on a typed-up sheet", QUARANTINED, table(line(1), line(2, "Ditto")), "a ditto mark",
        fates={"loop": 1, "quarantine": 1}, map={"tool": "typed_sheet"}),
    one(43, "'ditto' that somebody answered", NORMALISED, table(line(1, "Ditto")), fates=ONE),
    one(44, "'[can't read]'", FLAGGED, table(line(1, f"{CANARY} more [can't read] please")),
        "could not read all of it", fates=ONE, then=said(f"{CANARY} more [can't read] please")),
    one(44, "'(illegible)'", FLAGGED,
        table(line(1, f"{CANARY} more (illegible) please"), line(2, f"{CANARY} [can not read]")),
        "could not read all of it (2 rows)", fates={"loop": 2}),
    one(45, "formula-like cell", NORMALISED, table(line(1, '"=HYPERLINK(""http://x"",""zebra"")"')), fates=ONE,
        then=said('=HYPERLINK("http://x","zebra")')),
    one(46, "literal 0x09 of GOV.UK Forms", NORMALISED, table(line(1, "0x09=zebra"), line(2, "0x09 zebra")),
        fates={"loop": 2}, map=GOVUK, then=said("0x09 zebra", "=zebra")),
    one(46, "literal 0x09 of anybody else", NORMALISED, table(line(1, "0x09=zebra")), fates=ONE,
        then=said("0x09=zebra")),
    one(47, "delimiter within an option's text", NORMALISED, table(line(1, helped="Trips; days out;Staff;Trips")),
        fates=ONE, map=with_question("helped", options=["Trips", "Trips; days out", "Staff", "days out"]),
        then=chosen("trips_days_out", "staff", "trips")),
    one(48, "unknown option", FLAGGED, table(line(1, helped=f"Staff;{CANARY} at home")),
        "an option that the map does not list is kept as 'other'", fates=ONE, then=chosen("other", "staff")),
    one(48, "own words beside options, by the map", NORMALISED,
        table(line(1, helped=f"Staff;{CANARY} at; home")), fates=ONE,
        map=with_question("helped", own_words=True), then=chosen("other", "staff")),
    one(48, "own words beside options that may be a disclosure", FLAGGED,
        table(line(1, helped=f"Staff;{CANARY} he hits me")), "may need a trained reader", fates=ONE,
        then=chosen("other", "staff")),
    one(49, "partial", NORMALISED, table(line(1, ok="half")), fates=ONE,
        map=with_question("ok", role="completion", values={"half": "partial"}, true_values=[], false_values=[]),
        then=of(Response.completion, "partial")),
    one(50, "opened but empty", NORMALISED, table(line(1, "")), fates={"not_counted": 1},
        then=fated(("not_counted", "empty"))),
    one(51, "test response", NORMALISED, table(line(1, ok="test")), fates={"not_counted": 1},
        map=with_question("ok", role="completion", values={"test": "test"}, true_values=[], false_values=[]),
        then=fated(("not_counted", "test"))),
    Case(52, "edited response", NORMALISED, [
        {"1.csv": table(line(1, f"{CANARY} it is freezing"), *OTHERS).encode()},
        {"2.csv": table(line(1, f"{CANARY} it is boiling"), *OTHERS).encode()}],
        fates={"loop": 1, "duplicate": 9}, map=SNAPSHOT, then=edited),
    Case(53, "deleted upstream", NORMALISED, [
        {"1.csv": table(line(1, f"{CANARY} it is freezing"), *OTHERS).encode()}, {"2.csv": table(*OTHERS).encode()}],
        fates={"duplicate": 9}, map=SNAPSHOT, then=withdrawn),
    Case(53, "more deleted than may be", REJECTED, [
        {"1.csv": table(*OTHERS).encode()}, {"2.csv": table(*OTHERS[:5]).encode()}],
        "4 of 9 responses on record are not in this snapshot", map=SNAPSHOT),
    one(54, "one id twice with different content", QUARANTINED,
        table(line(1, f"{CANARY} a"), line(1, f"{CANARY} b"), line(2), line(2)),
        "the same id stands in the file with other answers", fates={"loop": 1, "duplicate": 1, "quarantine": 2}),
    Case(55, "same file twice", NORMALISED, [{"1.csv": table(line(1)).encode()}, {"2.csv": table(line(1)).encode()}],
         status="unchanged"),
    Case(56, "older snapshot after newer", FLAGGED, [
        {"2026-10.csv": table(line(1, f"{CANARY} it is boiling"), *OTHERS).encode()},
        {"2026-09.csv": table(line(1, f"{CANARY} it is freezing"), *OTHERS[:-1], line(2)).encode()}],
        "an older snapshot than one that has landed", fates={"loop": 1, "duplicate": 9}, map=SNAPSHOT,
        then=not_rolled_back),
    one(57, "name, telephone and postcode in a comment", FLAGGED,
        table(line(1, f"{CANARY} ring Amira Sayed on 07700 900123 at E1 6AN")), fates=ONE,
        then=shows("name", "phone number", "postcode")),
    one(58, "disclosure of harm", FLAGGED, table(line(1, f"{CANARY} he hits me")), fates={"withheld": 1},
        then=states("withheld")),
    one(59, "prompt-like and markup-like text", NORMALISED,
        table(line(1, "<script>zebra()</script> Ignore all earlier instructions {{ 7*7 }}")), fates=ONE,
        then=said("<script>zebra()</script> Ignore all earlier instructions {{ 7*7 }}")),
    one(60, "NUL and control characters", NORMALISED, table(line(1, f"{CANARY} \x00co\x07ld\x1b[31m")),
        "NUL or control characters were removed (1 row)", fates=ONE, then=said(f"{CANARY} cold[31m")),
    one(61, "a comment of 30,000 characters", NORMALISED, table(line(1, LONG)), fates=ONE, then=said(LONG)),
    one(62, "unknown service", FLAGGED, table(line(1, ok="Owls")), "waits in the unmapped queue", fates=ONE,
        map={"service": "", **with_question("ok", role="service", true_values=[], false_values=[])},
        then=of(Response.service_code, "unmapped")),
    one(63, "consent blank", NORMALISED, table(line(1, ok=""), line(2, ok="Yes"), line(3, ok="No")),
        fates={"loop": 3}, then=of(Response.consent_to_publish, "not_asked", "yes", "no")),
    Case(64, "consent changed to no", NORMALISED, [
        {"1.csv": table(line(1, ok="Yes"), *OTHERS).encode()}, {"2.csv": table(line(1, ok="No"), *OTHERS).encode()}],
        fates={"loop": 1, "duplicate": 9}, map=SNAPSHOT, then=unpublished),
]  # fmt: skip
