"""A folder that is not on this machine, pulled like any other."""

import pytest
from upath import UPath

from tests.acceptance.bad_input import SURVEY, line, table, zipped
from tests.desk import Desk, problems_of


@pytest.mark.usefixtures("quick_gate")
def test_exports_at_a_url_land_in_order_and_once(sqlite_desk: Desk) -> None:
    folder = UPath("memory://far/survey")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "2026-10.csv").write_text(table(line(1), line(2, "Less noise")))
    (folder / "2026-9.zip").write_bytes(zipped(answers_csv=table(line(3, "More trips")).encode()))
    sqlite_desk.configure(sources={"survey": {**SURVEY, "file": {"path": "memory://far/survey/*"}}})
    reports = sqlite_desk.pull_all("survey").files
    assert [(file.file, file.fates) for file in reports] == [("2026-9.zip", {"loop": 1}), ("2026-10.csv", {"loop": 2})]
    assert [file.status for file in sqlite_desk.pull_all("survey").files] == ["unchanged"] * 2
    assert problems_of(sqlite_desk.store) == []


def test_a_url_whose_library_is_missing_fails_and_names_it(sqlite_desk: Desk) -> None:
    sqlite_desk.configure(sources={"survey": {**SURVEY, "file": {"path": "s3://bucket/survey/*.csv"}}})
    report = sqlite_desk.pull_all("survey")
    assert report.failed
    assert "pip install s3fs" in report.errors[0]
