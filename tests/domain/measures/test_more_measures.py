"""Who spoke, how far it reached, what answers lack, and what changes did: counted by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from config.policy import ReportPolicy
from heardback.domain.deadlines import england
from heardback.domain.measures.difference import difference_made, in_a_sentence
from heardback.domain.measures.disclosure import audit, protect
from heardback.domain.measures.lundy import lundy
from heardback.domain.measures.participation import participation
from heardback.domain.measures.quality_of_answers import AnswerChecks, response_quality
from heardback.domain.measures.rates import rates
from heardback.domain.measures.readability import AIM, reading_age
from heardback.domain.measures.survival import time_to_decide
from tests.domain.voice_tables import DECIDED, HEARD, TOLD, many

COHORTS = {"service_code:transport": 200, "age_band:11-15": 50, "age_band:16-18": 80, "shoe_size:9": 5}


def table() -> pd.DataFrame:
    return many(
        a=(12, {**TOLD, "char_age_band": "11-15", "source_id": "box"}),
        b=(8, {**DECIDED, "char_age_band": "", "completed_by": "on_behalf"}),
        c=(4, {**HEARD, "char_age_band": "16-18", "completed_by": "with_help"}),
    )


def test_loudness_is_comments_for_every_hundred_of_the_group_and_only_where_a_size_is_known() -> None:
    tables = {each.dimension: each for each in participation(table(), COHORTS, population="2026-10")}
    assert set(tables) == {"source_id", "service_code", "char_age_band"}
    assert tables["service_code"].figure("heard", "transport").value == 12.0  # 24 of 200
    assert {row.group: row.value for row in tables["char_age_band"].rows} == {"11-15": 24.0, "16-18": 5.0}
    assert tables["source_id"].figure("heard", "box").count == 12


def test_a_small_group_is_as_hidden_here_as_in_the_rates() -> None:
    policy = ReportPolicy()
    heard = table()
    tables = [rates(heard, "char_age_band", population="m"), *participation(heard, COHORTS, population="m")]
    safe = protect(tables, policy)
    loud = next(each for each in safe if each.code == "participation_by_char_age_band").figure("heard", "16-18")
    assert (loud.count, loud.value, loud.suppressed) == (None, None, True)
    assert audit(safe, policy) == []


def test_the_four_stages_are_read_off_shown_figures() -> None:
    heard = table()
    tables = (rates(heard, population="m"), rates(heard, "completed_by", population="m"))
    shown = lundy(tables, services_heard=3, services=4)
    assert [(row.code, row.count, row.n) for row in shown.rows] == [
        ("space", 3, 4), ("voice", 16, 24), ("audience", 20, 24), ("influence", 12, 24),
    ]  # fmt: skip
    hidden = lundy(protect(tables, ReportPolicy()), services_heard=3, services=4)
    assert hidden.figure("voice").shown_count == "c"  # 4 said it with help: the sum would give them away


def test_time_to_decide_counts_what_nobody_has_decided_as_still_open() -> None:
    made = time_to_decide(table(), date(2026, 10, 20), england(2026, 2026))
    row = made.figure("days_to_decide")
    assert (row.value, row.n) == (2.0, 24)  # heard on Thursday 1 October, decided on Monday 5


def test_each_part_of_an_answer_is_counted_for_itself() -> None:
    good, vague = AnswerChecks(*[True] * 5), AnswerChecks(False, False, True, True, False)
    checked = response_quality([good, good, vague])
    assert {row.code: row.count for row in checked.rows} == {
        "answered": 3, "specific_ask": 2, "says_what": 2, "dated": 3, "owned_by": 3, "readable": 2,
    }  # fmt: skip
    assert response_quality([]).figure("dated").value is None


def ratings(before: list[float], after: list[float]) -> pd.DataFrame:
    days = [pd.Timestamp(2026, 3, 1)] * len(before) + [pd.Timestamp(2026, 7, 1)] * len(after)
    return pd.DataFrame({"heard_on": days, "score": [*before, *after]})


def test_a_difference_has_an_interval_and_is_not_told_of_a_few() -> None:
    random = np.random.default_rng(1)
    made = difference_made(ratings(list(random.normal(0.5, 0.1, 60)), list(random.normal(0.8, 0.1, 60))), DAY, 10)
    assert made is not None
    assert made.low < 0.3 < made.high and made.high - made.low < 0.1
    assert "of 100 before (60 ratings)" in in_a_sentence(made, 10) and "chance" not in in_a_sentence(made, 10)
    assert difference_made(ratings([0.5] * 9, [0.8] * 60), DAY, 10) is None
    assert in_a_sentence(None, 10).startswith("Whether ratings changed cannot be told")


def test_a_difference_that_chance_can_make_says_so() -> None:
    same = difference_made(ratings([0.0, 1.0] * 10, [0.0, 1.0] * 9 + [1.0, 1.0]), DAY, 10)
    assert "so chance alone could have made it" in in_a_sentence(same, 10)


DAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The cat sat on the mat.", 5, 6),
        ("We put a heater in the waiting room.", 6, 9),
        ("The commissioning arrangements necessitate consultation with numerous organisations.", 20, 40),
        ("", 5, 5),
    ],
)
def test_longer_words_and_sentences_need_older_readers(text: str, low: float, high: float) -> None:
    assert low <= reading_age(text) <= high


def test_the_aim_is_nine() -> None:
    assert AIM == 9
