"""Ticked answers that a map marks hold back what the response says; `hold` says whether all of it waits."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.council import read_council
from config.questions import Question
from heardback.landing.concerns import WORDLESS
from heardback.store import Comment
from heardback.store.session import reading
from tests.council import EXIT, exit_row, write_council
from tests.desk import Desk

NOT_SAFE = {"answers": ["I do not feel safe"], "reason": "does not feel safe", "priority": 1}
LOW = {"answers": ["1"], "reason": "rated at the worst", "priority": 3}
WORDS = "the waiting room is freezing"


def marked() -> list[dict[str, Any]]:
    """The exit map's questions, with two of them marked."""
    concerns = {"helped": [NOT_SAFE], "rate": [LOW]}
    return [
        {**question, "concerns": concerns[question["column"]]} if question["column"] in concerns else question
        for question in EXIT["questions"]
    ]


@pytest.fixture
def marks() -> dict[str, Any]:
    return {"sources": {"exit": {"questions": marked()}}}


def comments_of(desk: Desk) -> dict[str, tuple[str, int, list[str]]]:
    with reading(desk.store) as session:
        found = session.scalars(select(Comment)).all()
        return {each.text: (each.verdict, each.priority, list(each.reasons)) for each in found}


def test_a_marked_answer_holds_back_the_words_beside_it_and_raises_the_alarm(
    sqlite_desk: Desk, marks: dict[str, Any]
) -> None:
    sqlite_desk.configure(**marks)
    sqlite_desk.pull(exit_row(1, WORDS, helped="My worker;I do not feel safe"), exit_row(2, "more pool please"))
    assert comments_of(sqlite_desk)[WORDS] == ("flagged", 1, ["does not feel safe"])
    assert sqlite_desk.loop_of(WORDS).state == "withheld"
    assert sqlite_desk.loop_of("more pool please").state == "heard"
    assert sqlite_desk.events().count("safeguarding.raised") == 1


def test_two_marked_answers_both_stand_among_the_reasons_the_sooner_first(
    sqlite_desk: Desk, marks: dict[str, Any]
) -> None:
    sqlite_desk.configure(**marks)
    sqlite_desk.pull(exit_row(1, "my dad hits me", helped="i do NOT feel  safe", rate="1"))
    reasons = ["does not feel safe", "rated at the worst", "hurt by someone"]
    assert comments_of(sqlite_desk) == {"my dad hits me": ("flagged", 1, reasons)}


def test_words_that_are_more_urgent_than_the_answer_beside_them_stay_so(
    sqlite_desk: Desk, marks: dict[str, Any]
) -> None:
    sqlite_desk.configure(**marks)
    sqlite_desk.pull(exit_row(1, "my dad hits me", like=WORDS, rate="1"))
    assert {words: priority for words, (_, priority, _) in comments_of(sqlite_desk).items()} == {
        "my dad hits me": 1, WORDS: 3,
    }  # fmt: skip


def test_where_nothing_was_written_something_waits_in_the_reading_queue_all_the_same(
    sqlite_desk: Desk, marks: dict[str, Any]
) -> None:
    sqlite_desk.configure(**marks)
    sqlite_desk.pull(exit_row(1, rate="1"), exit_row(2, rate="5"))
    assert comments_of(sqlite_desk) == {WORDLESS: ("flagged", 3, ["rated at the worst"])}
    assert sqlite_desk.states() == ["withheld"]
    assert sqlite_desk.events().count("safeguarding.raised") == 1


def test_an_answer_that_was_changed_to_a_marked_one_holds_the_same_words_back(
    sqlite_desk: Desk, marks: dict[str, Any]
) -> None:
    sqlite_desk.configure(**marks)
    sqlite_desk.pull(exit_row(1, WORDS, rate="5"))
    sqlite_desk.pull(exit_row(1, WORDS, rate="1"), name="export-2.csv")
    assert sqlite_desk.states() == ["withheld"]
    assert comments_of(sqlite_desk) == {WORDS: ("flagged", 3, ["rated at the worst"])}


