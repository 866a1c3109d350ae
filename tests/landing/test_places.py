"""A comment is its column's, wherever the column stands: a form that gets another keeps who said what apart."""

from typing import Any

import pytest
from sqlalchemy import select

from heardback.landing.places import kept_places
from heardback.store import Comment
from heardback.store.retention import forget_comments
from heardback.store.session import transaction
from tasks.pull import pull_again
from tests.council import EXIT, Row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import NOW

COLD, LATE = "the zebra room near the stairs is always cold", "the bus home goes before the club ends"


@pytest.mark.parametrize(
    ("columns", "on_record", "places"),
    [
        ("ab", {}, "01"),
        ("xab", {"a": 0, "b": 1}, "301"),  # put before them
        ("axb", {"a": 0, "b": 1}, "031"),
        ("ba", {"a": 0, "b": 1}, "10"),
        ("xab", {"b": 1}, "031"),  # nothing was ever said in a
        ("xb", {"a": 0, "b": 1}, "01"),  # a reworded
        ("b", {"a": 0, "b": 1}, "1"),  # a gone
        ("xya", {"a": 0, "z": 3}, "410"),  # not where words of z may stand
        ("ab", {"a": 0, "b": 0}, "01"),  # once the same, and now both here
    ],
)
def test_a_column_keeps_the_place_that_it_has_on_record(columns: str, on_record: dict[str, int], places: str) -> None:
    kept = kept_places(list(columns), on_record)
    assert [kept[column] for column in columns] == [int(place) for place in places]


def ticks(*columns: str, **said: str) -> Row:
    """An answer whose choice has these columns, in this order; `said` stands in the column of that name."""
    row = {name: cell for name, cell in exit_row(1).items() if name != "helped"}
    return row | {f"helped[{column}]": said.get(column, "") for column in columns}


def configure(desk: Desk, **asked: Any) -> None:
    others = [question for question in EXIT["questions"] if question["column"] not in ("helped", "improve")]
    desk.configure(sources={"exit": {"questions": [*others, asked]}})


def heard(desk: Desk) -> dict[str, int]:
    """Each comment's words, and the place of its column."""
    uids = desk.ask(select(Comment.comment_uid))
    found = [desk.ask(select(Comment).where(Comment.comment_uid == uid))[0] for uid in uids]
    return {comment.text: comment.repeat_index for comment in found}


def test_own_words_stay_in_their_loop_where_an_option_is_put_before_them_and_the_answer_is_edited(desk: Desk) -> None:
    """helped[Staff], helped[Other] → helped[Bus], helped[Staff], helped[Other]"""
    configure(desk, match=r"^helped\[", role="choice", code="helped", multi="columns", own_words=True)
    desk.pull(ticks("Staff", "Other", Other=COLD))
    cold = desk.loop_of(COLD).loop_uid
    desk.answer(cold, told=True)
    desk.pull(ticks("Bus", "Staff", "Other", Other=COLD, Bus="Yes"), name="export-2.csv")
    assert (desk.loop(cold).state, desk.moves(cold)[-1]) == ("told", "tell")
    assert heard(desk) == {COLD: 1}
    desk.pull(ticks("Bus", "Staff", "Other", Other=COLD, Bus=LATE), name="export-3.csv")
    assert heard(desk) == {LATE: 3, COLD: 1}
    assert (desk.loop(cold).state, desk.loop_of(LATE).state) == ("told", "heard")
    assert problems_of(desk.store) == []


