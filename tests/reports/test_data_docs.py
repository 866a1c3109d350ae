"""The pages of the data docs: accessible, linked, escaped, and asking for nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from heardback.checks.data_docs import CheckLine
from heardback.reports.data_docs import ROWS_SHOWN, PullPage, is_shown, write_data_docs
from tests.reports.pages import Page, check_is_accessible, read

AT = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
PASSED = CheckLine("“id” values must be unique.", "twice", "expect_column_values_to_be_unique", True, 0, ())


def a_page(pull_uid: str = "exit-1", **changes: Any) -> PullPage:
    plain = {
        "feed": "Exit questionnaire", "file": "export.csv", "at": AT, "status": "landed", "rows_read": 12,
        "quarantined": 0, "failed_checks": 0, "checks": [PASSED],
    }  # fmt: skip
    return PullPage(pull_uid, **{**plain, **changes})


def pages(folder: Path, *pulls: PullPage) -> dict[str, Page]:
    index = write_data_docs(folder, "Northmere", pulls, AT)
    found = {path.name: read(path.read_text(encoding="utf-8")) for path in (folder / "pulls").glob("*.html")}
    return {"index": read(index.read_text(encoding="utf-8")), **found}


BAD = a_page(
    "exit-2", status="landed", quarantined=2, failed_checks=1, waiting=(("the date lies in the future", 2),),
    notes=("the answers were mended (3 rows)",),
    checks=[PASSED, CheckLine("No later than today.", "in the future", "expect_x", False, 60, tuple(range(2, 62)))],
)  # fmt: skip
FAILED = a_page("exit-3", status="failed", error="export.csv: the column 'id' is missing", checks=[])


def test_every_page_is_accessible_and_asks_for_nothing(tmp_path: Path) -> None:
    for page in pages(tmp_path, a_page(), BAD, FAILED).values():
        check_is_accessible(page)
        assert page.fetched == []
        assert page.all("script") == []
        policies = [meta.attributes["content"] for meta in page.all("meta") if "http-equiv" in meta.attributes]
        assert policies[0].startswith("default-src 'none'")


def test_the_index_leads_to_every_page_and_each_leads_back(tmp_path: Path) -> None:
    found = pages(tmp_path, a_page(), BAD, FAILED)
    links = [link for link in found["index"].links if not link.startswith("#")]
    assert links == ["pulls/exit-1.html", "pulls/exit-2.html", "pulls/exit-3.html"]
    assert all((tmp_path / link).exists() for link in links)
    assert all("../index.html" in page.links for name, page in found.items() if name != "index")


def test_a_pull_says_what_it_read_and_why_rows_wait(tmp_path: Path) -> None:
    text = pages(tmp_path, BAD)["exit-2.html"].text
    assert "It landed: 12 rows read, 2 in quarantine." in text
    assert "the date lies in the future2" in text  # two cells of a row
    assert "the answers were mended (3 rows)" in text
    assert "60 rows: in the future" in text
    assert f"{ROWS_SHOWN + 1} and 10 more" in text  # rows 2 to 51, and ten more


def test_a_pull_that_did_not_land_says_why(tmp_path: Path) -> None:
    found = pages(tmp_path, FAILED)
    assert "the column 'id' is missing" in found["exit-3.html"].text
    assert "did not land" in found["index"].text


def test_markup_in_a_files_name_is_text(tmp_path: Path) -> None:
    found = pages(tmp_path, a_page(file="<script>alert(1)</script>.csv"))
    assert all(page.all("script") == [] for page in found.values())
    assert "<script>alert(1)</script>.csv" in found["index"].text


def test_pages_of_pulls_that_are_no_longer_among_the_newest_go(tmp_path: Path) -> None:
    pages(tmp_path, a_page(), BAD)
    assert set(pages(tmp_path, BAD)) == {"index", "exit-2.html"}
    assert (is_shown(tmp_path, "exit-2"), is_shown(tmp_path, "exit-1")) == (True, False)


@pytest.mark.parametrize("pulls", [[], [BAD]])
def test_the_same_pulls_give_the_same_bytes(tmp_path: Path, pulls: list[PullPage]) -> None:
    first = write_data_docs(tmp_path / "a", "Northmere", pulls, AT).read_bytes()
    assert write_data_docs(tmp_path / "b", "Northmere", pulls, AT).read_bytes() == first
