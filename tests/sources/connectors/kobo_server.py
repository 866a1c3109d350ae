"""KoboToolbox's API v2 as its documents say: token, start and limit, a Mongo query, instants in UTC."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from tests.sources.connectors.contract import Case
from tests.sources.connectors.http_tool import Answer, HttpTool, Question

TOKEN = "k0b0-t0ken-made-up"  # noqa: S105
SECRETS = {"HEARDBACK_SECRET_KOBO": TOKEN}
DATA = "/api/v2/assets/aYjsExit9/data/"
DEFAULT, MOST = 100, 1_000
WORDS = "Wi-Fi is rubbish, really slow"


class KoboTool(HttpTool):
    """A server with one project. Its links say http and another host, as behind a proxy."""

    words = WORDS

    def __init__(self) -> None:
        super().__init__()
        self.records: list[dict[str, Any]] = []
        self.between: Callable[[int], Answer | None] = lambda _page: None
        self.pages = 0

    def send(self, number: int, comment: str, at: str, **more: Any) -> dict[str, Any]:
        """A submission of an instant. A question that nobody answered is not in it."""
        record: dict[str, Any] = {
            "_id": number, "formhub/uuid": "f", "__version__": "v1", "meta/instanceID": f"uuid:{number}",
            "meta/instanceName": "canary-instance", "_uuid": str(number), "_submission_time": at, "_attachments": [],
            "_submitted_by": "canary-submitter", "_geolocation": [51.507345, -0.127837], "_tags": [], "_notes": [],
            "_validation_status": {}, "deviceid": "canary-device", "home": "51.507345 -0.127837 0 0", "service": "yjs",
        }  # fmt: skip
        said = {"say/comment": comment} if comment else {}
        self.records.append({**record, **said, **{key.replace("__", "/"): value for key, value in more.items()}})
        return self.records[-1]

    def edit(self, number: int, comment: str) -> None:
        """An edit gives a submission another `_uuid`, and leaves the instant at which it was sent."""
        (record,) = (record for record in self.records if record["_id"] == number)
        record |= {"say/comment": comment, "_uuid": f"{record['_uuid']}-edited"}

    def delete(self, number: int) -> None:
        self.records = [record for record in self.records if record["_id"] != number]

    def knows(self, question: Question) -> bool:
        return question.headers.get("Authorization") == f"Token {TOKEN}"

    def answer(self, question: Question) -> Answer:
        if question.path != DATA:
            return Answer({"detail": "Not found."}, 404)
        self.pages += 1
        return self.between(self.pages) or Answer(self._page(question.query))

    def _page(self, query: Mapping[str, str]) -> dict[str, Any]:
        found = self._found(query)
        start, limit = int(query.get("start", 0)), min(int(query.get("limit", DEFAULT)), MOST)
        onward = {**query, "limit": limit, "start": start if self.trouble == "circle" else start + limit}
        return {
            "count": len(found) + (self.trouble == "overstates"),
            "next": f"http://kpi.internal{DATA}?{urlencode(onward)}" if start + limit < len(found) else None,
            "previous": None,
            "results": found[start : start + limit],
        }

    def _found(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """Text is compared as text, as Mongo does; newest first unless it was asked to sort."""
        found = self.records
        if "query" in query:
            oldest = json.loads(query["query"])["_submission_time"]["$gte"]
            found = [record for record in found if record["_submission_time"] >= oldest]
        ((column, direction),) = json.loads(query.get("sort", '{"_id": -1}')).items()
        return sorted(found, key=lambda record: record[column], reverse=direction < 0)


def connect(tool: KoboTool) -> dict[str, str]:
    return {"address": tool.address, "asset": "aYjsExit9", "token": "HEARDBACK_SECRET_KOBO", "page_size": "2"}


def _play() -> KoboTool:
    tool = KoboTool()
    tool.send(101, WORDS, "2026-09-01T01:30:00", helped="wrk act")
    tool.send(102, "", "2026-09-02T10:00:00")
    tool.send(103, "More pizza", "2026-09-03T10:00:00", moments=[{"moments/moment": "a"}, {"moments/moment": "b"}])
    tool.send(104, "Less noise", "2026-09-03T10:00:00", _uuid="101")
    tool.send(105, "A bus stop", "2026-09-05T10:00:00")
    return tool


def _later(tool: KoboTool) -> None:
    tool.send(106, "A second bus stop", "2026-09-06T10:00:00")


def _expected(number: int, comment: str, sent: str, **more: str) -> dict[str, str]:
    blank = {"helped": "", "moments/moment#1": "", "moments/moment#2": ""}
    return {"_id": str(number), "say/comment": comment, "_submission_time": sent, **blank, **more}


CASE = Case(
    name="kobotoolbox",
    play=_play,
    connect=connect,
    secrets=SECRETS,
    rows=[
        _expected(101, WORDS, "2026-09-01T01:30:00Z", helped="wrk act"),
        _expected(102, "", "2026-09-02T10:00:00Z"),
        _expected(103, "More pizza", "2026-09-03T10:00:00Z", **{"moments/moment#1": "a", "moments/moment#2": "b"}),
        _expected(104, "Less noise", "2026-09-03T10:00:00Z"),
        _expected(105, "A bus stop", "2026-09-05T10:00:00Z"),
    ],
    later=_later,
    added={"_id": "106", "say/comment": "A second bus stop"},
    troubles=frozenset({
        "refused", "broken", "busy", "circle", "overstates", "error_body", "other_json", "web_page", "elsewhere",
        "bomb",
    }),
    pages=3,
    identity=("canary-submitter", "canary-device", "canary-instance", "51.507345", "-0.127837"),
    feed={
        "natural_key": ["_id"],
        "questions": [
            {"column": "_submission_time", "role": "submitted_at", "dates": ["ISO8601"]},
            {"column": "service", "role": "service"},
            {"column": "say/comment", "role": "comment", "code": "say"},
        ],
    },
)  # fmt: skip
