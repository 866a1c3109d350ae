"""Responses that were edited where they came from: their words follow, and so do their loops (fault 40)."""

from datetime import date

import pytest
from sqlalchemy import select

from heardback.landing.edits import SINCE
from heardback.store import Comment, HistoryEntry, Loop, Membership, Rating, Revision
from heardback.store.session import reading
from tests.council import Row, exit_row
from tests.desk import Desk, problems_of
from tests.factories import LEAD
from tests.ready_made import ReadyMade

FREEZING, PIZZA, HARM, COMPLAINT = (
    "The room is freezing",
    "More pizza please",
    "my dad hits me",
    "a formal complaint please",
)
OTHERS = [exit_row(number, f"Something else is wrong here: {number}") for number in range(90, 96)]


def edit(desk: Desk, *rows: Row, name: str = "export-2.csv") -> None:
    """A later snapshot, in which these rows stand beside the others."""
    report = desk.pull(*rows, *OTHERS, name=name)
    assert report.status == "landed", report.error
    assert problems_of(desk.store) == []


def say(desk: Desk) -> None:
    """A first snapshot, to be edited."""
    edit(desk, exit_row(1, FREEZING), name="export-1.csv")


@pytest.fixture
def said(desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(desk, say)


@pytest.fixture
def sqlite_said(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, say)


def test_an_edited_answer_keeps_its_loop_and_its_earlier_landing_stays_on_record(said: Desk) -> None:
    loop_uid = said.loop_of(FREEZING).loop_uid
    edit(said, exit_row(1, "The room is boiling", rate="5"))
    assert said.loop_of("The room is boiling").loop_uid == loop_uid
    assert FREEZING not in said.texts()
    assert said.fates()[:2] == [("loop", ""), ("loop", "")]
    with reading(said.store) as session:
        counts = session.execute(select(Revision.revision, Revision.ratings).where(Revision.row_number == 2)).all()
    assert [tuple(row) for row in counts] == [(1, 0), (2, 1)]
    assert said.loop(loop_uid).state == "heard"


@pytest.mark.parametrize("told", [False, True])
def test_an_edited_answer_reopens_its_answered_loop(said: Desk, told: bool) -> None:
    loop_uid = said.loop_of(FREEZING).loop_uid
    said.answer(loop_uid, told=told)
    edit(said, exit_row(1, "The room is boiling now"))
    loop = said.loop(loop_uid)
    assert (loop.state, loop.outcome, loop.told_on) == ("reopened", "", None)
    assert "loop.reopened" in said.events()


def test_an_answered_loop_stays_answered_where_only_a_rating_was_edited(sqlite_said: Desk) -> None:
    loop_uid = sqlite_said.loop_of(FREEZING).loop_uid
    sqlite_said.answer(loop_uid, told=True)
    edit(sqlite_said, exit_row(1, FREEZING, rate="5", helped="place"))
    edit(sqlite_said, exit_row(1, FREEZING, rate="1"), name="export-3.csv")
    assert sqlite_said.loop(loop_uid).state == "told"
    with reading(sqlite_said.store) as session:
        assert session.scalars(select(Rating.score)).all() == [0.0]


@pytest.mark.parametrize("told", [False, True])
def test_an_edit_that_discloses_harm_is_withheld_with_an_alarm(sqlite_said: Desk, told: bool) -> None:
    loop_uid = sqlite_said.loop_of(FREEZING).loop_uid
    if told:
        sqlite_said.answer(loop_uid, told=True)
    edit(sqlite_said, exit_row(1, HARM))
    assert sqlite_said.loop(loop_uid).state == "withheld"
    assert sqlite_said.fates()[1] == ("withheld", "")
    assert sqlite_said.events().count("safeguarding.raised") == 1


def test_an_edit_into_a_complaint_is_diverted(sqlite_said: Desk) -> None:
    open_loop = sqlite_said.loop_of(FREEZING).loop_uid
    edit(sqlite_said, exit_row(1, COMPLAINT))
    assert (sqlite_said.loop(open_loop).state, sqlite_said.fates()[1][0]) == ("diverted", "diverted")


def test_an_answered_loop_edited_into_a_complaint_is_diverted_too(sqlite_said: Desk) -> None:
    loop_uid = sqlite_said.loop_of(FREEZING).loop_uid
    sqlite_said.answer(loop_uid)
    edit(sqlite_said, exit_row(1, COMPLAINT))
    assert sqlite_said.moves(loop_uid)[-2:] == ["reopen", "divert"]


def test_praise_that_asks_for_something_after_an_edit_is_counted_again(sqlite_said: Desk) -> None:
    edit(sqlite_said, exit_row(2, "lovely"))
    loop_uid = sqlite_said.loop_of("lovely").loop_uid
    edit(sqlite_said, exit_row(2, PIZZA), name="export-3.csv")
    assert sqlite_said.loop(loop_uid).state == "heard"


@pytest.mark.parametrize(("words", "state"), [("Paint the hall", "heard"), (HARM, "withheld"), (COMPLAINT, "diverted")])
def test_of_several_that_were_set_aside_only_the_edited_one_asks_again(
    sqlite_desk: Desk, words: str, state: str
) -> None:
    sqlite_desk.pull(*(exit_row(number, FREEZING) for number in (1, 2, 3)))
    sqlite_desk.move("L-0001", "set_aside", reason="mended long ago")
    edit(sqlite_desk, exit_row(1, FREEZING), exit_row(2, FREEZING), exit_row(3, words))
    edited = sqlite_desk.loop_of(words)
    assert (edited.loop_uid, edited.state, edited.voices) == ("L-0002", state, 1)
    assert (sqlite_desk.loop("L-0001").state, sqlite_desk.loop("L-0001").voices) == ("not_counted", 2)
    assert problems_of(sqlite_desk.store) == []


def test_one_that_was_set_aside_with_others_and_still_asks_for_nothing_stays_with_them(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING), exit_row(2, FREEZING))
    sqlite_desk.move("L-0001", "set_aside", reason="mended long ago")
    edit(sqlite_desk, exit_row(1, FREEZING), exit_row(2, "nothing"))
    assert (sqlite_desk.loop("L-0001").state, sqlite_desk.loop("L-0001").voices) == ("not_counted", 2)


