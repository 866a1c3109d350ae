"""What is kept off the public board, and why (G7, G8)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.domain.lifecycle import APPROVALS
from heardback.domain.words import Outcome
from heardback.reports.entries import Approval, BoardEntry, approved_by_two, refusal_of, sort_out

DETAILS, CLEARED = APPROVALS
BY_TWO = (Approval(DETAILS, "ann"), Approval(CLEARED, "bo"))
ENTRY = BoardEntry(
    loop_uid="L-0007",
    service="Youth hubs",
    title="Later closing on Fridays",
    outcome=Outcome.DONE,
    wording="Canal Street now closes at 9.30pm, not 8pm.",
    decided_on=date(2026, 10, 15),
    owner_role="Youth hubs manager",
    approvals=BY_TWO,
)


def test_an_entry_with_an_ask_a_decision_a_date_an_owner_and_two_approvals_is_published() -> None:
    assert refusal_of(ENTRY) is None


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"title": "General feedback"}, "no specific ask"),
        ({"outcome": ""}, "nothing was decided"),
        ({"wording": "We included all the feedback you gave us."}, "does not say what was decided"),
        ({"decided_on": None}, "no date"),
        ({"outcome": Outcome.WILL}, "no date to be kept by"),
        ({"owner_role": "  "}, "no role answers"),
        ({"approvals": ()}, "two approvals"),
        ({"flagged": True}, "safeguarding"),
    ],
)
def test_an_entry_is_refused_for_the_one_thing_it_lacks(missing: dict[str, object], reason: str) -> None:
    assert reason in (refusal_of(replace(ENTRY, **missing)) or "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "approvals",
    [
        BY_TWO[:1],
        BY_TWO[1:],
        (Approval(DETAILS, "ann"), Approval(CLEARED, "ann")),
        (Approval(DETAILS, "ann"), Approval(DETAILS, "bo")),
        (Approval(DETAILS, "ann"), Approval(CLEARED, "")),
        (Approval(DETAILS, "ann"), Approval("liked", "bo")),
    ],
)
def test_two_approvals_are_one_of_each_kind_by_different_people(approvals: tuple[Approval, ...]) -> None:
    assert refusal_of(replace(ENTRY, approvals=approvals)) == "it lacks two approvals by two different people"


@given(st.lists(st.builds(Approval, st.sampled_from([*APPROVALS, "other"]), st.sampled_from(["", "ann", "bo", "cy"]))))
def test_approval_by_two_means_a_pair_of_different_people_can_be_found(approvals: list[Approval]) -> None:
    pairs = {
        (first.by, second.by)
        for first in approvals
        for second in approvals
        if (first.what, second.what) == APPROVALS and first.by and second.by and first.by != second.by
    }
    assert approved_by_two(replace(ENTRY, approvals=tuple(approvals))) == bool(pairs)


def test_a_safeguarding_flag_is_named_before_any_fault_of_form() -> None:
    assert "safeguarding" in (refusal_of(replace(ENTRY, flagged=True, title="", approvals=())) or "")


def test_no_refusal_repeats_what_the_entry_says() -> None:
    secret = replace(ENTRY, wording="Zanzibar", title="Zanzibar views", owner_role="")
    assert all("Zanzibar" not in refusal.reason for refusal in sort_out([secret])[1])


def test_entries_are_sorted_into_published_and_refused_and_none_is_lost() -> None:
    entries = [ENTRY, replace(ENTRY, loop_uid="L-0008", approvals=()), replace(ENTRY, loop_uid="L-0009")]
    published, refusals = sort_out(entries)
    assert [entry.loop_uid for entry in published] == ["L-0007", "L-0009"]
    assert [refusal.loop_uid for refusal in refusals] == ["L-0008"]
