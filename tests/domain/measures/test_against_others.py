"""Figures worked out by another hand (lifelines, statsmodels, exact tables) and against a known truth."""

import numpy as np
import pytest

from heardback.domain.measures.control_chart import limits_of, signals
from heardback.domain.measures.gaps import newcombe
from heardback.domain.measures.rates import wilson
from heardback.domain.measures.survival import kaplan_meier

RUNS = 200


def test_wilson_is_statsmodels_own() -> None:
    from statsmodels.stats.proportion import proportion_confint

    counts, bases = np.meshgrid(np.arange(0, 41), [41, 60, 400])
    low, high = wilson(counts, bases)
    theirs = proportion_confint(counts, bases, method="wilson")
    assert low == pytest.approx(theirs[0], abs=1e-9)
    assert high == pytest.approx(theirs[1], abs=1e-9)


def test_a_gap_and_its_interval_are_statsmodels_own() -> None:
    from statsmodels.stats.proportion import confint_proportions_2indep

    for numbers in ((3, 20, 40, 60), (56, 70, 48, 80), (0, 10, 20, 20)):
        gap, low, high = newcombe(*numbers)
        theirs = confint_proportions_2indep(*numbers, method="newcomb", compare="diff")
        assert (low, high) == pytest.approx(theirs, abs=1e-6)
        assert low <= gap <= high


def test_the_curve_and_its_interval_are_lifelines_own() -> None:
    from lifelines import KaplanMeierFitter

    random = np.random.default_rng(3)
    durations, closed = random.geometric(0.06, 300).astype(float), random.random(300) < 0.7
    ours = kaplan_meier(durations, closed)
    fitted = KaplanMeierFitter().fit(durations, closed)
    theirs = fitted.survival_function_["KM_estimate"].loc[ours.times].to_numpy()
    limits = fitted.confidence_interval_.loc[ours.times].to_numpy()
    assert ours.still_open == pytest.approx(theirs)
    assert ours.low == pytest.approx(limits[:, 0], abs=1e-9)
    assert ours.high == pytest.approx(limits[:, 1], abs=1e-9)
    assert ours.median()[0] == fitted.median_survival_time_


def test_the_median_lies_within_its_interval_of_the_truth_although_loops_are_still_open() -> None:
    """A council whose loops close after geometric times with a median of 14 days, seen on a day that cuts many off."""
    random, covered, naive = np.random.default_rng(20261122), 0, []
    chance = 1 - 0.5 ** (1 / 14)
    for _ in range(RUNS):
        length, seen = random.geometric(chance, 400), random.integers(1, 60, 400)
        closed = length <= seen
        _, low, high = kaplan_meier(np.minimum(length, seen), closed).median()
        covered += low is not None and low <= 14 and (high is None or high >= 14)
        naive.append(np.median(length[closed]))
    assert covered >= 0.93 * RUNS
    assert np.mean(naive) < 12  # the median of what has closed would flatter


def test_wilson_holds_the_truth_about_as_often_as_it_says() -> None:
    """Exact: every count that n trials can give, weighed by its chance, over truths from 0.05 to 0.95."""
    from scipy.stats import binom  # 1.3 s to import, which each worker would pay while it collects

    truths, coverage = np.linspace(0.05, 0.95, 91), []
    for base in (20, 40, 80, 200):
        counts = np.arange(base + 1)
        low, high = wilson(counts, np.full(base + 1, base))
        chances = binom.pmf(counts[:, None], base, truths[None, :])
        coverage.append((chances * ((low[:, None] <= truths) & (truths <= high[:, None]))).sum(0).mean())
    assert min(coverage) >= 0.93
    assert max(coverage) <= 0.97


def signalled(shift: float, runs: int = 300) -> float:
    """How often the newest of 24 months shows a signal, shifted by so many deviations from month 19 on."""
    random, found = np.random.default_rng(5), 0
    for values in random.normal(0.6, 0.05, (runs, 24)):
        values[18:] += shift * 0.05
        limits = limits_of(values)
        assert limits is not None
        found += bool(signals(values, limits)[-1][0])
    return found / runs


def test_false_alarms_and_power_of_the_control_chart_are_as_the_docs_say() -> None:
    assert signalled(0) < 0.1
    assert 0.2 < signalled(2) < 0.75
    assert signalled(4) > 0.8


def test_limits_are_the_published_ones_of_individual_charts() -> None:
    # Montgomery, Statistical Quality Control, chart for individuals: mean ± 3 × MR̄ / 1.128
    values = np.array([33.75, 33.05, 34.0, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.0])
    limits = limits_of(values)
    assert limits is not None
    moving = np.abs(np.diff(values)).mean()
    assert (limits.low, limits.high) == pytest.approx(
        (values.mean() - 2.6596 * moving, values.mean() + 2.6596 * moving)
    )
