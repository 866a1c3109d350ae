"""Does it all add up? Both checks name what is wrong, and `assure` fails with all of it (G1, G13)."""

import pytest

from heardback.errors import HeardbackError
from tasks.assurance import assure, reconcile, verify
from tests.council import change_row, exit_row
from tests.desk import Desk

pytestmark = pytest.mark.usefixtures("quick_gate")


@pytest.fixture
def landed(desk: Desk) -> Desk:
    desk.pull(
        exit_row(1, "The room is freezing, zebra"), exit_row(2, "No day, zebra", date=""), exit_row(3, "Pizza, please")
    )
    desk.pull(change_row(1), feed="log")
    return desk


def test_where_nobody_touched_anything_it_adds_up(landed: Desk) -> None:
    found = reconcile()
    assert (found.problems, sum(account.rows_read for account in found.accounts)) == ([], 4)
    assert (verify().entries, verify().problems) == (2, [])
    assure()
    assert landed.states() == ["heard", "heard"]


def test_what_does_not_add_up_is_named_in_full_and_without_a_word(landed: Desk) -> None:
    with landed.store.begin() as connection:
        connection.exec_driver_sql("DELETE FROM quarantined_row")
        connection.exec_driver_sql("UPDATE loop SET state = 'agreed' WHERE loop_uid = 'L-0001'")
    with pytest.raises(HeardbackError) as wrong:
        assure()
    missing, moved = wrong.value.what.splitlines()
    assert missing.startswith("pull exit-")
    assert missing.endswith("3 rows read, 2 accounted for: 1 missing")
    assert moved == "loop L-0001: stands at 'agreed', version 1; its history says 'heard', version 1"
    assert "zebra" not in str(wrong.value)


def test_a_council_that_has_pulled_nothing_adds_up(sqlite_desk: Desk) -> None:
    assert (reconcile().accounts, verify().entries) == ([], 0)
    assert sqlite_desk.states() == []
