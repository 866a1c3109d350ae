"""Deadlines, thresholds and limits: the defaults, and what cannot be."""

from datetime import time
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from config.policy import DeadlinePolicy, Deadlines, Policy
from config.reading import read_model
from tasks.configuration import SHIPPED


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"nudge": {"earliest": "16:00", "latest": "09:30"}}, "must come before 'latest'"),
        ({"nudge": {"deputy_after": 11}}, "deputy_after, then head_after"),
        ({"nudge": {"day": "saturday"}}, "monday"),
        ({"matching": {"ask_at": 0.7}}, "must not be above 'suggest_at'"),
        ({"matching": {"suggest_at": "nan"}}, "less than 1|greater than 0"),
        ({"report": {"closure_days": []}}, "at least 1 item"),
        ({"report": {"closure_days": [0]}}, "greater than or equal to 1"),
        ({"report": {"small_count": 1}}, "greater than or equal to 2"),
        ({"deadlines": {"channels": {"feedbak_box": {}}}}, "feedback_box"),
        ({"deadlines": {"default": {"own_within": 0}}}, "greater than or equal to 1"),
        ({"timezone": "London"}, "no time zone"),
        ({"link_base": "javascript:alert(1)"}, "pattern"),
        ({"retention": {"max_share": 0}}, "greater than 0"),
        ({"retention": {"sources": {"box": {"comment_months": 1}}}}, "comment_text_months"),
        ({"retention": {"sources": {"box": {"raw_files_months": 0}}}}, "greater than or equal to 1"),
        ({"screening": {"hold": "none"}}, "flagged"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(content: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Policy.model_validate(content)


def test_a_service_goes_before_a_channel_and_a_channel_before_the_default() -> None:
    policy = DeadlinePolicy.model_validate(
        {"channels": {"feedback_box": {"own_within": 2}}, "services": {"police": {"own_within": 9}}}
    )
    assert policy.of("police", "feedback_box").own_within == 9
    assert policy.of("youth", "feedback_box").own_within == 2
    assert policy.of("youth", "sms") == Deadlines(own_within=5, decide_within=20, tell_within=10)


def test_a_source_that_keeps_something_for_another_time_keeps_the_rest_as_all_do() -> None:
    kept = Policy.model_validate({"retention": {"raw_files_months": 6, "sources": {"box": {"quarantine_months": 1}}}})
    box, other = kept.retention.of("box"), kept.retention.of("exit")
    assert (box.quarantine_months, box.raw_files_months, box.comment_text_months) == (1, 6, 36)
    assert (other.quarantine_months, other.raw_files_months) == (12, 6)


def test_times_are_read_as_times_of_day() -> None:
    assert Policy.model_validate({"nudge": {"earliest": "08:15"}}).nudge.earliest == time(8, 15)


def test_the_starter_policy_says_the_defaults_in_full() -> None:
    """The file claims that a line left out keeps the value it shows."""
    path = SHIPPED / "starter" / "policy.yaml"
    policy, _, faults = read_model(Policy, path)
    assert policy, faults
    assert policy.model_copy(update={"deadlines": DeadlinePolicy()}) == Policy()
    assert policy.deadlines.default == Deadlines()
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    for section, model in Policy():
        if section not in ("link_base", "timezone"):
            assert set(written[section]) == set(type(model).model_fields), section
