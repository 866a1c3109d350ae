"""Rights by role and by matter: deny by default, own services alone, and nothing about one's own staff in any role."""

from typing import Any

import pytest

from config.directory import Directory
from heardback.domain.access import EVERYTHING, RIGHTS, Matter, Right, role_for, roles_of, somebody
from heardback.domain.lifecycle import HANDS, MOVES, Role, check_move
from heardback.domain.words import LoopState
from heardback.errors import MoveRefused
from tests.council import SERVICES

OWN, OTHERS = Matter("yjs"), Matter("hubs")
KEPT, HELD = Matter("yjs", kept_from_service=True), Matter("yjs", held_back=True)


def directory(**changes: Any) -> Directory:
    hubs = {"code": "hubs", "name": "Hubs", "owner": "dee", "deputy": "dee", "head": "dee"}
    services = [SERVICES["services"][0], hubs]
    return Directory.model_validate({**SERVICES, "services": services, **changes})


def test_a_manager_manages_their_own_service_alone() -> None:
    found = {over: Role.SERVICE_MANAGER in roles_of(directory(), "amira", over) for over in (OWN, OTHERS, EVERYTHING)}
    assert found == {OWN: True, OTHERS: False, EVERYTHING: True}


@pytest.mark.parametrize("who", ["amira", "ben", "hana"])
def test_what_is_held_back_is_not_managed_and_what_accuses_staff_is_nothing_at_all(who: str) -> None:
    assert Role.SERVICE_MANAGER not in roles_of(directory(), who, HELD)
    assert roles_of(directory(), who, KEPT) == frozenset()


def test_a_deputy_lead_who_heads_a_service_reads_all_but_what_accuses_its_staff() -> None:
    assert Role.SAFEGUARDING_LEAD in roles_of(directory(), "hana", HELD)
    assert Role.SAFEGUARDING_LEAD in roles_of(directory(), "hana", Matter("hubs", kept_from_service=True))
    assert Role.SAFEGUARDING_LEAD not in roles_of(directory(), "hana", KEPT)


@pytest.mark.parametrize(
    ("lead", "deputy", "fallback", "answers"),
    [("ruth", "hana", "priya", "ruth"), ("hana", "ruth", "priya", "ruth"), ("amira", "hana", "priya", "priya")],
)
def test_what_accuses_staff_is_answered_by_the_first_of_safeguarding_who_is_not_one_of_them(
    lead: str, deputy: str, fallback: str, answers: str
) -> None:
    people = {"safeguarding_lead": lead, "safeguarding_deputy": deputy, "fallback_owner": fallback}
    assert directory(**people).owner_of("yjs", kept_from_service=True) == answers
    assert Role.SERVICE_MANAGER in roles_of(directory(**people), answers, KEPT)


def test_what_no_service_owns_falls_to_the_person_named_for_it() -> None:
    unknown = Matter("unmapped")
    assert Role.SERVICE_MANAGER in roles_of(directory(), "priya", unknown)
    assert Role.SERVICE_MANAGER not in roles_of(directory(), "amira", unknown)


@pytest.mark.parametrize(
    ("named", "follows"), [((), "priya"), (("ben",), "priya"), (("ben", "ruth"), "ruth"), (("dee",), "dee")]
)
def test_a_complaint_is_followed_by_somebody_outside_its_service(named: tuple[str, ...], follows: str) -> None:
    council = directory(roles={"complaints_manager": named})
    assert council.complaints_manager_of("yjs") == follows
    managers = {code for code in council.people if Role.COMPLAINTS_MANAGER in roles_of(council, code, OWN)}
    assert managers == {follows}


def test_a_name_is_known_short_or_full_in_any_capitals_and_a_stranger_is_nobody() -> None:
    found = [somebody(directory(), name) for name in ("amira", "AMIRA SAYED", " Amira Sayed ")]
    assert [person.code for person in found if person] == ["amira"] * 3
    assert somebody(directory(), "Amira S") is None


def test_a_right_is_had_in_a_role_that_has_it() -> None:
    ruth, dee = somebody(directory(), "ruth"), somebody(directory(), "dee", OTHERS)
    assert ruth is not None
    assert dee is not None
    assert role_for(ruth, Right.WITHHELD) == Role.SAFEGUARDING_LEAD
    assert role_for(dee, Right.WITHHELD) is None
    assert role_for(dee, Right.WORDS) == Role.SERVICE_MANAGER


def test_no_right_is_given_to_heardback_itself_and_words_never_to_those_who_run_it() -> None:
    assert not [right for right, roles in RIGHTS.items() if Role.SYSTEM in roles]
    for right in (Right.WORDS, Right.ORIGINALS, Right.WITHHELD, Right.COMPLAINTS):
        assert not RIGHTS[right] & {Role.DATA_TEAM, Role.ADMINISTRATOR, Role.QUALITY_BOARD}, right


def can_move(*asked: Any) -> bool:
    try:
        return check_move(*asked) is not None
    except MoveRefused:
        return False


@pytest.mark.parametrize("state", sorted(HANDS))
@pytest.mark.parametrize("role", sorted(set(Role)))
def test_what_is_set_aside_is_moved_by_those_in_whose_hands_it_is(state: LoopState, role: Role) -> None:
    details = {
        "reason": "r", "reference": "r", "ended_as": "upheld", "owner": "x", "reasons": ["r"], "into": "x",
    }  # fmt: skip
    movable = [name for name in MOVES if can_move(name, state, role, details)]
    assert bool(movable) == (role in HANDS[state]), movable