@pytest.mark.parametrize(
    ("policy", "source", "state"),
    [("flagged", "", "heard"), ("all", "", "withheld"), ("all", "flagged", "heard"), ("flagged", "all", "withheld")],
)
def test_a_sources_own_hold_goes_before_the_policys(sqlite_desk: Desk, policy: str, source: str, state: str) -> None:
    sqlite_desk.configure(policy={"screening": {"hold": policy}}, sources={"exit": {"hold": source}})
    sqlite_desk.pull(exit_row(1, WORDS))
    assert sqlite_desk.states() == [state]


def question(**more: Any) -> Question:
    return Question.model_validate({"column": "safe", "concerns": [NOT_SAFE], **more})


def test_only_answers_that_the_question_lists_can_be_marked() -> None:
    with pytest.raises(ValueError, match="is no answer that the question lists"):
        question(role="choice", options=["I feel safe"])
    with pytest.raises(ValueError, match="answers to a choice or a rating"):
        question(role="comment")
    assert question(role="choice", options=["I do not feel safe"]).codes_of(("i do not feel safe",)) == {
        "i_do_not_feel_safe"
    }
    assert question(role="choice", values={"I do not feel safe": "unsafe"}).codes_of(("I do not feel safe",)) == {
        "unsafe"
    }


def test_check_tells_the_file_and_the_line_of_an_answer_that_nobody_can_give(tmp_path: Path) -> None:
    scale = {"1": 1, "2": 2, "3": 3}
    concerns = [{"answers": ["9"], "reason": "rated at the worst"}]
    asked = [
        {**question, "scale": scale, "concerns": concerns} if question["column"] == "rate" else question
        for question in EXIT["questions"]
    ]
    folder = write_council(tmp_path, sources={"exit": {"questions": asked}})
    _, faults = read_council(folder)
    written = (folder / "sources" / "exit.yaml").read_text(encoding="utf-8").splitlines()
    (fault,) = faults
    assert fault.file.endswith("exit.yaml")
    assert "column: rate" in written[fault.line - 1]
    assert "'9' under concerns is no answer that the question lists" in fault.what


def test_a_marked_answer_that_accuses_staff_keeps_the_words_and_the_wordless_from_their_service(
    sqlite_desk: Desk,
) -> None:
    hurt = {"answers": ["I do not feel safe"], "reason": "hurt by staff", "about_staff": True}
    told = {"helped": [hurt], "rate": [LOW]}
    questions = [
        {**question, "concerns": told[question["column"]]} if question["column"] in told else question
        for question in EXIT["questions"]
    ]
    sqlite_desk.configure(sources={"exit": {"questions": questions}})
    sqlite_desk.pull(
        exit_row(1, WORDS, helped="I do not feel safe"),
        exit_row(2, "more pool please", rate="1"),
        exit_row(3, helped="I do not feel safe"),
    )
    assert sqlite_desk.loop_of(WORDS).kept_from_service
    assert sqlite_desk.loop_of(WORDLESS).kept_from_service
    assert not sqlite_desk.loop_of("more pool please").kept_from_service


def test_an_answer_that_was_changed_to_one_that_accuses_staff_takes_the_same_words_from_their_service(
    sqlite_desk: Desk,
) -> None:
    accused = {**LOW, "about_staff": True}
    questions = [
        {**question, "concerns": [accused]} if question["column"] == "rate" else question
        for question in EXIT["questions"]
    ]
    sqlite_desk.configure(sources={"exit": {"questions": questions}})
    sqlite_desk.pull(exit_row(1, WORDS, rate="5"))
    assert not sqlite_desk.loop_of(WORDS).kept_from_service
    sqlite_desk.pull(exit_row(1, WORDS, rate="1"), name="export-2.csv")
    assert sqlite_desk.loop_of(WORDS).kept_from_service
