"""Small tables of voices for the tests of measures: the columns given, sensible ones for the rest."""

from collections.abc import Mapping, Sequence

import pandas as pd

DEFAULTS: Mapping[str, object] = {
    "service_code": "transport",
    "source_id": "survey",
    "channel": "online_survey",
    "completed_by": "self",
    "completion": "complete",
    "scope": "in",
    "state": "heard",
    "outcome": "",
    "reopened": False,
    "heard_on": "2026-10-01",
    "owned_on": None,
    "decided_on": None,
    "told_on": None,
    "agreed_on": None,
    "promise_by": None,
    "promise_kept_on": None,
}
DATES = [column for column in DEFAULTS if column.endswith(("_on", "_by")) and column != "completed_by"]

HEARD = {"state": "heard"}
OWNED = {"state": "owned", "owned_on": "2026-10-02"}
DECIDED = {**OWNED, "state": "decided", "decided_on": "2026-10-05", "outcome": "done"}
TOLD = {**DECIDED, "state": "told", "told_on": "2026-10-08"}
AGREED = {**TOLD, "state": "agreed", "agreed_on": "2026-10-12"}


def voices(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """One voice a row; each its own loop unless it names one."""
    named = [{"comment_uid": f"c{i}", "loop_uid": f"l{i}", **DEFAULTS, **row} for i, row in enumerate(rows)]
    columns = ["comment_uid", "loop_uid", *DEFAULTS, *(key for row in rows for key in row if key.startswith("char_"))]
    table = pd.DataFrame(named, columns=list(dict.fromkeys(columns)))
    return table.assign(**{column: pd.to_datetime(table[column]) for column in DATES})


def many(**groups: tuple[int, Mapping[str, object]]) -> pd.DataFrame:
    """`n` equal voices of each kind."""
    return voices([row for count, row in groups.values() for _ in range(count)])
