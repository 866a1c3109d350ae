"""A public answer in other words, kept by command and shown on the board."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from config.council import read_council
from heardback.domain.lifecycle import APPROVALS
from heardback.errors import ConfigurationError, MoveRefused, NotAllowed, NotFound
from heardback.store.session import transaction
from tasks.board import write_posters_of, write_public_board
from tasks.loops import By
from tasks.posting import record_posting
from tasks.told_back import write_list
from tasks.wordings import keep_wording
from tests.factories import MANAGER, NOW, OWN, a_loop
from tests.tasks.answered_loops import OFFICER, an_answered_loop, move
from tests.tasks.conftest import CONFIG

TWO = ("okafor", "lovelace")
DAY = date(2026, 11, 10)


@pytest.fixture
def place(sqlite_workplace: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample's configuration, to be written into."""
    copy = tmp_path / "config"
    shutil.copytree(CONFIG, copy, ignore=shutil.ignore_patterns("__pycache__", "starter", "names"))
    monkeypatch.setenv("HEARDBACK_CONFIG", str(copy))
    assert sqlite_workplace.dialect.name == "sqlite"
    return copy


def answered(store: Engine) -> str:
    with transaction(store) as session:
        return an_answered_loop(session, MANAGER, OFFICER)


def board(folder: Path) -> str:
    return write_public_board(DAY, str(folder)).paths[0].read_text("utf-8")


def test_what_two_people_checked_stands_on_the_board_until_the_answer_changes(
    sqlite_workplace: Engine, place: Path, tmp_path: Path
) -> None:
    loop_uid = answered(sqlite_workplace)
    kept = keep_wording(loop_uid, "8-11", "It was cold.", "Now there is a heater.", TWO, NOW)
    assert kept.path == place / "wordings" / f"{loop_uid}-8-11-2026-11-10.yaml"
    page = board(tmp_path / "first")
    assert "For 8 to 11 year olds" in page and "Now there is a heater." in page
    with transaction(sqlite_workplace) as session:
        words: dict[str, Any] = {
            "outcome": "done",
            "wording": "We put two heaters in there.",
            "reason": "one was not enough",
        }
        move(session, loop_uid, "revise", on=DAY, **words)
        for actor, approval in zip((MANAGER, OFFICER), APPROVALS, strict=True):
            move(session, loop_uid, "approve", actor, approval=approval, on=DAY)
    page = board(tmp_path / "second")
    assert "two heaters" in page and "Now there is a heater." not in page


@pytest.mark.parametrize("by", [("okafor", "okafor"), ("okafor", "whitlow"), ("okafor", "a stranger")])
def test_one_person_or_somebody_who_may_not_approve_keeps_nothing(
    sqlite_workplace: Engine, place: Path, by: tuple[str, str]
) -> None:
    with pytest.raises(NotAllowed):
        keep_wording(answered(sqlite_workplace), "8-11", "It was cold.", "Now there is a heater.", by, NOW)
    assert not (place / "wordings").exists()


def test_a_version_that_there_is_not_and_a_loop_without_a_decision_are_told(
    sqlite_workplace: Engine, place: Path
) -> None:
    with pytest.raises(NotFound, match="no version 'xx'"):
        keep_wording(answered(sqlite_workplace), "xx", "a", "b", TWO, NOW)
    with transaction(sqlite_workplace) as session:
        waiting = a_loop(session, OWN)
    with pytest.raises(MoveRefused, match="nothing is decided"):
        keep_wording(waiting, "8-11", "a", "b", TWO, NOW)
    assert not (place / "wordings").exists()


def test_one_that_cannot_be_read_back_leaves_what_was_kept_before_it(sqlite_workplace: Engine, place: Path) -> None:
    loop_uid = answered(sqlite_workplace)
    with pytest.raises(ConfigurationError, match="answer"):
        keep_wording(loop_uid, "8-11", "It was cold.", "", TWO, NOW)
    assert list((place / "wordings").iterdir()) == []
    kept = keep_wording(loop_uid, "8-11", "It was cold.", "Now there is a heater.", TWO, NOW)
    with pytest.raises(ConfigurationError, match="answer"):
        keep_wording(loop_uid, "8-11", "It was cold.", "", TWO, NOW)
    assert "Now there is a heater." in kept.path.read_text("utf-8")


def test_a_file_of_wordings_is_checked_line_by_line(place: Path) -> None:
    (place / "wordings").mkdir()
    entry = "loop: L-0001\nversion: xx\ndecided_on: 2026-11-01\nsaid: a\nanswer: b\nsince: 2026-11-02\n"
    (place / "wordings" / "one.yaml").write_text(entry + "approved_by: [okafor, nobody]\n", encoding="utf-8")
    (place / "wordings" / "two.yaml").write_text(entry + "approved_by: [okafor, okafor]\n", encoding="utf-8")
    languages = "versions:\n- {code: so, name: Soomaali, lang: so}\n"
    told = [fault.what for fault in read_council(place)[1]]
    assert "'xx' is not among `versions` in wordings.yaml" in told
    assert "'nobody' is not among the people of services.yaml" in told
    assert any("names one person twice" in what for what in told)
    (place / "wordings.yaml").write_text(languages, encoding="utf-8")
    assert any("nothing is translated by a machine" in fault.what for fault in read_council(place)[1])


def test_a_poster_in_other_words_is_written_and_hung_up_by_its_version(
    sqlite_workplace: Engine, place: Path, tmp_path: Path
) -> None:
    """What is not written in it hangs on no such poster, so nobody is told of it."""
    loop_uid, other = answered(sqlite_workplace), answered(sqlite_workplace)
    with pytest.raises(NotFound, match="no answer on the board is written in '8-11'"):
        write_posters_of("8-11", DAY, str(tmp_path))
    with pytest.raises(NotFound, match="no version 'so'"):
        write_posters_of("so", DAY, str(tmp_path))
    keep_wording(loop_uid, "8-11", "It was cold.", "Now there is a heater.", TWO, NOW)
    (path,) = write_posters_of("8-11", DAY, str(tmp_path))
    assert path.name.endswith("-8-11.pdf")
    posted = record_posting("yjs", "Marsh Lane hall", By("okafor", on=DAY), NOW, "8-11")
    assert (posted.told, posted.told_again, posted.known) == ([], [loop_uid], 0)
    assert record_posting("yjs", "Marsh Lane hall", By("okafor", on=DAY), NOW).told_again == [other]


def test_a_group_takes_its_answers_along_in_other_words_too(
    sqlite_workplace: Engine, place: Path, tmp_path: Path
) -> None:
    with pytest.raises(NotFound, match="no version 'so'"):
        write_list("parents_forum", DAY, str(tmp_path), version="so")
    assert [path.name for path in write_list("parents_forum", DAY, str(tmp_path), version="8-11").paths] == [
        "told-back-parents_forum.html",
        "told-back-parents_forum.pdf",
    ]