def test_a_voice_that_is_taken_back_leaves_what_was_set_aside(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, FREEZING), exit_row(2, FREEZING))
    sqlite_desk.move("L-0001", "set_aside", reason="mended long ago")
    edit(sqlite_desk, exit_row(1, FREEZING), exit_row(2, ""))
    sqlite_desk.move("L-0001", "count_again", reason="it broke again")
    assert (sqlite_desk.loop("L-0001").voices, sqlite_desk.states()[:2]) == (1, ["heard", "withdrawn"])
    assert problems_of(sqlite_desk.store) == []


def test_an_open_ask_edited_into_nothing_stays_open_for_a_person_to_close(sqlite_said: Desk) -> None:
    loop_uid = sqlite_said.loop_of(FREEZING).loop_uid
    edit(sqlite_said, exit_row(1, "nothing"))
    assert sqlite_said.loop(loop_uid).state == "heard"


def test_a_comment_added_to_a_known_response_opens_its_loop(sqlite_said: Desk) -> None:
    before = sqlite_said.count(Loop)
    edit(sqlite_said, exit_row(1, FREEZING, like=PIZZA))
    assert sqlite_said.count(Loop) == before + 1
    assert sqlite_said.loop_of(PIZZA).state == "heard"


def test_a_removed_comments_words_go_and_its_sole_voice_loop_is_withdrawn(said: Desk) -> None:
    edit(said, exit_row(1, FREEZING, like=PIZZA))
    loop_uid = said.loop_of(PIZZA).loop_uid
    edit(said, exit_row(1, FREEZING), name="export-3.csv")
    assert (said.loop(loop_uid).state, PIZZA in said.texts()) == ("withdrawn", False)
    with reading(said.store) as session:
        blank = session.scalars(select(Comment).where(Comment.text == "")).one()
    assert (blank.fingerprint, blank.reasons, blank.identifying) == ("", [], [])
    assert said.loop_of(FREEZING).state == "heard"


def test_a_removed_comment_leaves_the_other_voices_of_its_loop_alone(said: Desk) -> None:
    edit(said, exit_row(1, FREEZING), exit_row(2, FREEZING), exit_row(3, FREEZING))
    with reading(said.store) as session:
        shared = session.scalars(select(Loop).where(Loop.voices == 3)).one().loop_uid
    said.answer(shared, told=True)
    edit(said, exit_row(1, FREEZING), exit_row(2), exit_row(3, FREEZING), name="export-3.csv")
    assert (said.loop(shared).voices, said.loop(shared).state) == (2, "told")
    assert said.states()[-1] == "withdrawn"
    why = select(HistoryEntry.reason).where(HistoryEntry.loop_uid == shared, HistoryEntry.move == "split")
    assert said.ask(why) == ["left out when it was edited"]


