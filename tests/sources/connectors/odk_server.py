"""ODK Central as its documents say and as the real one was seen: sessions, OData, skip tokens, edits and deletions."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.sources.connectors.contract import Case
from tests.sources.connectors.http_tool import Answer, HttpTool, Question

EMAIL, PASSWORD, TOKEN = "heardback@northmere.example", "0dk-passw0rd-made-up", "s3ss10n-made-up"
SECRETS = {"HEARDBACK_SECRET_ODK": PASSWORD}
FORM = "/v1/projects/2/forms/yjs_exit.svc/Submissions"
DOMAIN = "https://odk.elsewhere.example"  # what it believes its own address to be
WORDS = "The reception is grim, with nowhere to wait"
CONDITION = re.compile(r"__system/(submissionDate|updatedAt|deletedAt) ge (\S+)")
HOME = {"type": "Point", "coordinates": [-0.127837, 51.507345], "properties": {"accuracy": 5}}


@dataclass
class Submission:
    """One submission as it stands now. Instants are ISO text in UTC, as Central writes them."""

    uuid: str
    sent: str
    answers: dict[str, Any]
    moments: list[str] = field(default_factory=list)
    updated: str | None = None
    deleted: str | None = None
    instance: str = ""
    edits: int = 0
    status: str | None = None

    def edit(self, improve: str, at: str) -> None:
        """The id stays, the instance's id changes."""
        self.answers["about"]["improve"] = improve
        self.updated, self.edits, self.instance = at, self.edits + 1, f"{self.uuid[:-1]}{self.edits + 1}"


class CentralTool(HttpTool):
    """A server with one form. `between` is told the number of each page before it goes out, and may answer instead."""

    words = WORDS

    def __init__(self) -> None:
        super().__init__()
        self.submissions: dict[str, Submission] = {}
        self.skips = False  # as servers before 2023 page
        self.between: Callable[[int], Answer | None] = lambda _page: None
        self.pages = 0

    def send(self, number: int, improve: str | None, at: str, **more: Any) -> Submission:
        """A submission of an instant; `rating`, `helped`, `consent` change its answers, the rest its fields."""
        uuid = f"uuid:{number:08d}-0000-4000-8000-000000000000"
        about = {"rating": more.pop("rating", 4), "helped": more.pop("helped", None), "improve": improve}
        answers = {
            "start": "2026-09-01T10:00:00.000+01:00", "service": "yjs", "about": about,
            "consent": more.pop("consent", "yes"), "username": "canary-username", "home": HOME,
        }  # fmt: skip
        self.submissions[uuid] = Submission(uuid, at, answers, instance=uuid, **more)
        return self.submissions[uuid]

    def knows(self, question: Question) -> bool:
        """Central takes Basic auth over https alone."""
        if question.path == "/v1/sessions":
            return bool(json.loads(question.body) == {"email": EMAIL, "password": PASSWORD})
        return question.headers.get("Authorization") == f"Bearer {TOKEN}"

    def answer(self, question: Question) -> Answer:
        if (question.method, question.path) == ("POST", "/v1/sessions"):
            return Answer({"token": TOKEN, "csrf": "csrf", "expiresAt": "2026-11-11T09:30:00.000Z"})
        if question.path != FORM:
            return Answer({"message": "Could not find the resource you were looking for.", "code": 404.1}, 404)
        self.pages += 1
        return self.between(self.pages) or Answer(self._page(question.query))

    def _page(self, query: Mapping[str, str]) -> dict[str, Any]:
        found = self._found(query.get("$filter", ""))
        first = self._first(found, query)
        last = min(first + int(query["$top"]), len(found)) if "$top" in query else len(found)
        page: dict[str, Any] = {
            "value": [_row(row, expanded=query.get("$expand") == "*") for row in found[first:last]],
            "@odata.context": f"{DOMAIN}{FORM.removesuffix('/Submissions')}/$metadata#Submissions",
        }
        if last < len(found):
            page["@odata.nextLink"] = self._link(query, found, max(first, 1) if self.trouble == "circle" else last)
        if query.get("$count") == "true":
            page["@odata.count"] = len(found) + (self.trouble == "overstates")
        return page

    def _link(self, query: Mapping[str, str], found: list[Submission], last: int) -> str:
        token = b64encode(json.dumps({"instanceId": found[last - 1].uuid}).encode()).decode()
        place = {"$skip": str(last)} if self.skips else {"$skiptoken": f"01{token}"}
        gone = {"$top"} if self.skips else set()  # as its nextUrlFor wrote the link then
        kept = {key: said for key, said in query.items() if key not in gone}
        return f"{DOMAIN}{FORM}?{urlencode({**kept, **place})}"

    def _found(self, condition: str) -> list[Submission]:
        """Newest first; deleted ones only where the filter asks about their deletion."""
        found = list(self.submissions.values())
        if "deletedAt" not in condition:
            found = [row for row in found if not row.deleted]
        if condition:
            wanted = CONDITION.findall(condition)
            assert " or ".join(f"__system/{name} ge {instant}" for name, instant in wanted) == condition
            found = [row for row in found if any((_system(row)[name] or "") >= instant for name, instant in wanted)]
        return sorted(found, key=lambda row: (row.sent, row.uuid), reverse=True)

    def _first(self, found: list[Submission], query: Mapping[str, str]) -> int:
        if "$skiptoken" not in query:
            return int(query.get("$skip", 0))
        uuid = json.loads(b64decode(query["$skiptoken"][2:]))["instanceId"]
        return [row.uuid for row in found].index(uuid) + 1


