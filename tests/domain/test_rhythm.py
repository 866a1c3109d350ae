"""A source's own rhythm: learned from its gaps, never from a handful of them, and never sooner than a week."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import VolumePolicy
from heardback.domain.rhythm import KEPT_DAYS, gaps_between, learned_limit, newest_days

START, POLICY = date(2026, 1, 5), VolumePolicy()


def every(days: int, times: int) -> list[date]:
    return [START + timedelta(days=days * number) for number in range(times)]


@pytest.mark.parametrize(
    ("gap", "limit"),
    [
        (7, 11),  # half as long again as a week, rounded up
        (30, 45),
        (1, 7),  # a daily survey is not missed over a weekend
        (92, 138),
    ],
)
def test_the_limit_is_half_as_long_again_as_the_usual_gap(gap: int, limit: int) -> None:
    assert learned_limit(every(gap, 12), (), POLICY) == limit


def test_nothing_is_learned_from_too_few_gaps() -> None:
    assert learned_limit(every(7, 10), (), POLICY) is None  # nine gaps
    assert learned_limit(every(7, 11), (), POLICY) == 11  # ten
    assert learned_limit([], (), POLICY) is None


def test_a_rare_long_gap_does_not_make_the_rule() -> None:
    """Sixty weekly gaps, and in one of them the box stood locked away for 100 days."""
    days = every(7, 60)
    late = [*days, days[-1] + timedelta(days=100)]
    assert learned_limit(late, (), POLICY) == 11
    assert learned_limit(late, (), POLICY.model_copy(update={"quantile": 1.0})) == 150


def test_cards_typed_up_once_a_quarter_are_not_missed_after_a_week() -> None:
    assert learned_limit(every(7, 40), every(91, 4), POLICY) == 137  # 136.5 days, rounded up


def test_days_are_kept_once_in_order_and_only_the_newest() -> None:
    days = every(1, KEPT_DAYS)
    assert newest_days(days, [START]) == days
    newer = newest_days(days, [days[-1] + timedelta(days=3)])
    assert (len(newer), newer[0], newer[-1]) == (KEPT_DAYS, days[1], days[-1] + timedelta(days=3))


@given(st.lists(st.dates(date(2020, 1, 1), date(2026, 12, 31)), unique=True, min_size=11, max_size=60))
def test_silence_as_long_as_the_longest_gap_ever_is_within_the_limit(days: list[date]) -> None:
    """Where the longest of them counts (quantile 1)."""
    heard = sorted(days)
    limit = learned_limit(heard, (), POLICY.model_copy(update={"quantile": 1.0}))
    assert limit is not None
    assert limit >= max(gaps_between(heard))
    assert sum(gaps_between(heard)) == (heard[-1] - heard[0]).days