def test_a_loop_that_loses_all_its_voices_in_one_pull_is_withdrawn(sqlite_said: Desk) -> None:
    edit(sqlite_said, exit_row(1, FREEZING), exit_row(2, FREEZING))
    with reading(sqlite_said.store) as session:
        shared = session.scalars(select(Loop).where(Loop.voices == 2)).one().loop_uid
    edit(sqlite_said, exit_row(1), exit_row(2), name="export-3.csv")
    assert (sqlite_said.loop(shared).state, FREEZING in sqlite_said.texts()) == ("withdrawn", False)


@pytest.mark.parametrize(
    ("words", "state"), [(PIZZA, "heard"), (HARM, "withheld"), (COMPLAINT, "diverted")]
)  # fmt: skip
def test_an_edited_comment_leaves_the_loop_whose_words_it_no_longer_shares(
    sqlite_said: Desk, words: str, state: str
) -> None:
    edit(sqlite_said, exit_row(1, FREEZING), exit_row(2, FREEZING))
    shared = "L-0001"
    sqlite_said.answer(shared, told=True)
    edit(sqlite_said, exit_row(1, words), exit_row(2, FREEZING), name="export-3.csv")
    assert (sqlite_said.loop(shared).state, sqlite_said.loop(shared).voices) == ("told", 1)
    assert sqlite_said.loop_of(words).state == state
    with reading(sqlite_said.store) as session:
        days = session.scalars(
            select(Membership.joined_on).where(Membership.loop_uid == sqlite_said.loop_of(words).loop_uid)
        )
        assert days.all() == [date(2026, 11, 10)]  # until then it was in the shared loop


def test_a_voice_that_only_changed_its_spelling_stays_in_company(sqlite_said: Desk) -> None:
    edit(sqlite_said, exit_row(1, FREEZING), exit_row(2, FREEZING))
    edit(sqlite_said, exit_row(1, FREEZING.upper() + "!"), exit_row(2, FREEZING), name="export-3.csv")
    assert sqlite_said.loop("L-0001").voices == 2


def test_a_comment_that_is_held_keeps_its_words_until_somebody_has_read_them(said: Desk) -> None:
    edit(said, exit_row(2, HARM))
    loop_uid = said.loop_of(HARM).loop_uid
    edit(said, exit_row(2, "all is fine"), name="export-3.csv")
    edit(said, exit_row(2, "all is fine", rate="5"), name="export-4.csv")
    assert HARM + SINCE + "all is fine" in said.texts()
    assert said.loop(loop_uid).state == "withheld"
    with reading(said.store) as session:
        comment = session.scalars(select(Comment).where(Comment.text.startswith(HARM))).one()
    assert (comment.verdict, comment.priority, comment.reasons) == ("flagged", 1, ["hurt by someone"])


def test_a_held_comment_that_was_left_out_of_an_edit_is_still_read(sqlite_said: Desk) -> None:
    edit(sqlite_said, exit_row(2, HARM))
    edit(sqlite_said, exit_row(2), name="export-3.csv")
    assert sqlite_said.loop_of(HARM).state == "withheld"


def test_an_edit_into_harm_of_what_was_released_is_withheld_again(sqlite_said: Desk) -> None:
    edit(sqlite_said, exit_row(2, HARM))
    loop_uid = sqlite_said.loop_of(HARM).loop_uid
    sqlite_said.move(loop_uid, "release", LEAD, reason="a game of tag")
    edit(sqlite_said, exit_row(2, HARM + " and my brother"), name="export-3.csv")
    assert sqlite_said.loop(loop_uid).state == "withheld"


def test_an_edited_comment_meets_the_changes_anew(sqlite_said: Desk) -> None:
    with sqlite_said.store.begin() as connection:
        connection.exec_driver_sql("UPDATE loop SET matched_at = '2026-11-01 00:00:00'")
    edit(sqlite_said, exit_row(1, PIZZA))
    assert sqlite_said.loop_of(PIZZA).matched_at is None
    assert sqlite_said.loop_of("Something else is wrong here: 91").matched_at is not None


def test_a_response_that_turns_out_to_be_a_test_is_taken_back(sqlite_said: Desk) -> None:
    edit(sqlite_said, exit_row(1, FREEZING, status="test"))
    assert FREEZING not in sqlite_said.texts()
    assert sqlite_said.states()[0] == "withdrawn"
    edit(sqlite_said, exit_row(1, FREEZING), name="export-3.csv")
    assert sqlite_said.loop_of(FREEZING).state == "heard"
