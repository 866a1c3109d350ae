"""What every report is made of: a figure with its definition, base and interval, and tables of figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from heardback.errors import NotFound

HIDDEN = "c"  # what stands in a report where a number is not shown
NO_VALUE = "–"
TOTAL = ""  # the group of a figure about everyone
NOT_KNOWN = "not known"


class Unit(StrEnum):
    """What a figure's value is measured in. Shares run from 0 to 1; points are differences of shares."""

    SHARE = "share"
    COMMENTS = "comments"
    LOOPS = "loops"
    WORKING_DAYS = "working days"
    POINTS = "points"
    PER_HUNDRED = "for every 100"


COUNTS = (Unit.COMMENTS, Unit.LOOPS)

DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        "said": "Every comment heard in the period, whether or not it counts in the rates.",
        "heard": "In scope: comments heard in the period, less those withheld (safeguarding), diverted (complaints), "
        "withdrawn, not counted (tests, empty, needing no answer) or from forms only partly filled in.",
        "owned": "A named owner accepted it.",
        "decided": "An outcome is recorded: done, will do (by a date), partly, cannot (because …) or already in place.",
        "closed": "Decided and told: an outcome is recorded, and so is that the person, group or place was told. "
        "“No, because …”, told, closes a loop; telling without deciding does not, nor deciding without telling.",
        "agreed": "Those told said that it answers them.",
        "promise_due": "“Will do” decisions whose date has come.",
        "promise_kept": "A “will do” done by its date, of those whose date has come.",
        "reopened": "Opened again after it was answered, at least once.",
        "closed_within": "Decided and told within so many working days of being heard. A month not yet old enough "
        "is marked immature and left out of the trend.",
        "days_to_close": "Kaplan–Meier median of the working days from heard to decided and told; "
        "open loops are counted as still open.",
        "days_to_decide": "Kaplan–Meier median of the working days from heard to a recorded outcome; "
        "loops without one are counted as still open.",
        "gap": "The group's rate less the rate of everyone else, with Newcombe's 95 % interval.",
    }
)

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "said": "Everything heard",
        "heard": "Heard, in scope",
        "owned": "Owned",
        "decided": "Decided",
        "closed": "Closed (decided and told)",
        "agreed": "Agreed",
        "promise_due": "Promises due",
        "promise_kept": "Promises kept",
        "reopened": "Reopened",
        "closed_within": "Closed within",
        "days_to_close": "Time to close",
        "days_to_decide": "Time to decide",
        "gap": "Gap",
    }
)


@dataclass(frozen=True)
class Figure:
    """One number as it is printed. `n` is its base, `count` how many of them, `value` what is read off.

    `base` names the code whose count `n` is; `within` names every code whose count can be no smaller than this one:
    disclosure control reasons with both. A field that is not shown is None and `suppressed` is true.
    """

    code: str
    label: str
    definition: str
    n: int | None
    count: int | None
    value: float | None
    low: float | None
    high: float | None
    unit: Unit
    group: str = TOTAL
    suppressed: bool = False
    note: str = ""
    base: str = ""
    within: tuple[str, ...] = ()

    @property
    def has_base(self) -> bool:
        """Whether `n` means anything for this unit."""
        return self.unit not in (*COUNTS, Unit.PER_HUNDRED)

    @property
    def has_count(self) -> bool:
        """Whether `count` means anything for this unit."""
        return self.unit in (*COUNTS, Unit.SHARE, Unit.PER_HUNDRED)

    @property
    def shown_n(self) -> str:
        """The base as printed: digits, `c` where hidden, a dash where there is none."""
        return self._shown(self.n, applies=self.has_base)

    @property
    def shown_count(self) -> str:
        """The count as printed: digits, `c` where hidden, a dash where there is none."""
        return self._shown(self.count, applies=self.has_count)

    @property
    def shown_value(self) -> str:
        """The value as printed, in its unit: `45%`, `+3 points`, `13`."""
        if self.value is None:
            return HIDDEN if self.suppressed else NO_VALUE
        return in_unit(self.value, self.unit)

    @property
    def shown_interval(self) -> str:
        """The interval as printed, `31% to 60%`; `29 or more` where the data give no upper end."""
        if self.low is None and self.high is None:
            return HIDDEN if self.suppressed else NO_VALUE
        if self.high is None:
            return f"{in_unit(self.low or 0.0, self.unit)} or more"
        if self.low is None:
            return f"up to {in_unit(self.high, self.unit)}"
        return f"{in_unit(self.low, self.unit)} to {in_unit(self.high, self.unit)}"

    def _shown(self, number: int | None, *, applies: bool) -> str:
        if not applies:
            return NO_VALUE
        return (HIDDEN if self.suppressed else NO_VALUE) if number is None else f"{number}"


@dataclass(frozen=True)
class Table:
    """Figures that are printed together; `dimension` is the column they are split by, empty where they are not.

    Where a figure of the group TOTAL stands beside its groups, the groups add up to it. `population` says of whom the
    totals speak: tables of one population share them.
    """

    code: str
    title: str
    rows: tuple[Figure, ...]
    dimension: str = ""
    population: str = ""
    note: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups in the order of the rows, the total first where it stands first."""
        return tuple(dict.fromkeys(row.group for row in self.rows))

    def figure(self, code: str, group: str = TOTAL) -> Figure:
        """One figure by its code and group. Raises NotFound."""
        for row in self.rows:
            if (row.code, row.group) == (code, group):
                return row
        raise NotFound(f"no figure {code} for group “{group}”", where=f"table {self.code}")

    def with_rows(self, rows: Iterable[Figure]) -> "Table":
        """The same table with other rows."""
        return replace(self, rows=tuple(rows))


def in_unit(value: float, unit: Unit) -> str:
    """A value as it is printed in its unit."""
    if unit == Unit.SHARE:
        return f"{value:.0%}"
    if unit == Unit.PER_HUNDRED:
        return f"{value:.1f}"
    return f"{value * 100:+.0f} points" if unit == Unit.POINTS else f"{value:g}"


def counted(code: str, count: int, *, group: str = TOTAL, unit: Unit = Unit.COMMENTS, **more: object) -> Figure:
    """A figure that only counts."""
    bare = Figure(code, LABELS.get(code, code), DEFINITIONS.get(code, ""), None, count, float(count), None, None, unit)
    return replace(bare, group=group, **more)  # type: ignore[arg-type]


def table_of(tables: Iterable[Table], code: str) -> Table:
    """One table by its code. Raises NotFound."""
    for table in tables:
        if table.code == code:
            return table
    raise NotFound(f"no table {code} among the figures", where="report")
