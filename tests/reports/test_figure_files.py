"""The figures of a pack as files: each number there, each hidden one marked, none of them live in a spreadsheet."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from heardback.domain.measures.figures import Figure, Table, Unit, counted
from heardback.domain.measures.rates import share
from heardback.reports.figure_files import COLUMNS, write_csv, write_json
from heardback.reports.pack import every_table, write_pack
from tests.reports.made_up import content

HIDDEN_SHARE = replace(
    share("closed", 4, 12, group="hubs"), count=None, value=None, low=None, high=None, suppressed=True
)
TABLE = Table("rates_by_x", "Rates", (share("closed", 1, 3), HIDDEN_SHARE, counted("heard", 12)), "x")


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_each_figure_is_a_row_with_definition_base_interval_and_mark(tmp_path: Path) -> None:
    shown, hidden, count = rows_of(write_csv(tmp_path / "figures.csv", [TABLE]))
    assert tuple(shown) == COLUMNS
    assert (shown["n"], shown["count"], shown["value"], shown["suppressed"]) == ("3", "1", "0.3333", "False")
    assert (shown["low"], shown["high"]) == ("0.0615", "0.7923")  # Wilson for 1 of 3
    assert shown["definition"].startswith("Decided and told")
    assert (hidden["n"], hidden["count"], hidden["value"], hidden["low"]) == ("12", "c", "c", "c")
    assert hidden["suppressed"] == "True"
    assert (count["n"], count["count"], count["low"]) == ("", "12", "")  # a count has no base and no interval


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_group_that_a_survey_named_like_a_formula_stays_text(tmp_path: Path, start: str) -> None:
    named = Table("t", "T", (counted("heard", 7, group=f'{start}HYPERLINK("x")'),), "language")
    (row,) = rows_of(write_csv(tmp_path / "figures.csv", [named]))
    assert row["group"] == f'\'{start}HYPERLINK("x")'


def test_a_negative_gap_stays_a_number(tmp_path: Path) -> None:
    gap = Figure("gap", "Closed", "", 12, None, -0.5, -0.75, -0.25, Unit.POINTS)
    (row,) = rows_of(write_csv(tmp_path / "figures.csv", [Table("gaps", "Gaps", (gap,))]))
    assert (row["value"], row["low"], row["high"], row["count"]) == ("-0.5", "-0.75", "-0.25", "")


def test_json_says_the_same_as_csv(tmp_path: Path) -> None:
    tables = every_table(content())
    written = rows_of(write_csv(tmp_path / "figures.csv", tables))
    document = json.loads(write_json(tmp_path / "figures.json", content(), tables).read_text("utf-8"))
    assert (document["council"], document["month"], document["as_of"]) == ("Eastmere", "2026-09", "2026-11-09")
    assert "under 6" in document["not_shown"]["c"]
    spelled = [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in document["figures"]
    ]
    assert spelled == written


def test_every_figure_of_the_pack_is_in_the_files_and_no_hidden_number(tmp_path: Path) -> None:
    _, path, *_ = write_pack(tmp_path, content())
    written = rows_of(path)
    tables = every_table(content())
    assert len(written) == sum(len(table.rows) for table in tables)
    assert {row["table"] for row in written} >= {
        "funnel",
        "closure_by_month",
        "gaps_rates_by_char_age_band",
        "matching",
    }
    detached = [row for row in written if row["group"] == "detached" and row["table"] == "rates_by_service_code"]
    assert detached
    assert all(row["value"] == "c" and row["n"] in {"", "c"} for row in detached)
