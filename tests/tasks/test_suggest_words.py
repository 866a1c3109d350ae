"""Words proposed for the thesaurus: from confirmed answers alone, never from a few people, never what is held back."""

import pytest
from sqlalchemy import update

from heardback.domain.lifecycle import Role
from heardback.domain.words import LoopState, Standing
from heardback.errors import NotAllowed
from heardback.ledger import Actor
from heardback.store import Loop
from heardback.store.matches import judge
from heardback.store.session import transaction
from tasks.suggest_words import suggest_thesaurus_words
from tests.council import change_row, exit_row
from tests.desk import Desk
from tests.factories import NOW
from tests.ready_made import ReadyMade

LEAD = Actor("Ruth Abara", Role.SAFEGUARDING_LEAD)
HATCH = [f"the hatch is grim number {word}" for word in ("one", "two", "three", "four")]
OTHERS = [f"longer sessions please {word}" for word in ("red", "blue", "green", "pink", "brown", "black")]


def two_asks_and_their_answers(desk: Desk) -> None:
    """Four voices about the hatch, answered by a reception painted; six others, answered by longer sessions."""
    desk.drop("exit", *(exit_row(place, said) for place, said in enumerate([*HATCH, *OTHERS], start=1)))
    desk.pull_all()
    desk.drop(
        "log",
        change_row(1, "We painted the reception.", Title="Reception", **{"You said": "The reception was sad"}),
        change_row(2, "An hour for each session.", Title="Sessions", **{"You said": "Sessions were short"}),
    )
    desk.pull_all("log")


@pytest.fixture
def answered(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, two_asks_and_their_answers)


def confirm(desk: Desk, said: list[str], change: str, standing: Standing = Standing.CONFIRMED) -> None:
    loops = {desk.loop_of(words).loop_uid for words in said}
    with transaction(desk.store) as session:
        for loop_uid in sorted(loops):
            judge(session, loop_uid, change, Standing.CONFIRMED, "Amira Sayed", NOW)
            if standing != Standing.CONFIRMED:
                judge(session, loop_uid, change, standing, "Amira Sayed", NOW)


def proposed() -> dict[str, dict[str, int]]:
    """Each word's targets, and the voices behind them."""
    found: dict[str, dict[str, int]] = {}
    for each in suggest_thesaurus_words("priya", NOW)["words"]:
        found.setdefault(each["word"], {})[each["target"]] = each["voices"]
    return found


def test_a_word_of_confirmed_comments_is_proposed_for_the_group_of_their_change(answered: Desk) -> None:
    confirm(answered, HATCH, "log:1")
    confirm(answered, OTHERS, "log:2")
    assert suggest_thesaurus_words("priya", NOW)["answers"] == 10
    assert proposed()["hatch"]["reception"] == 4


def test_what_nobody_confirmed_or_somebody_rejected_proposes_nothing(answered: Desk) -> None:
    confirm(answered, OTHERS, "log:2")
    assert "hatch" not in proposed()
    confirm(answered, HATCH, "log:1", Standing.REJECTED)
    assert "hatch" not in proposed()


def test_a_word_of_two_voices_is_not_shown(answered: Desk) -> None:
    confirm(answered, HATCH[:2], "log:1")
    confirm(answered, OTHERS, "log:2")
    assert "hatch" not in proposed()


def test_what_is_held_back_is_not_counted(answered: Desk) -> None:
    confirm(answered, HATCH, "log:1")
    confirm(answered, OTHERS, "log:2")
    for words in HATCH[:2]:
        loop_uid = answered.loop_of(words).loop_uid
        answered.move(loop_uid, "withhold", actor=LEAD, reason="a concern")
        assert answered.loop(loop_uid).state == LoopState.WITHHELD
    assert "hatch" not in proposed()


def test_what_accuses_staff_is_not_counted(answered: Desk) -> None:
    confirm(answered, HATCH, "log:1")
    confirm(answered, OTHERS, "log:2")
    with transaction(answered.store) as session:
        about_staff = [answered.loop_of(words).loop_uid for words in HATCH[:2]]
        session.execute(update(Loop).where(Loop.loop_uid.in_(about_staff)).values(kept_from_service=True))
    assert suggest_thesaurus_words("priya", NOW)["answers"] == 8
    assert "hatch" not in proposed()


def test_a_name_that_several_people_wrote_is_not_shown(sqlite_desk: Desk) -> None:
    said = [f"my worker is called Oluwaseyi Whitcombe, {word}" for word in ("one", "two", "three", "four")]
    sqlite_desk.drop("exit", *(exit_row(place, words) for place, words in enumerate([*said, *OTHERS], start=1)))
    sqlite_desk.pull_all()
    sqlite_desk.drop("log", change_row(1, "We painted the reception."), change_row(2, "An hour for each session."))
    sqlite_desk.pull_all("log")
    confirm(sqlite_desk, said, "log:1")
    confirm(sqlite_desk, OTHERS, "log:2")
    assert not {"oluwaseyi", "whitcombe", "hidden", "name"} & set(proposed())
    assert set(proposed()["called"].values()) == {4}


def test_the_councils_own_group_is_proposed_too(answered: Desk) -> None:
    path = answered.folder / "config" / "thesaurus.yaml"
    path.write_text("leave_out: [reception, looks of a place]\ngroups:\n  - {name: painted, words: [makeover]}\n")
    confirm(answered, HATCH, "log:1")
    confirm(answered, OTHERS, "log:2")
    assert proposed()["hatch"]["painted"] == 4


@pytest.mark.parametrize("by", ["dee", "amira", "ruth", "nobody at all"])
def test_whoever_has_not_the_right_is_refused(answered: Desk, by: str) -> None:
    with pytest.raises(NotAllowed):
        suggest_thesaurus_words(by, NOW)
