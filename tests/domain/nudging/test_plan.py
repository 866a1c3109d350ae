"""Who is told of which loop, and that every loop which is not has its reason."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import NudgePolicy
from heardback.domain.deadlines import Step, england
from heardback.domain.lifecycle import ASIDE, CLOSED
from heardback.domain.nudging.open_loops import OpenLoop, is_nudged, open_loops_from
from heardback.domain.nudging.plan import NudgePlan, Rung, Verdict, nudge_uid, plan_nudges, rung_of
from heardback.domain.words import LoopState
from tests.nudge_makers import TUESDAY_TEN, directory, open_loop

ENGLAND = england(2024, 2032)
POLICY = NudgePolicy()
PEOPLE = directory()


def plan(*loops: OpenLoop, at: datetime = TUESDAY_TEN, policy: NudgePolicy = POLICY) -> NudgePlan:
    return plan_nudges(loops, PEOPLE, policy, ENGLAND, at)


def why(planned: NudgePlan) -> dict[str, str]:
    return {explanation.loop_uid: explanation.why for explanation in planned.explanations}


def test_an_owner_gets_one_digest_with_the_longest_overdue_first_and_then_the_most_voices() -> None:
    planned = plan(
        open_loop(1, overdue_days=-3), open_loop(2, overdue_days=2, voices=4), open_loop(3, overdue_days=2, voices=9),
        open_loop(4, overdue_days=4, voices=1),
    )  # fmt: skip
    (digest,) = planned.digests
    assert (digest.owner, digest.window, digest.more, digest.overdue) == ("amira", "2026-W47", 0, 3)
    assert [loop.loop_uid for loop in digest.loops] == ["L-0004", "L-0003", "L-0002", "L-0001"]


def test_each_owner_gets_a_digest_of_their_own_loops_only() -> None:
    planned = plan(open_loop(1), open_loop(2, owner="ben", service_code="hubs"))
    assert [(digest.owner, [loop.loop_uid for loop in digest.loops]) for digest in planned.digests] == [
        ("amira", ["L-0001"]),
        ("ben", ["L-0002"]),
    ]


def test_loops_beyond_the_cap_are_counted_and_say_so() -> None:
    planned = plan(*(open_loop(number, overdue_days=number - 4) for number in range(1, 8)))
    (digest,) = planned.digests
    assert (len(digest.loops), digest.more, digest.overdue) == (5, 2, 3)
    beyond = [item for item in planned.explanations if item.verdict == Verdict.COUNTED]
    assert {item.loop_uid for item in beyond} == {"L-0001", "L-0002"}
    assert beyond[0].to == ("amira",)
    assert beyond[0].why == 'beyond the cap of 5, counted in "and n more" to amira'


def test_nothing_open_means_no_message_at_all() -> None:
    planned = plan()
    assert (planned.digests, planned.escalations, planned.exceptions, planned.explanations) == ((), (), (), ())


def test_a_closed_window_sends_nothing_and_explains_each_loop() -> None:
    monday = plan(open_loop(1), open_loop(2), at=datetime(2026, 11, 16, 10, tzinfo=UTC))
    assert monday.digests == ()
    assert set(why(monday).values()) == {"not due: nudge day is Tuesday, 17 November"}


def test_a_snoozed_loop_is_left_out_until_its_day_comes() -> None:
    today = date(2026, 11, 17)
    planned = plan(open_loop(1, snoozed_until=today + timedelta(days=1)), open_loop(2, snoozed_until=today))
    assert [loop.loop_uid for loop in planned.digests[0].loops] == ["L-0002"]
    assert why(planned)["L-0001"] == "snoozed until 18 November"


@pytest.mark.parametrize(
    ("overdue", "rung"),
    [
        (-4, Rung.OWNER), (0, Rung.OWNER), (4, Rung.OWNER), (5, Rung.DEPUTY), (9, Rung.DEPUTY), (10, Rung.HEAD),
        (19, Rung.HEAD), (20, Rung.BOARD), (90, Rung.BOARD),
    ],
)  # fmt: skip
def test_a_loop_stands_on_the_rung_that_its_working_days_overdue_have_reached(overdue: int, rung: Rung) -> None:
    assert rung_of(overdue, POLICY) == rung


def test_an_overdue_loop_is_told_to_one_rung_at_a_time_and_its_owner_goes_on_hearing_of_it() -> None:
    planned = plan(open_loop(1, overdue_days=6), open_loop(2, overdue_days=12), open_loop(3, overdue_days=25))
    assert [loop.loop_uid for loop in planned.digests[0].loops] == ["L-0003", "L-0002", "L-0001"]
    told = {message.recipient: [item.loop.loop_uid for item in message.loops] for message in planned.escalations}
    assert told == {"ben": ["L-0001"], "helen": ["L-0002"]}
    assert [loop.loop_uid for loop in planned.exceptions] == ["L-0003"]
    assert why(planned) == {
        "L-0001": "in the digest to amira; 6 working days overdue, so the deputy ben is told too",
        "L-0002": "in the digest to amira; 12 working days overdue, so the head helen is told too",
        "L-0003": "in the digest to amira; on the board's exception list",
    }


def test_an_escalation_has_the_same_cap_and_one_message_for_each_recipient() -> None:
    planned = plan(*(open_loop(number, overdue_days=6) for number in range(1, 8)))
    (escalation,) = planned.escalations
    assert (escalation.recipient, len(escalation.loops), escalation.more) == ("ben", 5, 2)
    assert why(planned)["L-0007"].count("beyond the cap of 5") == 2


def test_a_loop_beyond_the_owners_cap_can_still_be_in_the_deputys_message() -> None:
    older = [open_loop(number, overdue_days=15) for number in range(1, 6)]
    planned = plan(*older, open_loop(9, overdue_days=6))
    explanation = next(item for item in planned.explanations if item.loop_uid == "L-0009")
    assert (explanation.verdict, explanation.to) == (Verdict.TOLD, ("ben",))


def test_nobody_is_told_twice_of_a_loop_because_they_hold_two_posts() -> None:
    service = PEOPLE.services[0].model_copy(update={"deputy": "amira"})
    planned = plan_nudges([open_loop(1, overdue_days=6)], directory(services=(service,)), POLICY, ENGLAND, TUESDAY_TEN)
    assert [(message.recipient, message.loops[0].rung) for message in planned.escalations] == [("helen", Rung.HEAD)]


def test_a_loop_whose_owner_left_goes_to_the_one_who_answers_for_the_service_now() -> None:
    planned = plan(open_loop(1, owner="zoe"))
    assert [digest.owner for digest in planned.digests] == ["amira"]


def test_a_loop_whose_owner_and_service_are_unknown_goes_to_the_named_fallback() -> None:
    planned = plan(open_loop(1, owner="", service_code="unmapped"))
    assert [digest.owner for digest in planned.digests] == ["sam"]


def test_an_overdue_loop_without_a_ladder_is_on_the_boards_list_rather_than_dropped() -> None:
    planned = plan(open_loop(1, owner="", service_code="unmapped", overdue_days=6))
    assert [loop.loop_uid for loop in planned.exceptions] == ["L-0001"]
    assert why(planned)["L-0001"] == "in the digest to sam; on the board's exception list"


def test_a_loop_for_which_nobody_is_left_is_listed_for_the_board() -> None:
    nobody = directory(people={}, services=(PEOPLE.services[0],))
    planned = plan_nudges([open_loop(1)], nobody, POLICY, ENGLAND, TUESDAY_TEN)
    assert (planned.digests, [loop.loop_uid for loop in planned.exceptions]) == ((), ["L-0001"])
    assert planned.explanations[0].verdict == Verdict.LISTED


def test_the_boards_list_stands_at_any_hour_and_snoozing_does_not_hide_from_it() -> None:
    snoozed = open_loop(1, overdue_days=30, snoozed_until=date(2026, 12, 1))
    sunday = plan(snoozed, at=datetime(2026, 11, 22, 23, tzinfo=UTC))
    assert [loop.loop_uid for loop in sunday.exceptions] == ["L-0001"]
    assert why(sunday)["L-0001"] == "snoozed until 1 December; on the board's exception list"


@pytest.mark.parametrize("state", sorted(ASIDE | CLOSED))
def test_a_loop_set_aside_or_closed_is_never_told_of(state: LoopState) -> None:
    planned = plan(open_loop(1, state=state, next_step=Step.DECIDE, overdue_days=90))
    assert (planned.digests, planned.escalations, planned.exceptions) == ((), (), ())
    assert planned.explanations[0].why == f"nothing is owed: the loop is {state}"


def test_a_promise_not_yet_kept_is_told_of_after_people_were_told_of_it() -> None:
    assert is_nudged(open_loop(state=LoopState.TOLD, next_step=Step.KEEP))
    assert not is_nudged(open_loop(state=LoopState.WITHHELD, next_step=Step.KEEP))


def test_the_key_depends_on_kind_person_and_window_and_names_nobody() -> None:
    weeks = ("2026-W46", "2026-W47")
    keys = {nudge_uid(kind, who, week) for kind in ("digest", "escalation") for who in "ab" for week in weeks}
    assert len(keys) == 8
    key = nudge_uid("digest", "amira", "2026-W46")
    assert key == nudge_uid("digest", "amira", "2026-W46")
    assert key.startswith("digest-2026-W46-")
    assert "amira" not in key
    assert plan(open_loop()).digests[0].nudge_uid == nudge_uid("digest", "amira", "2026-W47")


def test_an_hour_back_on_the_clock_gives_the_same_key_and_so_no_second_message() -> None:
    before, after = plan(open_loop()), plan(open_loop(), at=TUESDAY_TEN - timedelta(minutes=20))
    assert before.digests[0].nudge_uid == after.digests[0].nudge_uid


def test_a_frame_gives_the_same_plan_as_the_loops_in_it() -> None:
    """loop_uid L-0001, L-0002; due_on as timestamps; snoozed_until NaT, 2026-12-01; title None, "Bus fare"."""
    loops = [open_loop(1, title=""), open_loop(2, title="Bus fare", snoozed_until=date(2026, 12, 1))]
    frame = pd.DataFrame(loops)
    frame["due_on"] = pd.to_datetime(frame["due_on"])
    frame["title"] = [None, "Bus fare"]
    assert open_loops_from(frame) == loops
    assert plan_nudges(frame, PEOPLE, POLICY, ENGLAND, TUESDAY_TEN) == plan(*loops)
    assert open_loops_from(frame.iloc[:0]) == []


def test_a_frame_without_a_column_is_refused_by_the_columns_name() -> None:
    with pytest.raises(KeyError, match="version"):
        open_loops_from(pd.DataFrame([open_loop()]).drop(columns="version"))


LOOPS = st.lists(
    st.builds(
        open_loop,
        st.integers(1, 9999),
        state=st.sampled_from(sorted(LoopState)),
        next_step=st.sampled_from(sorted(Step)),
        owner=st.sampled_from(["amira", "ben", "helen", "gone", ""]),
        service_code=st.sampled_from(["youth", "hubs", "unmapped"]),
        overdue_days=st.integers(-30, 60),
        voices=st.integers(1, 40),
        snoozed_until=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    ),
    max_size=25,
    unique_by=lambda loop: loop.loop_uid,
)
INSTANTS = st.datetimes(datetime(2026, 11, 1), datetime(2027, 1, 31), timezones=st.just(UTC))  # noqa: DTZ001
POLICIES = st.builds(NudgePolicy, digest_cap=st.integers(1, 20), day=st.sampled_from(["monday", "tuesday", "friday"]))


@given(loops=LOOPS, at=st.just(TUESDAY_TEN) | INSTANTS, policy=POLICIES)
def test_every_loop_is_explained_once_and_the_messages_agree_with_the_explanations(
    loops: list[OpenLoop], at: datetime, policy: NudgePolicy
) -> None:
    planned = plan(*loops, at=at, policy=policy)
    assert sorted(item.loop_uid for item in planned.explanations) == sorted(loop.loop_uid for loop in loops)
    assert all(item.why for item in planned.explanations)
    verdicts = Counter(item.verdict for item in planned.explanations)
    shown = [loop.loop_uid for digest in planned.digests for loop in digest.loops]
    waiting = len(shown) + sum(digest.more for digest in planned.digests)
    assert waiting == verdicts[Verdict.TOLD] + verdicts[Verdict.COUNTED]
    assert len(shown) == len(set(shown))


@given(loops=LOOPS, at=st.just(TUESDAY_TEN) | INSTANTS, policy=POLICIES)
def test_no_window_holds_two_digests_for_one_owner_nor_more_loops_than_the_cap(
    loops: list[OpenLoop], at: datetime, policy: NudgePolicy
) -> None:
    planned = plan(*loops, at=at, policy=policy)
    messages = (*planned.digests, *planned.escalations)
    assert len({message.nudge_uid for message in messages}) == len(messages)
    assert len({digest.owner for digest in planned.digests}) == len(planned.digests)
    assert all(0 < len(message.loops) <= policy.digest_cap for message in messages)
    assert all(not message.more or len(message.loops) == policy.digest_cap for message in messages)
    assert planned.window.is_open or not messages


@given(loops=LOOPS, at=st.just(TUESDAY_TEN) | INSTANTS)
def test_no_closed_loop_is_in_any_message_or_list(loops: list[OpenLoop], at: datetime) -> None:
    planned = plan(*loops, at=at)
    named = [*planned.exceptions, *(loop for digest in planned.digests for loop in digest.loops)]
    named += [item.loop for escalation in planned.escalations for item in escalation.loops]
    for loop in named:
        assert loop.state not in ASIDE
        assert loop.state not in CLOSED or loop.next_step == Step.KEEP


@given(loops=LOOPS)
def test_no_loop_climbs_to_two_people_at_once(loops: list[OpenLoop]) -> None:
    planned = plan(*loops)
    climbed = Counter(item.loop.loop_uid for escalation in planned.escalations for item in escalation.loops)
    climbed.update(loop.loop_uid for loop in planned.exceptions)
    assert all(times == 1 for times in climbed.values())


@given(loops=LOOPS, seed=st.randoms())
def test_the_order_in_which_loops_come_changes_nothing(loops: list[OpenLoop], seed: object) -> None:
    shuffled = list(loops)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan(*shuffled) == plan(*loops)
