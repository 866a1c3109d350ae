"""A LimeSurvey on loopback: RemoteControl 2 over JSON-RPC, as its own source (remotecontrol_handle.php) answers."""

import base64
import csv
import json
from io import StringIO
from typing import Any

from tests.sources.connectors.contract import Case
from tests.sources.connectors.http_tool import Answer, HttpTool, Question

PATH = "/index.php/admin/remotecontrol"
PASSWORD = "correct horse"  # noqa: S105
SECRET = "HEARDBACK_SECRET_LIME"  # noqa: S105 - a name
SURVEY = 283671
WORDS = "The waiting room is freezing"
Row = dict[str, Any]


def response(number: int, improve: str | None, **more: Any) -> Row:
    """One response, as an export with codes has it."""
    blank = {
        "id": number, "submitdate": "2026-09-01 10:00:00", "lastpage": None, "startlanguage": "en", "seed": "17",
        "service": "yjs", "helped[wrk]": "Y", "helped[plc]": None, "improve": improve,
    }  # fmt: skip
    return blank | more


class LimeSurveyTool(HttpTool):
    """One survey, active unless `responses` is None.

    `faults` are answered in the place of what was asked; `instead` are results in the place of a method's own.
    """

    words = WORDS

    def __init__(self) -> None:
        super().__init__()
        self.responses: list[Row] | None = [
            response(1, WORDS),
            response(2, "more “pizza” 😕"),
            response(3, "half fini", submitdate=None),
            response(4, None, **{"helped[wrk]": None}),
        ]
        self.may_export, self.wrapped = True, False  # wrapped: as version 3 wrote JSON
        self.faults: list[Answer] = []
        self.instead: dict[str, Any] = {}
        self.methods: list[str] = []
        self.keys: set[str] = set()

    @property
    def url(self) -> str:
        return self.address + PATH

    def knows(self, question: Question) -> bool:  # noqa: ARG002
        return True  # it says with a 200 that it does not

    def answer(self, question: Question) -> Answer:
        if self.faults:
            return self.faults.pop(0)
        if (question.method, question.path) != ("POST", PATH):
            return Answer(b"<html>not here</html>", 404)
        if question.headers.get("Content-Type") != "application/json":  # to the letter: no charset behind it
            return Answer(b"")
        asked = json.loads(question.body)
        self.methods.append(asked["method"])
        answers = {"get_session_key": self._key, "release_session_key": self._release, "export_responses": self._export}
        if asked["method"] not in answers:
            return Answer({"id": asked["id"], "result": None, "error": "unknown method or incorrect parameters"})
        result = self.instead.get(asked["method"]) or answers[asked["method"]](*asked["params"])
        return Answer({"id": asked["id"], "result": result, "error": None})

    def _key(self, user: str, password: str, plugin: str = "Authdb") -> Any:
        if (user, password, plugin) != ("heardback", PASSWORD, "Authdb"):
            return {"status": "Invalid user name or password"}
        key = f"key-{len(self.asked)}"
        self.keys.add(key)
        return key

    def _release(self, key: str) -> str:
        self.keys.discard(key)
        return "OK"

    def _export(self, key: str, survey: int, kind: str, language: str | None, completion: str, *_: Any) -> Any:
        if key not in self.keys:
            return {"status": "Invalid session key"}
        if not self.may_export or survey != SURVEY:
            return {"status": "No permission"}
        if self.responses is None:
            return {"status": "No Data, survey table does not exist."}
        if not self.responses:
            return {"status": "No Data, could not get max id."}
        if language not in (None, "", "en"):
            return {"status": "Language code not found for this survey."}
        wanted = [row for row in self.responses if completion in ("all", _completion(row))]
        # Where none is wanted, its Writer.php writes one row all the same: the headings, and "" below each.
        wanted = wanted or [dict.fromkeys(self.responses[0], "")]
        return base64.b64encode(self._as_json(wanted) if kind == "json" else _as_csv(wanted)).decode()

    def _as_json(self, rows: list[Row]) -> bytes:
        listed = [{str(row["id"]): row} for row in rows] if self.wrapped else rows
        return json.dumps({"responses": listed}).encode()


def _completion(row: Row) -> str:
    return "complete" if row["submitdate"] else "incomplete"


def _as_csv(rows: list[Row]) -> bytes:
    written = StringIO()
    writer = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    written.write("\r\n")  # as CsvWriter.php closes its file
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def connect(tool: LimeSurveyTool) -> Row:
    return {"url": tool.url, "survey": SURVEY, "user": "heardback", "password": SECRET}


def _later(tool: LimeSurveyTool) -> None:
    tool.responses = [*(tool.responses or []), response(5, "a second bus stop")]


CASE = Case(
    name="limesurvey",
    play=LimeSurveyTool,
    connect=connect,
    secrets={SECRET: PASSWORD},
    rows=[
        {"id": "1", "submitdate": "2026-09-01 10:00:00", "helped[wrk]": "Y", "improve": WORDS},
        {"id": "2", "submitdate": "2026-09-01 10:00:00", "helped[wrk]": "Y", "improve": "more “pizza” 😕"},
        {"id": "3", "submitdate": "", "helped[wrk]": "Y", "improve": "half fini"},
        {"id": "4", "submitdate": "2026-09-01 10:00:00", "helped[wrk]": "", "improve": ""},
    ],
    later=_later,
    added={"id": "5", "improve": "a second bus stop"},
    troubles=frozenset({"refused", "broken", "busy", "error_body", "other_json", "web_page", "elsewhere", "bomb"}),
    pages=2,
)
