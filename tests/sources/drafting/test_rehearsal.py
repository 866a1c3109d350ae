"""A dry run counts what would happen and shows no cell."""

import json

import pytest

from heardback.errors import PullRefused, Unreadable
from heardback.sources.drafting.rehearsal import check_map
from tests.sources.samples import RECEIVED, a_directory, a_source

TEXT = """id,status,ok,improve
1,Done,Y,canary seats
2,Done,,
3,Test,,canary
4,Done,N,canary wifi
4,Done,N,canary wifi
5,Done,Y,canary a
5,Done,Y,canary b
6,Done

,Done,Y,canary c
"""


def rehearsed(text: str = TEXT) -> dict[str, object]:
    source = a_source(
        {"column": "status", "role": "completion", "values": {"Done": "complete", "Test": "test"}},
        {"column": "ok", "role": "consent_publish", "true_values": ["Y"], "false_values": ["N"]},
    )
    return check_map(source, text.encode(), "export.csv", a_directory(), RECEIVED)


def test_every_row_is_in_one_part() -> None:
    assert rehearsed()["rows"] == {
        "read": 9, "with_comment": 2, "without_comment": 0, "test": 1, "empty": 1, "duplicate": 1, "quarantine": 4,
        "deleted": 0, "blank": 1,
    }  # fmt: skip


def test_each_reason_has_its_count_and_its_first_row() -> None:
    assert rehearsed()["reasons"] == {
        "the row has 2 cells where the header has 4": {"rows": 1, "first_row": 9},
        "the record's id is missing, or a part of it": {"rows": 1, "first_row": 11},
        "the same id stands in the file with other answers": {"rows": 2, "first_row": 7},
    }


def test_a_dry_run_can_be_printed_as_json_and_shows_no_cell() -> None:
    told = json.dumps(rehearsed())
    assert "canary" not in told
    assert json.loads(told)["consent"] == {"no": 1, "not_asked": 2, "yes": 1}
    assert json.loads(told)["services"] == {"yjs": 4}


def test_what_a_pull_would_refuse_the_dry_run_refuses() -> None:
    with pytest.raises(PullRefused):
        rehearsed("number,improve\n1,a\n")
    with pytest.raises(Unreadable):
        rehearsed("")