def _system(row: Submission) -> dict[str, Any]:
    return {
        "submissionDate": row.sent, "updatedAt": row.updated, "submitterId": "6", "submitterName": "canary-submitter",
        "attachmentsPresent": 0, "attachmentsExpected": 0, "status": row.status, "reviewState": None,
        "deviceId": "canary-device", "edits": row.edits, "formVersion": "1", "deletedAt": row.deleted,
    }  # fmt: skip


def _row(row: Submission, *, expanded: bool) -> dict[str, Any]:
    meta = {"instanceID": row.instance, "instanceName": "canary-instance"}
    answers = {} if row.status else row.answers
    found = {**answers, "meta": meta, "__id": row.uuid, "__system": _system(row)}
    if row.moments:
        found["moments@odata.navigationLink"] = f"Submissions('{row.uuid}')/moments"
    if row.moments and expanded:
        found["moments"] = [{"moment": said, "__id": f"{number:040x}"} for number, said in enumerate(row.moments)]
    return found


def connect(tool: CentralTool) -> dict[str, str]:
    return {
        "address": tool.address, "project": "2", "form": "yjs_exit", "email": EMAIL, "page_size": "2",
        "password": "HEARDBACK_SECRET_ODK",
    }  # fmt: skip


def _play() -> CentralTool:
    tool = CentralTool()
    tool.send(1, WORDS, "2026-09-01T09:00:00.081Z", moments=["canoeing", "the trip to Avalon"])
    tool.send(2, None, "2026-09-02T09:00:00.000Z", rating=None)
    tool.send(3, "More pizza", "2026-09-03T09:00:00.000Z", helped="worker place")
    tool.send(4, "Less noise", "2026-09-03T09:00:00.000Z")
    tool.send(5, "A bus stop", "2026-09-05T09:00:00.000Z", moments=["the film night"])
    return tool


def _later(tool: CentralTool) -> None:
    tool.send(6, "A second bus stop", "2026-09-06T09:00:00.000Z")


def _expected(number: int, improve: str, **more: str) -> dict[str, str]:
    blank = {"about/helped": "", "moments/moment#1": "", "moments/moment#2": "", "about/rating": "4"}
    return {"__id": f"uuid:{number:08d}-0000-4000-8000-000000000000", "about/improve": improve, **blank, **more}


CASE = Case(
    name="odk-central",
    play=_play,
    connect=connect,
    secrets=SECRETS,
    rows=[
        _expected(5, "A bus stop", **{"moments/moment#1": "the film night"}),
        _expected(4, "Less noise"),
        _expected(3, "More pizza", **{"about/helped": "worker place"}),
        _expected(2, "", **{"about/rating": ""}),
        _expected(1, WORDS, **{"moments/moment#1": "canoeing", "moments/moment#2": "the trip to Avalon"}),
    ],
    later=_later,
    added={"__id": "uuid:00000006-0000-4000-8000-000000000000", "about/improve": "A second bus stop"},
    troubles=frozenset({
        "refused", "broken", "busy", "circle", "overstates", "error_body", "other_json", "web_page", "elsewhere",
        "bomb",
    }),
    pages=4,
    identity=("canary-username", "canary-submitter", "canary-device", "canary-instance", "51.507345", "-0.127837"),
    feed={"natural_key": ["__id"]},
)  # fmt: skip
