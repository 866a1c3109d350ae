"""The first sentence of a pack: whether loops are being closed, for whom not, and whether it is getting better."""

from collections.abc import Mapping, Sequence

from heardback.domain.measures.control_chart import BETTER, NO_CHANGE, TOO_EARLY, Chart
from heardback.domain.measures.figures import NOT_KNOWN, TOTAL, Figure, Table
from heardback.domain.measures.period import Period
from heardback.domain.measures.voices import CHARACTERISTIC
from heardback.domain.plurals import some

MOST_GROUPS = 3  # named in the sentence; the tables name them all
CALLED = {"completed_by": "filled in by", "channel": "said by"}
TREND = {
    TOO_EARLY: "it is too early to tell whether it is getting better: fewer than twelve months can be compared",
    NO_CHANGE: "by the control chart rule it is getting neither better nor worse",
    BETTER: "by the control chart rule it is getting better",
}
WORSE_IN_WORDS = "by the control chart rule it is getting worse"


def answer_in_one_sentence(
    period: Period,
    closed: Figure,
    services: Table,
    gaps: Sequence[Table],
    chart: Chart,
    names: Mapping[str, str] | None = None,
) -> str:
    """The answer by rule, from figures after `protect` and gaps worked out of them. `names` are those of services.

    Of 120 comments heard in October 2026, 84 (70%) have been decided on and people told; Transport is lowest at 20%
    (8% to 42%); closed less often than for everyone else: age band 8-11 (−18 points, −30 to −6); by the control chart
    rule it is getting neither better nor worse (closed within 20 working days).
    """
    for_whom = for_whom_not(gaps) if closed.n else ""
    parts = [_headline(period, closed), _lowest(services, names or {}), for_whom, _trend(chart)]
    return "; ".join(part for part in parts if part) + "."


def for_whom_not(gaps: Sequence[Table]) -> str:
    """The groups whose gap to everyone else lies below nought with its whole interval; or that none stands out."""
    rows = [(table.dimension, row) for table in gaps for row in table.rows if row.group != NOT_KNOWN]
    behind = [(dimension, row) for dimension, row in rows if row.high is not None and row.high < 0]
    if behind:
        worst = sorted(behind, key=lambda found: (found[1].value or 0.0, found[0], found[1].group))
        said = [
            f"{group_in_words(dimension, row.group)} ({gap_in_words(row)})" for dimension, row in worst[:MOST_GROUPS]
        ]
        more = [some(len(worst) - MOST_GROUPS, "more group")] if len(worst) > MOST_GROUPS else []
        return f"closed less often than for everyone else: {and_all([*said, *more])}"
    if not any(row.value is not None for _, row in rows):
        return "who is closed less often cannot be told: no group is large enough to be compared"
    hidden = any(row.value is None for _, row in rows)
    return f"no group{' that can be shown' if hidden else ''} stands out as closed less often than everyone else"


def group_in_words(dimension: str, group: str) -> str:
    """A group with what it is a group of: `age band 8-11`, `disability: yes`, `said by feedback box`."""
    said = group.replace("_", " ")
    if dimension in CALLED:
        return f"{CALLED[dimension]} {said}"
    what = dimension.removeprefix(CHARACTERISTIC).replace("_", " ")
    return f"{what} {said}" if said[:1].isdigit() else f"{what}: {said}"


def gap_in_words(gap: Figure) -> str:
    """`−18 points, −30 to −6`."""
    return f"{gap.shown_value}, {gap.shown_interval.replace(' points', '')}".replace("-", "−")


def and_all(words: Sequence[str]) -> str:
    """`one, two and three`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _headline(period: Period, closed: Figure) -> str:
    if closed.n == 0:
        return f"No comments in scope were heard in {period.words}"
    if closed.n is None:
        return f"Too few comments were heard in {period.words} to show figures"
    heard = f"Of {some(closed.n, 'comment')} heard in {period.words}"
    if closed.count is None:
        return f"{heard}, how many have been decided on and people told cannot be shown without pointing to a child"
    share = f" ({closed.shown_value})" if closed.value is not None else ""
    have = "has" if closed.count == 1 else "have"
    return f"{heard}, {closed.count}{share} {have} been decided on and people told"


def _lowest(services: Table, names: Mapping[str, str]) -> str:
    rows = [row for row in services.rows if row.code == "closed" and row.group != TOTAL and row.value is not None]
    least = min((row.value for row in rows if row.value is not None), default=0.0)
    lowest = [row for row in rows if row.value == least]
    if len(lowest) == len(rows):  # one service, none that can be shown, or all alike: nothing to single out
        return ""
    said = and_all([names.get(row.group, row.group) for row in lowest])
    verb = "is" if len(lowest) == 1 else "are"
    interval = f" ({lowest[0].shown_interval})" if len(lowest) == 1 else ""
    hidden = any(row.suppressed for row in services.rows if row.code == "closed" and row.group != TOTAL)
    among = "of the services that can be shown, " if hidden else ""
    return f"{among}{said} {verb} lowest at {lowest[0].shown_value}{interval}"


def _trend(chart: Chart) -> str:
    said = TREND.get(chart.verdict, WORSE_IN_WORDS)
    if chart.verdict == TOO_EARLY or not chart.points:
        return said
    return f"{said} ({chart.label[:1].lower()}{chart.label[1:]})"
