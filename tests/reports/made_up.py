"""A made-up month for the board pack, measured and protected as a real one is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pandas as pd

from config.policy import ReportPolicy
from heardback.domain.deadlines import england
from heardback.domain.measures.control_chart import chart
from heardback.domain.measures.disclosure import protect
from heardback.domain.measures.every_table import measure
from heardback.domain.measures.figures import Table, counted, table_of
from heardback.domain.measures.period import month
from heardback.domain.measures.rates import share
from heardback.domain.words import Outcome
from heardback.reports.content import Answer, Exceptions, LoopLine, PackContent, Quality, QuietSource

AS_OF = date(2026, 11, 9)
PERIOD = month("2026-09")
NAMES: Mapping[str, str] = {"yjs": "Youth Justice Service", "hubs": "Youth hubs", "yjs-exit": "Exit questionnaire"}
ANSWER = Answer(
    "L-0001",
    "Youth hubs",
    "Later closing on Fridays",
    Outcome.DONE,
    "Canal Street now closes at 9.30pm, not 8pm.",
    date(2026, 9, 15),
    date(2026, 9, 18),
    "Canal Street Friday session",
    difference="Said 11 times before, twice since.",
)
LINE = LoopLine(
    "L-0042", "Youth hubs", "Girls' night", "Youth hubs manager", date(2026, 2, 3), 195, "Owned, not decided"
)


def voice(number: int, heard: date, service: str, age: str, told_after: int | None) -> dict[str, object]:
    """One comment; answered, told and agreed so many days after it was heard, or never."""
    told = heard + timedelta(days=told_after) if told_after is not None else None
    return {
        "comment_uid": f"c{number}",
        "loop_uid": f"l{number // 2}{service}",
        "service_code": service,
        "source_id": "yjs-exit",
        "channel": "online_survey",
        "completed_by": "self",
        "completion": "complete",
        "scope": "in",
        "state": "told" if told else "owned",
        "outcome": "done" if told else "",
        "reopened": False,
        "heard_on": heard,
        "owned_on": heard + timedelta(days=1),
        "decided_on": told,
        "told_on": told,
        "agreed_on": None,
        "promise_by": None,
        "promise_kept_on": None,
        "char_age_band": age,
    }


def voices() -> pd.DataFrame:
    """Fifteen months of 40 comments each, and three of detached youth work in September alone: too few to show."""
    rows = []
    for number in range(15):
        start = date(2025, 7 + number, 3) if number < 6 else date(2026, number - 5, 3)
        rows += [
            voice(
                1000 * number + index,
                start,
                "yjs" if index < 25 else "hubs",
                ("8-11", "12-15", "")[index % 3],
                10 if index % 20 < 11 + number % 3 else None,
            )
            for index in range(40)
        ]
    rows += [voice(90_000 + index, date(2026, 9, 4), "detached", "12-15", 5) for index in range(3)]
    return pd.DataFrame(rows)


def fates() -> Table:
    """Rows of one source by where they ended, one of them too few to show."""
    rows = (
        ("loop", "In a loop", 40),
        ("withheld", "Withheld", 2),
        ("duplicate", "Duplicate", 9),
        ("diverted", "Diverted", 1),
    )
    figures = tuple(counted(code, number, group="yjs-exit", label=label) for code, label, number in rows)
    return Table("rows_by_fate", "Rows by fate", figures, "source_id", "rows")


@cache
def content() -> PackContent:
    """The pack of September 2026; made once, for disclosure control takes seconds."""
    policy = ReportPolicy()
    *tables, rows = protect((*measure(voices(), PERIOD, AS_OF, policy, england(2024, 2028)), fates()), policy)
    precision = share(
        "precision", 61, 74, label="Matches confirmed", definition="Of those judged, the share confirmed."
    )
    return PackContent(
        council="Eastmere",
        period=PERIOD,
        as_of=AS_OF,
        sentence="Of 43 comments heard in September 2026, 29 have been decided on and people told.",
        tables=tuple(tables),
        chart=chart(table_of(tables, "closure_by_month"), "closed_within_20"),
        quality=Quality(rows, 0, date(2026, 10, 6), 2, 3, 4, 5, precision),
        exceptions=Exceptions((LINE,), (LINE,), (LINE,), (QuietSource("Feedback box", None, "one in 20 days"),)),
        stories=(ANSWER,),
        closures=tuple(replace(ANSWER, loop_uid=f"L-{number:04d}") for number in range(1, 31, 3)),
        closed_loops=30,
        names=NAMES,
    )
