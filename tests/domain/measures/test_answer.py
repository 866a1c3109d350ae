"""The first sentence of the pack: what it says, whom it names, and what it never says."""

from dataclasses import replace
from datetime import date

import pytest

from heardback.domain.deadlines import england
from heardback.domain.measures.answer import answer_in_one_sentence, for_whom_not, group_in_words
from heardback.domain.measures.closure import closure_by_month
from heardback.domain.measures.control_chart import Chart, Limits, Point, chart
from heardback.domain.measures.figures import NOT_KNOWN, TOTAL, Figure, Table
from heardback.domain.measures.gaps import gaps
from heardback.domain.measures.period import month
from heardback.domain.measures.rates import share
from tests.domain.voice_tables import HEARD, voices

OCTOBER = month("2026-10")
CLOSED = share("closed", 84, 120)
SERVICES = Table(
    "rates_by_service_code",
    "",
    (CLOSED, share("closed", 8, 40, group="transport"), share("closed", 76, 80, group="housing")),
    "service_code",
)
FIXED = Limits(0.5, 0.4, 0.6, provisional=False)
STEADY = Chart("Closed within 20 working days", (Point("2026-09", 0.5),), FIXED)


def by(dimension: str, *groups: Figure, whole: Figure = CLOSED) -> Table:
    """The gaps of a table of the share closed."""
    return gaps(Table(f"rates_by_{dimension}", "", (whole, *groups), dimension), "closed")


ALIKE = by("channel", share("closed", 42, 60, group="email"), share("closed", 42, 60, group="sms"))


def said(closed: Figure = CLOSED, services: Table = SERVICES, trend: Chart = STEADY, *equity: Table) -> str:
    return answer_in_one_sentence(OCTOBER, closed, services, equity or (ALIKE,), trend, {"transport": "Transport"})


def test_one_sentence_says_how_many_for_whom_not_and_whether_it_is_getting_better() -> None:
    # Wilson for 8 of 40: 0.1050 to 0.3476
    assert said() == (
        "Of 120 comments heard in October 2026, 84 (70%) have been decided on and people told; "
        "Transport is lowest at 20% (10% to 35%); no group stands out as closed less often than everyone else; "
        "by the control chart rule it is getting neither better nor worse (closed within 20 working days)."
    )


def test_a_group_is_named_with_its_gap_where_the_whole_interval_lies_below_nought() -> None:
    # 25 of 60 against 59 of 60: 8-11 is closed for less often, and 12-15 for more
    table = by("char_age_band", share("closed", 25, 60, group="8-11"), share("closed", 59, 60, group="12-15"))
    (gap,) = [row for row in table.rows if row.group == "8-11"]
    assert gap.high is not None and gap.high < 0  # 25/60 − 59/60 = −57 points
    assert "closed less often than for everyone else: age band 8-11 (−57 points, " in for_whom_not([ALIKE, table])
    assert "12-15" not in for_whom_not([table])


def test_a_gap_that_chance_explains_names_nobody() -> None:
    # 12 of 20 against 72 of 100: −12 points, by Newcombe about −35 to +8
    table = by("char_disability", share("closed", 12, 20, group="yes"))
    assert for_whom_not([table]) == "no group stands out as closed less often than everyone else"


def test_what_is_not_known_of_people_is_no_group_of_them() -> None:
    behind = by("char_age_band", share("closed", 30, 60, group=NOT_KNOWN))  # 30 of 60 against 54 of 60
    assert behind.rows[0].high is not None and behind.rows[0].high < 0
    assert "not known" not in for_whom_not([behind, ALIKE])


def test_a_hidden_group_is_never_named_and_what_is_said_is_said_of_the_others_alone() -> None:
    hidden = replace(share("closed", 1, 60, group="yes"), n=None, count=None, value=None, low=None, high=None)
    table = by("char_disability", replace(hidden, suppressed=True))
    assert for_whom_not([table, ALIKE]) == (
        "no group that can be shown stands out as closed less often than everyone else"
    )
    assert for_whom_not([table]) == "who is closed less often cannot be told: no group is large enough to be compared"


def test_the_three_widest_gaps_are_named_and_the_others_counted() -> None:
    groups = [share("closed", closed, 60, group=f"{closed}") for closed in (4, 3, 2, 1, 0)]
    told = for_whom_not([by("char_age_band", *groups, whole=share("closed", 310, 600))])
    assert told.index("band 0 (") < told.index("band 1 (") < told.index("band 2 (")
    assert told.endswith("and 2 more groups") and "band 3 (" not in told


@pytest.mark.parametrize(
    ("dimension", "group", "words"),
    [
        ("char_age_band", "8-11", "age band 8-11"),
        ("char_disability", "yes", "disability: yes"),
        ("completed_by", "on_behalf", "filled in by on behalf"),
        ("channel", "feedback_box", "said by feedback box"),
    ],
)
def test_a_group_says_what_it_is_a_group_of(dimension: str, group: str, words: str) -> None:
    assert group_in_words(dimension, group) == words


@pytest.mark.parametrize(("up", "word"), [(True, "better"), (False, "worse")])
def test_a_signal_is_said_as_better_or_worse(up: bool, word: str) -> None:
    signalled = replace(STEADY, points=(Point("2026-09", 0.7, ("outside the limits",), up),))
    assert said(trend=signalled).endswith(
        f"by the control chart rule it is getting {word} (closed within 20 working days)."
    )


def test_too_few_months_are_no_ground_for_a_verdict() -> None:
    assert said(trend=replace(STEADY, limits=None)).endswith(
        "it is too early to tell whether it is getting better: fewer than twelve months can be compared."
    )


def test_a_council_without_a_comment_reads_words_and_no_code() -> None:
    table = closure_by_month(voices([HEARD]).iloc[:0], date(2026, 11, 21), (10, 20), england(2025, 2027))
    trend = chart(table, "closed_within_20")
    assert (trend.label, trend.points) == ("Closed within 20 working days", ())
    told = said(share("closed", 0, 0), SERVICES.with_rows([]), trend)
    assert told == (
        "No comments in scope were heard in October 2026; it is too early to tell whether it is getting better: fewer "
        "than twelve months can be compared."
    )


def test_no_service_is_singled_out_where_all_are_alike_or_hidden() -> None:
    level = SERVICES.with_rows([CLOSED, share("closed", 8, 40, group="a"), share("closed", 16, 80, group="b")])
    hidden = SERVICES.with_rows([replace(row, value=None, suppressed=row.group != TOTAL) for row in SERVICES.rows])
    for table in (level, hidden):
        assert "lowest" not in said(services=table)


def test_services_that_share_the_lowest_rate_are_named_together() -> None:
    rows = [CLOSED, *(share("closed", 8, 40, group=name) for name in ("a", "b")), share("closed", 40, 40, group="c")]
    assert "a and b are lowest at 20%;" in said(services=SERVICES.with_rows(rows))


@pytest.mark.parametrize(
    ("closed", "start"),
    [
        (share("closed", 0, 0), "No comments in scope were heard in October 2026;"),
        (replace(CLOSED, n=None, count=None, value=None), "Too few comments were heard in October 2026"),
        (replace(CLOSED, count=None, value=None), "Of 120 comments heard in October 2026, how many have been"),
        (replace(CLOSED, n=8, count=7, value=None), "Of 8 comments heard in October 2026, 7 have been decided on"),
        (share("closed", 1, 1), "Of 1 comment heard in October 2026, 1 (100%) has been decided on"),
    ],
)
def test_the_sentence_never_says_what_is_hidden(closed: Figure, start: str) -> None:
    assert said(closed).startswith(start)
