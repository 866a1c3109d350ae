"""What ODK Central really sent over OData, and KoboToolbox's documented shape, read as a pull would read them."""

from pathlib import Path
from typing import Any

import pytest

from config.maps import SourceMap
from heardback.domain.table import Table
from heardback.sources.connectors import table_of

FILES = Path(__file__).parents[3] / "shared" / "data" / "real"
BLANK: dict[str, Any] = {
    "source": "exit", "name": "Leaving us", "channel": "exit_questionnaire", "service": "yjs",
    "questions": [{"column": "say/comment", "role": "comment", "code": "say"},
                  {"column": "_submission_time", "role": "submitted_at", "dates": ["ISO8601"]}],
}  # fmt: skip

pytestmark = pytest.mark.skipif(
    not FILES.is_dir(), reason="the real exports are not here; they lie beside the project in shared/data/real"
)


def read(connector: str, name: str, **more: Any) -> Table:
    feed = SourceMap.model_validate({**BLANK, "connect": {"to": connector}, **more})
    return table_of(feed, (FILES / name).read_bytes(), name)


def test_odk_central_as_it_was_seen() -> None:
    found = read("odk-central", "odk_central_odata.json", tool="odk", natural_key=["__id"])
    assert (found.rows_read, len(found.deleted), found.broken) == (4, 0, [])
    assert list(found.frame.columns) == [
        "start", "end", "service", "about/rating", "about/helped", "about/improve", "consent", "__id",
        "moments/moment#1", "moments/moment#2", "moments/moment#3",
    ]  # fmt: skip
    edited = found.frame.loc[2]
    assert (edited["__id"], edited["about/rating"]) == ("uuid:60e372ca-da39-46d7-a36a-ff708b58d7a8", "5")
    assert edited[["moments/moment#1", "moments/moment#2", "moments/moment#3"]].tolist() == ["a", "b", "c"]
    assert found.frame.loc[4, "about/improve"].endswith("nowhere to wait 😕")
    assert found.frame.loc[3, "about/improve"] == '=HYPERLINK("http://evil","x")'
    assert "admin@example.org" not in found.frame.to_csv()


def test_kobotoolbox_as_its_documents_shape_it() -> None:
    found = read("kobotoolbox", "kobo_api_v2_data.json", tool="kobo", natural_key=["_id"])
    assert list(found.frame.columns) == ["_id", "_submission_time", "service", "helped", "say/comment", "say/consent"]
    assert found.frame["_id"].tolist() == ["101", "102", "103", "104"]
    assert found.frame.loc[1, ["_submission_time", "helped", "say/consent"]].tolist() == [
        "2026-03-29T01:30:00Z", "wrk", "",
    ]  # fmt: skip
    assert found.frame.loc[2, "helped"] == "wrk act"
