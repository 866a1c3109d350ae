"""SurveyMonkey's API v3 as its documents describe it: a survey of seven responses, three a page."""

from typing import Any
from urllib.parse import urlencode

from tests.sources.connectors.contract import Case
from tests.sources.connectors.http_tool import Answer, HttpTool, Question

TOKEN = "monkey-t0ken-made-up"  # noqa: S105
SECRETS = {"HEARDBACK_SECRET_MONKEY": TOKEN}
SURVEY = "105723396"
WORDS = "Nobody listened to me"
RATE, HELPED, IMPROVE, MATRIX, MENU, CONTACT, STARS, WHEN = "11", "12", "13", "14", "15", "16", "17", "18"


def _asked(number: str, heading: str, family: str, subtype: str, **answers: Any) -> dict[str, Any]:
    asked = {"id": number, "headings": [{"heading": heading}], "family": family, "subtype": subtype, "visible": True}
    return asked | ({"answers": answers} if answers else {})


def _options(**named: str) -> list[dict[str, Any]]:
    return [{"id": number.removeprefix("o"), "text": text, "visible": True} for number, text in named.items()]


QUESTIONS = [
    _asked(RATE, "<strong>How was it&nbsp;overall?</strong>", "single_choice", "vertical",
           choices=_options(o111="Good", o112="Bad"),
           other={"id": "119", "text": "Other (please say)", "visible": True, "is_answer_choice": True}),
    _asked(HELPED, "What helped?", "multiple_choice", "vertical",
           choices=_options(o121="Clubs", o122="Trips; days out"),
           other={"id": "129", "text": "Why?", "visible": True, "is_answer_choice": False}),
    _asked(IMPROVE, "What should change?", "open_ended", "essay"),
    _asked(MATRIX, "Rate each part", "matrix", "rating", rows=_options(o141="Welcome", o142="Waiting"),
           choices=[{"id": "143", "text": "Poor", "weight": 1}, {"id": "144", "text": "Good", "weight": 2}]),
    _asked(MENU, "Pick", "matrix", "menu", rows=_options(o151="Food"),
           cols=[{"id": "152", "text": "Taste", "choices": _options(o153="Fine")},
                 {"id": "154", "text": "Amount", "choices": _options(o155="Enough")}]),
    _asked(CONTACT, "How can we reach you?", "demographic", "international",
           rows=[{"id": "161", "type": "name", "text": "Your Name"}, {"id": "162", "type": "email", "text": "Email"}]),
    _asked(STARS, "How many stars?", "matrix", "rating", rows=[{"id": "171", "text": ""}],
           choices=[{"id": "172", "text": "", "weight": 1}, {"id": "173", "text": "", "weight": 5}]),
    _asked(WHEN, "When was it?", "datetime", "date_only", rows=_options(o181="Day")),
    _asked("19", "Thank you!", "presentation", "descriptive_text"),
]  # fmt: skip
DETAILS = {
    "id": SURVEY,
    "title": "Leaving us",
    "pages": [{"id": "1", "questions": QUESTIONS[:3]}, {"id": "2", "questions": QUESTIONS[3:]}],
}


def response(number: int, improve: str, day: str, *answers: tuple[str, dict[str, str]], **more: Any) -> dict[str, Any]:
    """A completed response; `answers` are a question's id and one of its answers each."""
    said = [(IMPROVE, {"text": improve})] if improve else []
    grouped: dict[str, list[dict[str, str]]] = {}
    for question, answer in [*answers, *said, (CONTACT, {"row_id": "161", "text": "Casey Contact"})]:
        grouped.setdefault(question, []).append(answer)
    return {
        "id": str(number), "survey_id": SURVEY, "collector_id": "50253586", "recipient_id": "77001", "total_time": 9,
        "custom_value": "custom-value", "custom_variables": {"service": "yjs", "email": "v@example.org"},
        "edit_url": "https://www.surveymonkey.com/r/?sm=edit-tok", "analyze_url": "https://www.surveymonkey.com/analyze/",
        "ip_address": "203.0.113.77", "email_address": "casey@example.org", "first_name": "Casey", "logic_path": {},
        "metadata": {"contact": {"email": {"type": "string", "value": "casey@example.org"}}},
        "date_created": f"{day}T10:00:00+00:00", "date_modified": f"{day}T10:05:00+00:00",
        "response_status": "completed", "collection_mode": "default",
        "pages": [{"id": "1", "questions": [{"id": key, "answers": found} for key, found in grouped.items()]}],
    } | more  # fmt: skip