def test_a_comments_column_between_two_others_moves_neither(sqlite_desk: Desk) -> None:
    configure(sqlite_desk, match=r"^improve ", role="comment", code="improve")
    said = {"improve rooms": COLD, "improve times": LATE}
    sqlite_desk.pull(exit_row(1) | said)
    loops = [sqlite_desk.loop_of(words).loop_uid for words in said.values()]
    between = {"improve rooms": COLD, "improve people": "more visits", "improve times": f"{LATE}, often"}
    sqlite_desk.pull(exit_row(1) | between, name="export-2.csv")
    assert [sqlite_desk.loop_of(words).loop_uid for words in said.values()] == loops
    assert heard(sqlite_desk) == {COLD: 0, "more visits": 3, f"{LATE}, often": 1}
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.parametrize(("match", "left"), [("^improve", COLD), ("^improve t", "")])
def test_what_was_said_in_a_column_that_is_gone_stands_unless_the_map_took_it_out(
    sqlite_desk: Desk, match: str, left: str
) -> None:
    row = {name: cell for name, cell in exit_row(1).items() if name != "improve"}
    configure(sqlite_desk, match="^improve", role="comment", code="improve")
    sqlite_desk.pull(row | {"improve rooms": COLD, "improve times": LATE})
    configure(sqlite_desk, match=match, role="comment", code="improve")
    here = {} if match == "^improve" else {"improve rooms": COLD}
    pulled = sqlite_desk.pull(row | here | {"improve times": "more visits"}, name="export-2.csv")
    assert heard(sqlite_desk) == {left: 0, "more visits": 1}
    told = "on record and not among the columns; what was said there stands: 'improve rooms'"
    assert (told in pulled.notes) is bool(left)
    assert problems_of(sqlite_desk.store) == []


def test_a_column_that_a_map_names_is_the_same_once_it_is_one_of_several(sqlite_desk: Desk) -> None:
    configure(sqlite_desk, column="improve", role="comment", code="improve")
    sqlite_desk.pull(exit_row(1) | {"improve": COLD})
    cold = sqlite_desk.loop_of(COLD).loop_uid
    configure(sqlite_desk, match=r"^(first|improve)$", role="comment", code="improve")
    row = {name: cell for name, cell in exit_row(1).items() if name != "improve"}
    sqlite_desk.pull(row | {"first": LATE, "improve": COLD}, name="export-2.csv")
    assert (sqlite_desk.loop_of(COLD).loop_uid, heard(sqlite_desk)) == (cold, {COLD: 0, LATE: 2})


def test_a_header_that_was_reworded_twice_and_then_moved_has_the_same_comment(sqlite_desk: Desk) -> None:
    configure(sqlite_desk, match=r"^What would you change", role="comment", code="improve")
    asked = "What would you change?", "What would you change? (optional)", "What would you change? (if anything)"
    for number, header in enumerate(asked):
        sqlite_desk.pull(exit_row(1) | {header: COLD}, name=f"export-{number}.csv")
    cold = sqlite_desk.loop_of(COLD).loop_uid
    sqlite_desk.pull(exit_row(1) | {"What would you change first?": LATE, asked[2]: COLD}, name="export-9.csv")
    assert (sqlite_desk.loop_of(COLD).loop_uid, sqlite_desk.moves(cold)) == (cold, ["open"])
    assert sqlite_desk.loop_of(LATE).state == "heard"


def test_forgotten_words_are_known_where_their_column_has_moved_and_the_file_is_read_again(sqlite_desk: Desk) -> None:
    asked = {"match": r"^helped\[", "role": "choice", "code": "helped", "multi": "columns", "own_words": True}
    others = [question for question in EXIT["questions"] if question["column"] not in ("helped", "improve", "like")]
    sqlite_desk.configure(sources={"exit": {"questions": [*others, asked]}})
    sqlite_desk.pull(ticks("Staff", "Other", Other=COLD))
    sqlite_desk.pull(ticks("Bus", "Staff", "Other", Other=COLD, Bus="Yes") | {"like": "The films"}, name="export-2.csv")
    with transaction(sqlite_desk.store) as session:
        forget_comments(session, list(session.scalars(select(Comment.comment_uid))))
    configure(sqlite_desk, **asked)
    assert [file.status for file in pull_again("exit", NOW).files] == ["unchanged"]
    assert sqlite_desk.texts() == [""]
