"""What earlier releases printed is part of what a reader has, when a new one is protected and audited."""

import numpy as np
import pytest

from config.policy import ReportPolicy
from heardback.domain.measures.attack import page_of
from heardback.domain.measures.disclosure import audit, exposed_in, protect, suppressed
from heardback.domain.measures.figures import Table
from heardback.domain.measures.releases import Release, background, beside, true_counts
from tests.domain.measures.test_disclosure import services
from tests.domain.table_sets import RULES, CrossTable, greedily_hidden, recovered, small_cells, two_months

POLICY = ReportPolicy()


def heard(**counts: int) -> Table:
    return services(counts, "heard")


def released(table: Table, label: str = "in October") -> Release:
    """A release as disclosure control made it."""
    return Release(label, (table,), frozenset(page_of(protect([table], POLICY)).hidden))


def shown(table: Table, earlier: Release) -> dict[str, int | None]:
    (safe,) = protect([table], POLICY, [earlier])
    return {row.group: row.count for row in safe.rows}


def test_what_was_hidden_as_the_partner_of_a_small_count_stays_hidden_although_alone_it_need_not_be() -> None:
    # 3 and 9 are hidden of 82; once the 3 has become 20, the unchanged 9 would give the old 3 away
    october = released(heard(b=3, d=9, e=70))
    assert shown(heard(b=3, d=9, e=70), october) == {"": 82, "b": None, "d": None, "e": 70}
    assert shown(heard(b=20, d=9, e=70), october)["d"] is None
    assert audit(protect([heard(b=20, d=9, e=70)], POLICY), POLICY, [october], [heard(b=20, d=9, e=70)]) != []


def test_how_few_came_late_is_not_to_be_had_as_a_difference() -> None:
    october = released(heard(b=20, d=30, e=70))
    later = heard(b=22, d=30, e=70)
    assert shown(later, october)["b"] is None
    found = audit([later], POLICY, [october], [later])
    assert any(cell.startswith("2026-10 as released in October service_code b heard since") for cell in found)


def test_six_more_or_none_at_all_are_shown() -> None:
    october = released(heard(b=20, d=30, e=70))
    assert None not in shown(heard(b=26, d=30, e=80), october).values()
    assert None not in shown(heard(b=20, d=30, e=70), october).values()


def test_how_many_were_answered_since_speaks_of_the_service_and_is_shown() -> None:
    october = released(services({"b": 20, "d": 30}, "closed"))
    assert None not in shown(services({"b": 22, "d": 30}, "closed"), october).values()


def test_a_small_count_that_is_out_already_fails_the_release_and_is_named() -> None:
    careless = Release("in October", (heard(b=3, d=9, e=70),), frozenset())
    table = heard(b=3, d=9, e=70)
    found = audit(protect([table], POLICY, [careless]), POLICY, [careless], [table])
    assert any("service_code b heard" in cell for cell in found)


def test_a_release_of_another_month_changes_nothing() -> None:
    other = heard(b=3, d=9, e=70)
    elsewhere = Table(other.code, other.title, other.rows, other.dimension, "2026-09")
    table = heard(b=4, d=9, e=70)
    assert protect([table], POLICY, [released(elsewhere)]) == protect([table], POLICY)


def test_a_cell_is_named_anew_only_where_its_count_has_changed() -> None:
    page = background([released(heard(b=20, d=30, e=70))], true_counts([heard(b=40, d=30, e=70)]), 6)
    names = {cell.population for cell in page.known if cell.group == "b"}
    assert names == {"2026-10 as released in October"}
    assert {cell.population for cell in page.known if cell.group == "d"} == {"2026-10"}


@pytest.fixture(scope="module")
def attacked() -> dict[str, list[tuple[int, int, int]]]:
    """Five table sets hidden in two ways: recovered from one release, from both, and left too narrow."""
    random = np.random.default_rng(7)
    found: dict[str, list[tuple[int, int, int]]] = {"primary": [], "ours": []}
    for _ in range(5):
        first, second = two_months(random)
        for name, results in found.items():
            results.append(attack(first, second, ours=name == "ours"))
    return found


def attack(first: CrossTable, second: CrossTable, *, ours: bool) -> tuple[int, int, int]:
    hidden = suppressed(first.whole, RULES, {}) if ours else small_cells(first)
    out = CrossTable(first.label, first.tables, hidden)
    before = background([out], true_counts(second.tables), RULES.small)
    more = suppressed(second.whole, RULES, {}, before) if ours else small_cells(second)
    later = second.whole.hiding(more)
    both = beside(later, before)
    small = small_cells(second) | {cell for cell in both.hidden if cell.code.endswith(" since")}
    return recovered(out.page, small_cells(first)), recovered(both, small), len(exposed_in(later, RULES, before))


def test_nothing_small_is_recovered_from_tables_margins_percentages_and_a_second_month(
    attacked: dict[str, list[tuple[int, int, int]]],
) -> None:
    assert attacked["ours"] == [(0, 0, 0)] * 5


def test_the_same_attacker_finds_many_where_only_small_counts_are_hidden(
    attacked: dict[str, list[tuple[int, int, int]]],
) -> None:
    assert sum(one for one, _, _ in attacked["primary"]) >= 10
    assert sum(both for _, both, _ in attacked["primary"]) >= 20


def test_a_greedy_way_of_hiding_is_found_out_too() -> None:
    random = np.random.default_rng(20261121)
    leaks = 0
    for _ in range(4):
        first, _ = two_months(random)
        page = first.whole.hiding(greedily_hidden(first))
        leaks += recovered(page, small_cells(first))
    assert leaks > 0
