"""What the board pack is made from: figures after disclosure control, and lines that staff wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from heardback.domain.measures.control_chart import Chart
from heardback.domain.measures.figures import Figure, Table
from heardback.domain.measures.period import Period
from heardback.domain.words import Outcome


@dataclass(frozen=True)
class LoopLine:
    """One loop named to the board. `since` is the day its line is about: heard, promised for or refused.

    `working_days` have gone by since then; `detail` is what else the board should know, as staff wrote it.
    """

    loop_uid: str
    service: str
    title: str
    owner_role: str
    since: date
    working_days: int
    detail: str = ""


@dataclass(frozen=True)
class QuietSource:
    """A source that should have sent something by now; `last_heard` is None where it never did."""

    source: str
    last_heard: date | None
    expected: str


@dataclass(frozen=True)
class Exceptions:
    """What the board should ask about by name, the worst first; `broken` and `refused` say how many in all."""

    oldest_open: tuple[LoopLine, ...] = ()
    promises_broken: tuple[LoopLine, ...] = ()
    refusals: tuple[LoopLine, ...] = ()
    quiet_sources: tuple[QuietSource, ...] = ()
    broken: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Answer:
    """One answered loop: `title` and `wording` are staff-written; `told` says how, where and when, in words.

    `difference` is what is known of the change since, empty where nothing is.
    """

    loop_uid: str
    service: str
    title: str
    outcome: Outcome | str
    wording: str
    decided_on: date
    told_on: date | None = None
    told: str = ""
    by_date: date | None = None
    difference: str = ""


@dataclass(frozen=True)
class Quality:
    """How far the figures can be trusted.

    `rows_by_fate` has a row a source (dimension `source_id`) and a code a fate, after disclosure control;
    `unaccounted` is rows read less rows that ended anywhere (G1); `precision` is that of judged matches, if any were.
    """

    rows_by_fate: Table
    unaccounted: int = 0
    oldest_quarantined_on: date | None = None
    services_heard: int = 0
    services: int = 0
    sources_heard: int = 0
    sources: int = 0
    precision: Figure | None = None


@dataclass(frozen=True)
class PackContent:
    """Everything in one month's pack, as it was known at the end of `as_of`.

    `tables` are those of `measures.measure` after `protect`; `chart` and `sentence` are made from them.
    `closures` are those of the `closed_loops` loops closed in the month that were drawn to be audited.
    `names` turns codes of services and sources into names; `small_count` and `small_base` are the policy's.
    """

    council: str
    period: Period
    as_of: date
    sentence: str
    tables: tuple[Table, ...]
    chart: Chart
    quality: Quality
    exceptions: Exceptions = field(default_factory=Exceptions)
    stories: tuple[Answer, ...] = ()
    closures: tuple[Answer, ...] = ()
    closed_loops: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    small_count: int = 6
    small_base: int = 10
