"""A loop that is another service's goes there, with its reason; every past day stays as it was (G11, G15)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from heardback.domain.access import somebody
from heardback.domain.lifecycle import Role
from heardback.errors import HeardbackError, NotAllowed, NotFound
from heardback.messages.presses import faults_in
from heardback.store import HistoryEntry, Loop
from heardback.store.answers import loops_as_of
from heardback.store.session import reading
from heardback.store.voices import voices_and_loops
from tasks.door import matter
from tasks.listen import work_on
from tasks.loops import By, move_loop
from tasks.match import match_new
from tasks.nudge import nudge
from tasks.workplace import open_workplace
from tests.council import exit_row
from tests.desk import Desk, problems_of
from tests.messages.presses import handed_in, pressed
from tests.messages.slack_server import FakeSlack
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
TUESDAY = datetime(2026, 9, 8, 10, 0, tzinfo=UTC)
LATER = TUESDAY + timedelta(days=2)
WHY = "the hall is the clubs'"
APART = [
    {"code": "yjs", "name": "Youth Justice", "owner": "amira", "deputy": "amira", "head": "amira"},
    {"code": "youth", "name": "Youth Clubs", "owner": "ben", "deputy": "hana", "head": "hana"},
]


def two_services_apart(desk: Desk) -> None:
    """Two services without a person in common; L-0001 is Youth Justice's, heard on 1 September."""
    desk.configure(services={"services": APART})
    desk.pull(exit_row(1, "The room is freezing"), at=TUESDAY)


@pytest.fixture
def apart(desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(desk, two_services_apart)


@pytest.fixture
def sqlite_apart(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, two_services_apart)


def hand_over(at: datetime = LATER, **given: str) -> dict[str, object]:
    return move_loop("L-0001", "reassign", By("amira"), at, **{"reason": WHY, "service": "youth"} | given)


def sees(person: str, loop: Loop) -> bool:
    with open_workplace() as work:
        known = somebody(work.council.directory, person, matter(loop))
    return known is not None and Role.SERVICE_MANAGER in known.roles


def test_its_owner_there_owns_it_and_nobody_of_the_service_it_came_from_sees_it(sqlite_apart: Desk) -> None:
    hand_over()
    loop = sqlite_apart.loop("L-0001")
    assert (loop.service_code, loop.owner, loop.state) == ("youth", "ben", "heard")
    assert (sees("ben", loop), sees("hana", loop), sees("amira", loop)) == (True, True, False)
    with reading(sqlite_apart.store) as session:
        last = session.scalars(select(HistoryEntry).order_by(HistoryEntry.sequence.desc()).limit(1)).one()
    assert (last.actor, last.reason) == ("Amira Sayed", WHY)
    assert last.details == {"service": "youth", "owner": "ben", "from_service": "yjs", "until": "2026-09-18"}
    assert problems_of(sqlite_apart.store) == []


def test_past_days_stay_as_they_were_on_either_database(apart: Desk) -> None:
    hand_over()
    with reading(apart.store) as session:
        for day, service in ((date(2026, 9, 9), "yjs"), (date(2026, 9, 10), "youth")):
            assert voices_and_loops(session, day)[0]["service_code"].tolist() == [service]
            assert [loop.service_code for loop in loops_as_of(session, day)] == [service]
            assert [loop.service_code for loop in loops_as_of(session, day, ["L-0001"])] == [service]


def test_and_so_do_those_between_two_moves(sqlite_apart: Desk) -> None:
    hand_over()
    move_loop("L-0001", "reassign", By("ben"), LATER + timedelta(days=5), reason="no, it is theirs", service="yjs")
    with reading(sqlite_apart.store) as session:
        found = [
            voices_and_loops(session, date(2026, 9, day))[0]["service_code"].tolist()[0] for day in (9, 10, 14, 15)
        ]
    assert found == ["yjs", "youth", "youth", "yjs"]


def test_the_next_digest_goes_to_its_owner_there_and_nobody_above_is_told_before_them(sqlite_apart: Desk) -> None:
    """Overdue, and told to its old owner in the window before: there the deputy would be next."""
    november = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
    assert nudge(november, clock_is_right=True).sent == ["amira"]
    hand_over(november + timedelta(hours=1))
    again = nudge(november + timedelta(days=7), clock_is_right=True)
    assert (again.recipients, again.sent) == ({"ben": 1}, ["ben"])
    assert nudge(november + timedelta(days=14), clock_is_right=True).sent == ["ben", "hana"]


def test_matching_meets_it_again_with_the_changes_of_its_new_service(sqlite_apart: Desk) -> None:
    match_new(TUESDAY)
    assert sqlite_apart.loop("L-0001").matched_at is not None
    hand_over()
    assert sqlite_apart.loop("L-0001").matched_at is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"service": "yjs"}, "is that service's already"),
        ({"service": "parks"}, "there is no service 'parks'"),
        ({"owner": "amira"}, "amira is nobody of Youth Clubs"),
        ({"reason": ""}, "needs: reason"),
    ],
)
def test_where_it_cannot_go_it_stays(sqlite_apart: Desk, given: dict[str, str], said: str) -> None:
    with pytest.raises(HeardbackError) as raised:
        hand_over(**given)
    assert said in str(raised.value)
    assert sqlite_apart.moves("L-0001") == ["open"]
    assert sqlite_apart.loop("L-0001").service_code == "yjs"


def test_what_accuses_staff_stays_with_the_service_by_which_it_is_known_whom_it_accuses(sqlite_apart: Desk) -> None:
    from heardback.ledger import Actor

    ruth = Actor("Ruth Abara", Role.SAFEGUARDING_LEAD)
    sqlite_apart.move("L-0001", "keep_from_service", ruth, TUESDAY, reason="about a worker")
    with pytest.raises(HeardbackError) as raised:
        move_loop("L-0001", "reassign", By("ruth"), LATER, reason=WHY, service="youth")
    assert "accuses staff" in str(raised.value)
    assert sqlite_apart.loop("L-0001").service_code == "yjs"


def test_who_answers_for_another_service_alone_cannot_fetch_it(sqlite_apart: Desk) -> None:
    with pytest.raises(NotAllowed):
        move_loop("L-0001", "reassign", By("ben"), LATER, reason="mine", service="youth")
    assert sqlite_apart.loop("L-0001").service_code == "yjs"


def test_in_slack_the_form_offers_services_and_wants_one_of_the_two(sqlite_apart: Desk, slack: FakeSlack) -> None:
    nudge(TUESDAY)
    (post,) = slack.posts
    work_on.run(pressed(post, "heardback.more", "UAMIRA", choice="not_mine"), lambda: TUESDAY)
    form = slack.forms[-1]
    fields = {block["block_id"]: block for block in form["blocks"] if block["type"] == "input"}
    assert [option["value"] for option in fields["service"]["element"]["options"]] == ["youth"]
    assert "owner" not in fields, "nobody else of the service"
    unsaid = handed_in(form, "UAMIRA", reason=WHY)
    assert list(faults_in(unsaid)) == ["service"]
    work_on.run(handed_in(form, "UAMIRA", reason=WHY, service="youth"), lambda: TUESDAY)
    assert sqlite_apart.loop("L-0001").owner == "ben"
    assert slack.whispers[-1]["text"] == "L-0001: Passed on."


def test_a_service_that_is_mistyped_is_named_with_those_there_are(sqlite_apart: Desk) -> None:
    with pytest.raises(NotFound) as raised:
        hand_over(service="youht")
    assert "yjs, youth" in str(raised.value)
