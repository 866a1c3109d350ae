"""SmartSurvey's API v1 as its documents describe it: a survey of seven responses."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from tests.sources.connectors.contract import Case
from tests.sources.connectors.http_tool import Answer, HttpTool, Question

TOKEN, SECRET = "sm-t0ken-made-up", "sm-s3cret-made-up"
SECRETS = {"HEARDBACK_SECRET_SMART_TOKEN": TOKEN, "HEARDBACK_SECRET_SMART_SECRET": SECRET}
SURVEY = "268842"
PAGING = True  # whether the headers say where one is
WORDS = "The waiting room is freezing"
RATE, HELPED, IMPROVE, MATRIX, NAME, UNASKED = 5001, 5002, 5003, 5004, 5005, 5006


def _choice(number: int, title: str, kind: str) -> dict[str, Any]:
    return {"id": number, "title": title, "type": kind, "position": 1}


def _asked(number: int, title: str, kind: str, sub: str, *choices: dict[str, Any]) -> dict[str, Any]:
    return {"id": number, "title": title, "type": kind, "sub_type": sub, "position": 1, "choices": list(choices)}


QUESTIONS = [
    _asked(RATE, "<p>How was it&nbsp;overall?</p>", "single_choice", "radio", _choice(61, "Good", "radio"),
           _choice(62, "Bad", "radio")),
    _asked(HELPED, "What helped?", "multiple_choice", "checkbox", _choice(63, "Clubs", "checkbox"),
           _choice(64, "Trips; days out", "checkbox"), _choice(65, "Something else", "other")),
    _asked(IMPROVE, "What should change?", "open_ended", "essay", _choice(66, "Comments", "text")),
    _asked(MATRIX, "Rate each part", "matrix", "single", _choice(81, "Welcome", "matrix_row"),
           _choice(82, "Waiting", "matrix_row"), _choice(91, "Poor", "matrix_col"), _choice(92, "Good", "matrix_col")),
    _asked(NAME, "Your name", "open_ended", "single", _choice(67, "Name", "text")),
    _asked(UNASKED, "Anything else?", "open_ended", "multiple", _choice(68, "First", "text"),
           _choice(69, "Second", "text")),
]  # fmt: skip
DESIGN = {
    "id": int(SURVEY),
    "title": "Leaving us",
    "pages": [{"id": 1, "questions": QUESTIONS[:3]}, {"id": 2, "questions": QUESTIONS[3:]}],
}


def response(number: int, improve: str, day: str, **more: Any) -> dict[str, Any]:
    """A completed response; `helped`, `rate`, `welcome` and `modified` change its answers, the rest its fields."""
    choices = [
        {"id": 1, "type": "checkbox", "choice_title": title, "choice_id": 63} for title in more.pop("helped", [])
    ]
    rate, welcome = more.pop("rate", "Good"), more.pop("welcome", "")
    modified = more.pop("modified", f"{day}T10:05:00Z")
    return {
        "id": number, "survey_id": int(SURVEY), "tracking_link_id": 1, "unique_id": None,
        "date_started": f"{day}T10:00:00Z", "date_ended": f"{day}T10:05:00Z", "date_modified": modified,
        "status": "completed", "manual_entry": False, "ip_address": "203.0.113.77", "user_agent": "Mozilla/5.0 (X11)",
        "contact_name": "Casey Contact", "contact_email": "casey@example.org", "country": "GB",
        "edit_url": f"https://www.smartsurvey.co.uk/s/x/?r={number}&edit=tok", "saved_email": "saved@example.org",
        "variables": [{"name": "service", "value": "yjs"}, {"name": "email", "value": "v@example.org"}],
        "contact_data": [{"name": "Phone", "value": "07700 900123"}],
        "pages": [
            {"id": 1, "questions": [
                _answered(RATE, [{"type": "radio", "choice_title": rate, "choice_id": 61}] if rate else []),
                _answered(HELPED, choices + more.pop("besides", [])),
                _answered(IMPROVE, [{"type": "text", "choice_title": "Comments", "choice_id": 66, "value": improve}]),
            ]},
            {"id": 2, "questions": [
                _answered(MATRIX, [{"type": "matrix_row", "row_title": "Welcome", "row_id": 81,
                                    "column_title": welcome, "column_id": 91}] if welcome else []),
            ]},
        ],
    } | more  # fmt: skip


def _answered(number: int, answers: list[dict[str, Any]]) -> dict[str, Any]:
    asked = next(question for question in QUESTIONS if question["id"] == number)
    return {**{key: asked[key] for key in ("id", "title", "type", "sub_type")}, "answers": answers}


class SmartSurveyTool(HttpTool):
    """`responses` stand by when they began; `per_page` is what the server gives, whatever it is asked for."""

    words = WORDS

    def __init__(self) -> None:
        super().__init__()
        self.most, self.enveloped = 100, False  # answers on a page; around the list an object, as v2 has it
        other = {"type": "other", "choice_title": "Something else", "choice_id": 65, "value": "My aunt"}
        self.responses = [
            response(301, WORDS, "2026-09-01", helped=["Clubs", "Trips; days out"], welcome="Poor"),
            response(302, "", "2026-09-02", rate="", status="partial", date_ended=None),
            response(303, "no", "2026-09-03", rate="Bad", status="disqualified", besides=[other]),
            response(304, "More pizza", "2026-09-04", manual_entry=True),
            response(305, "Less noise", "2026-09-05"),
            response(306, "A bus stop", "2026-09-06"),
            response(307, "Longer hours", "2026-09-07"),
        ]

    def knows(self, question: Question) -> bool:
        expected = "Basic " + b64encode(f"{TOKEN}:{SECRET}".encode()).decode()
        return question.headers.get("Authorization") == expected

    def answer(self, question: Question) -> Answer:
        if question.path == f"/v1/surveys/{SURVEY}/detailed":
            return Answer(DESIGN)
        if question.path != f"/v1/surveys/{SURVEY}/responses" or question.query.get("include_labels") != "true":
            return Answer({"status": 404, "message": "not found", "code": "not_found"}, 404)
        return self._page(question.query)

    def _page(self, query: dict[str, str]) -> Answer:
        since = datetime.fromtimestamp(int(query.get("since", 0)), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked_for = [r for r in self.responses if query["completed"] == "2" or r["status"] == "completed"]
        found = [r for r in asked_for if (r["date_ended"] or r["date_modified"]) >= since]
        size, number = min(int(query.get("page_size", 10)), self.most), int(query.get("page", 1))
        number = 1 if self.trouble == "circle" else number
        shown = found[(number - 1) * size : number * size]
        total = len(found) + (size if self.trouble == "circle" else self.trouble == "overstates")
        headers = {
            "X-SS-Pagination-Page": str(number),
            "X-SS-Pagination-PageSize": str(size),
            "X-SS-Pagination-Total": str(total),
            "X-SS-Pagination-Returned": str(len(shown)),
        }
        if self.enveloped:
            paging = {"page_index": number, "pages": -(-total // size), "page_size": size, "total": total}
            return Answer({"records": shown, **paging})
        return Answer(shown, headers=headers if PAGING else {})


def connect(tool: SmartSurveyTool) -> dict[str, Any]:
    token, secret = SECRETS
    return {
        "survey": SURVEY, "token": token, "secret": secret, "address": f"{tool.address}/v1", "variables": ["service"],
        "codes": {str(IMPROVE): "improve"}, "page_size": 3,
    }  # fmt: skip


def _later(tool: SmartSurveyTool) -> None:
    tool.responses.append(response(308, "A second bus stop", "2026-11-09"))


def _row(number: int, improve: str, status: str = "completed", **more: str) -> dict[str, str]:
    blank = {
        "id": str(number), "status": status, "manual_entry": "no", "service": "yjs", "How was it overall?": "Good",
        "What helped?": "", "What helped? [Something else]": "", "improve": improve, "Rate each part [Welcome]": "",
        "Rate each part [Waiting]": "", "Your name": "", "Anything else? [First]": "", "Anything else? [Second]": "",
    }  # fmt: skip
    return blank | more


ROWS = [
    _row(301, WORDS, **{"What helped?": "Clubs;Trips; days out", "Rate each part [Welcome]": "Poor"}),
    _row(302, "", "partial", **{"How was it overall?": ""}),
    _row(303, "no", "disqualified", **{
        "How was it overall?": "Bad", "What helped?": "Something else", "What helped? [Something else]": "My aunt",
    }),
    _row(304, "More pizza", manual_entry="yes"),
    _row(305, "Less noise"),
    _row(306, "A bus stop"),
    _row(307, "Longer hours"),
]  # fmt: skip
CASE = Case(
    name="smartsurvey",
    play=SmartSurveyTool,
    connect=connect,
    secrets=SECRETS,
    rows=ROWS,
    later=_later,
    added={"id": "308", "improve": "A second bus stop"},
    troubles=frozenset({
        "refused", "broken", "busy", "circle", "overstates", "error_body", "other_json", "web_page", "elsewhere",
        "bomb",
    }),
    pages=4,
    identity=("203.0.113.77", "Mozilla/5.0 (X11)", "Casey Contact", "casey@example.org", "edit=tok",
              "saved@example.org", "v@example.org", "07700 900123"),
)  # fmt: skip