class SurveyMonkeyTool(HttpTool):
    """`responses` come in the order of their last change, as asked."""

    words = WORDS

    def __init__(self) -> None:
        super().__init__()
        self.responses = [
            response(501, WORDS, "2026-09-01", (RATE, {"choice_id": "111"}), (HELPED, {"choice_id": "121"}),
                     (HELPED, {"choice_id": "122"}), (HELPED, {"other_id": "129", "text": "They are fun"}),
                     (MATRIX, {"row_id": "141", "choice_id": "144"}), (STARS, {"row_id": "171", "choice_id": "173"})),
            response(502, "", "2026-09-02", (RATE, {"other_id": "119", "text": "So-so"}), response_status="partial"),
            response(503, "no", "2026-09-03", (MENU, {"row_id": "151", "col_id": "152", "choice_id": "153"}),
                     (MENU, {"row_id": "151", "col_id": "154", "choice_id": "155"}), response_status="disqualified"),
            response(504, "Trying it out", "2026-09-04", collection_mode="survey_preview"),
            response(505, "More pizza", "2026-09-05", (WHEN, {"row_id": "181", "text": "12/31/2015"}),
                     collection_mode="data_entry"),
            response(506, "A bus stop", "2026-09-06", ("99", {"text": "to a question that is gone"})),
            response(507, "Longer hours", "2026-09-07", response_status="overquota"),
        ]  # fmt: skip

    def knows(self, question: Question) -> bool:
        return question.headers.get("Authorization") == f"Bearer {TOKEN}"

    def answer(self, question: Question) -> Answer:
        base = f"/v3/surveys/{SURVEY}"
        if question.path == f"{base}/details":
            return Answer(DETAILS)
        if question.path != f"{base}/responses/bulk":
            return Answer({"error": {"id": "1020", "message": "There was an error retrieving the resource."}}, 404)
        return self._page(question.path, question.query)

    def _page(self, path: str, query: dict[str, str]) -> Answer:
        since = query.get("start_modified_at", "")
        found = sorted(
            (r for r in self.responses if r["date_modified"] >= since), key=lambda r: str(r["date_modified"])
        )
        if query.get("sort_order") != "ASC":
            found.reverse()
        size, number = int(query.get("per_page", 50)), int(query.get("page", 1))
        shown = found[(number - 1) * size : number * size]
        links = {"self": f"{self.address}{path}?{urlencode(query)}"}
        if number * size < len(found):
            following = number if self.trouble == "circle" and number > 1 else number + 1
            links["next"] = f"{self.address}{path}?{urlencode({**query, 'page': str(following)})}"
        total = len(found) + (self.trouble == "overstates")
        return Answer({"data": shown, "per_page": size, "page": number, "total": total, "links": links})


def connect(tool: SurveyMonkeyTool) -> dict[str, Any]:
    return {
        "survey": SURVEY, "token": next(iter(SECRETS)), "address": f"{tool.address}/v3", "page_size": 3,
        "variables": ["service"], "codes": {IMPROVE: "improve"},
    }  # fmt: skip


def _later(tool: SurveyMonkeyTool) -> None:
    tool.responses.append(response(508, "A second bus stop", "2026-11-09"))


def _row(number: int, improve: str, status: str = "completed", **more: str) -> dict[str, str]:
    blank = {
        "id": str(number), "status": status, "collection_mode": "default", "service": "yjs", "How was it overall?": "",
        "How was it overall? [Other (please say)]": "", "What helped?": "", "What helped? [Why?]": "",
        "improve": improve, "Rate each part [Welcome]": "", "Rate each part [Waiting]": "",
        "Pick [Food / Taste]": "", "Pick [Food / Amount]": "", "How many stars?": "", "When was it? [Day]": "",
    }  # fmt: skip
    return blank | more


ROWS = [
    _row(501, WORDS, **{
        "How was it overall?": "Good", "What helped?": "Clubs;Trips; days out", "What helped? [Why?]": "They are fun",
        "Rate each part [Welcome]": "Good", "How many stars?": "5",
    }),
    _row(502, "", "partial", **{
        "How was it overall?": "Other (please say)", "How was it overall? [Other (please say)]": "So-so",
    }),
    _row(503, "no", "disqualified", **{"Pick [Food / Taste]": "Fine", "Pick [Food / Amount]": "Enough"}),
    _row(504, "Trying it out", "preview", collection_mode="survey_preview"),
    _row(505, "More pizza", collection_mode="data_entry", **{"When was it? [Day]": "12/31/2015"}),
    _row(506, "A bus stop"),
    _row(507, "Longer hours", "overquota"),
]  # fmt: skip
CASE = Case(
    name="surveymonkey",
    play=SurveyMonkeyTool,
    connect=connect,
    secrets=SECRETS,
    rows=ROWS,
    later=_later,
    added={"id": "508", "improve": "A second bus stop"},
    troubles=frozenset({
        "refused", "broken", "busy", "circle", "overstates", "error_body", "other_json", "web_page", "elsewhere",
        "bomb",
    }),
    pages=4,
    identity=("203.0.113.77", "77001", "Casey Contact", "casey@example.org", "edit-tok", "v@example.org",
              "custom-value", "to a question that is gone"),
)  # fmt: skip
