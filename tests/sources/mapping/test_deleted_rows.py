"""A row that says its record was deleted names the very response that its record once was."""

from dataclasses import replace

import pandas as pd
import pytest

from heardback.domain.table import Table
from heardback.errors import PullRefused
from heardback.sources.mapping.outline import apply_map, deleted_responses
from tests.sources.samples import RECEIVED, a_directory, a_source


def rows(*ids: str, first: int = 1) -> pd.DataFrame:
    index = range(first, first + len(ids))
    return pd.DataFrame({"id": ids, "improve": "Mend the swings"}, index=index, dtype="str")


def test_it_is_known_by_its_key_and_its_row_number() -> None:
    before = apply_map(a_source(), Table(rows("7", "8"), "export"), a_directory(), RECEIVED).responses
    found = deleted_responses(a_source(), Table(rows(), "export", deleted=rows(" 8 ", first=5)))
    assert found.to_dict() == {5: before["response_uid"][1]}


def test_it_is_neither_mapped_nor_missing_from_the_rows_read() -> None:
    table = Table(rows("7"), "export", deleted=rows("8", first=2))
    assert table.rows_read == 2
    assert apply_map(a_source(), table, a_directory(), RECEIVED).responses["source_record_id"].tolist() == ["7"]


def test_without_a_key_nobody_knows_which_response_is_meant() -> None:
    keyless = a_source(natural_key=[])
    table = Table(rows("7"), "export", deleted=rows("8"))
    with pytest.raises(PullRefused, match=r"deleted where they came from \(1\)"):
        deleted_responses(keyless, table)
    assert deleted_responses(keyless, replace(table, deleted=pd.DataFrame())).empty
