"""Disclosure control against a linear-programming attacker: 1,000 random table sets, by three ways of hiding."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from heardback.domain.measures.disclosure import exposed_in, suppressed
from heardback.domain.measures.releases import background, beside, true_counts
from tests.domain.table_sets import (
    RULES,
    CrossTable,
    greedily_hidden,
    greedily_safe,
    recovered,
    small_cells,
    two_months,
)

WAYS = ("primary alone", "greedy", "greedy, audited", "ours")


def main() -> None:
    """Small cells recovered and cells published, by way of hiding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--ways", nargs="+", default=WAYS, choices=WAYS)
    options = parser.parse_args()
    random, started = np.random.default_rng(options.seed), time.monotonic()
    totals = {name: np.zeros(4, dtype=int) for name in options.ways}
    for done in range(1, options.sets + 1):
        first, second = two_months(random)
        for name, figures in measured(first, second, options.ways).items():
            totals[name] += figures
        if done % 50 == 0 or done == options.sets:
            show(done, options.seed, totals, time.monotonic() - started)


def show(sets: int, seed: int, totals: dict[str, np.ndarray], seconds: float) -> None:
    """What was found in so many sets."""
    lines = [
        f"{sets} sets of 5 × 4 with margins and percentages, two releases of each, seed {seed}, {seconds:.0f} s",
        "                recovered  recovered   too narrow  published",
        "                from one   from both   in second   in first",
    ]
    for name, (one, two, narrow, shown) in totals.items():
        lines.append(f"{name:<15} {one:>9} {two:>10} {narrow:>12} {shown:>10}")
    sys.stdout.write("\n".join([*lines, ""]))
    sys.stdout.flush()


def measured(first: CrossTable, second: CrossTable, ways: Sequence[str]) -> dict[str, np.ndarray]:
    """Recovered from one release and from both, hidden counts left too narrow, counts published in the first."""
    found = {}
    for name in ways:
        shown = CrossTable(first.label, first.tables, hidden_in(first, name))
        before = background([shown], true_counts(second.tables), RULES.small)
        later = second.whole.hiding(hidden_in(second, name, shown))
        both = beside(later, before)
        counts = (
            recovered(shown.page, small_cells(first)),
            recovered(both, small_of(both, second, shown)),
            len(exposed_in(later, RULES, before)),
            len(shown.page.known),
        )
        found[name] = np.array(counts)
    return found


def hidden_in(table: CrossTable, name: str, earlier: CrossTable | None = None) -> frozenset:
    """What one way of hiding hides; ours alone knows what is out already."""
    if name == "primary alone":
        return small_cells(table)
    if name == "greedy":
        return greedily_hidden(table)
    if name == "greedy, audited":
        return greedily_safe(table)
    before = [background([earlier], true_counts(table.tables), RULES.small)] if earlier else []
    return suppressed(table.whole, RULES, {}, *before)


def small_of(both: object, second: CrossTable, first: CrossTable) -> frozenset:
    """The small cells of either release as they are called beside each other, small differences included."""
    page = both.page if hasattr(both, "page") else both
    first_small = {str(cell) for cell in small_cells(first)}
    again = {cell for cell in page.hidden if " as released" in cell.population or cell.code.endswith(" since")}
    plain = {cell for cell in again if cell.code.endswith(" since")}
    renamed = {
        cell for cell in again - plain if str(cell._replace(population=cell.population.split(" as ")[0])) in first_small
    }
    return small_cells(second) | plain | renamed


if __name__ == "__main__":
    main()
