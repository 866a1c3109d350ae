"""SurveyMonkey, API v3: a survey's questions (`/details`) and its answers (`/responses/bulk`), a hundred a page.

Scopes the token needs: view surveys, view responses, view response details.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Annotated, Any

from pydantic import Field

from config.values import SecretName, WebAddress
from heardback.domain.table import Note, Table
from heardback.sources.connector import Asking, Connector, Drop, Fetched
from heardback.sources.feed import Feed
from heardback.sources.tables.answer_sheet import (
    AnswerSheet,
    Key,
    header_of,
    not_as_documented,
    object_of,
    objects_in,
    parts_of,
    plain,
)
from heardback.sources.web.client import Page, Web, authority_of, web
from heardback.sources.web.paging import as_one_document, pages, unexpected
from heardback.sources.web.recent import Recent, Span, one_drop

# Documented: completed, partial, overquota, disqualified. A preview is told by how it was collected.
PREVIEWS = {"preview", "survey_preview"}
WITHOUT_COLUMN = {"presentation", "demographic"}  # text between questions; name, address, e-mail and telephone number


class SurveyMonkey(Recent):
    """`codes` gives a question's id the header that the map knows it by; `variables` are custom variables to keep."""

    survey: str = Field(pattern=r"^\d+$")
    token: SecretName
    address: WebAddress = "https://api.surveymonkey.com/v3"
    codes: dict[str, Annotated[str, Field(min_length=1)]] = {}
    variables: tuple[str, ...] = ()
    delimiter: str = Field(default=";", min_length=1)


def drops(settings: SurveyMonkey, asking: Asking) -> Sequence[Drop]:
    """One drop: all answers that are new or changed, or all that there are."""
    return one_drop("surveymonkey", settings.survey, settings, asking, _ask)


def knock(settings: SurveyMonkey, asking: Asking) -> None:
    """Ask for the survey's design. Raises SourceUnavailable."""
    with _open(settings, asking) as tool:
        _holding(tool.get_json(f"{_base(settings)}/details"), "pages")


def table(content: bytes, name: str, feed: Feed) -> Table:
    """A row for each response, a column for each question, and one for each row of a matrix."""
    settings = SurveyMonkey.model_validate({key: value for key, value in feed.connect.items() if key != "to"})
    try:
        document = json.loads(content)
        survey, responses = document["survey"][0], objects_in(page["data"] for page in document["responses"])
    except (ValueError, LookupError, TypeError):
        raise not_as_documented(name, "SurveyMonkey") from None
    sheet = AnswerSheet(settings.delimiter)
    _name_facts(sheet, settings)
    questions = _questions(survey)
    for question in questions.values():
        _name_columns(sheet, question, settings)
    options = _options(questions.values())
    for response in responses:
        sheet.row(_facts(response, settings))
        for question in _questions(response).values():
            _put_answers(sheet, question, questions.get(str(question.get("id"))), options)
    return sheet.table(name)


def _ask(settings: SurveyMonkey, asking: Asking, span: Span) -> Fetched:
    # Oldest change first, so that what is new or edited while we read comes last instead of moving the rest.
    wanted: dict[str, object] = {"per_page": settings.page_size, "sort_by": "date_modified", "sort_order": "ASC"}
    if span.since:
        wanted["start_modified_at"] = span.since.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    with _open(settings, asking) as tool:
        survey = tool.get_json(f"{_base(settings)}/details")
        _holding(survey, "pages")
        first = tool.get_json(f"{_base(settings)}/responses/bulk", wanted)
        found = pages(first, _next, tool.get_json, ids_of=_ids, stated_of=_stated)
    changed = [str(response.get("date_modified", "")) for page in found for response in parts_of(page.json, "data")]
    return Fetched(as_one_document({"survey": [survey], "responses": found}), span.cursor(changed), span.whole)


def _open(settings: SurveyMonkey, asking: Asking) -> AbstractContextManager[Web]:
    bearer = {"Authorization": f"Bearer {asking.secret(settings.token)}"}
    return web(asking, [authority_of(settings.address)], headers=bearer)


def _base(settings: SurveyMonkey) -> str:
    return f"{settings.address}/surveys/{settings.survey}"


def _next(page: Page) -> str | None:
    following = object_of(_holding(page, "data"), "links").get("next")
    return str(following) if following else None


def _ids(page: Page) -> list[object]:
    return [response.get("id") for response in parts_of(_holding(page, "data"), "data")]


def _stated(page: Page) -> int | None:
    total = page.json.get("total")
    return total if isinstance(total, int) else None


def _holding(page: Page, what: str) -> dict[str, Any]:
    if not isinstance(page.json, dict) or not isinstance(page.json.get(what), list):
        raise unexpected(page)
    return page.json


def _questions(holder: Any) -> dict[str, dict[str, Any]]:
    return {str(q.get("id")): q for page in parts_of(holder, "pages") for q in parts_of(page, "questions")}


def _name_facts(sheet: AnswerSheet, settings: SurveyMonkey) -> None:
    for name in _facts({}, settings):
        sheet.column((name,), name)


def _facts(response: dict[str, Any], settings: SurveyMonkey) -> dict[str, object]:
    """What is kept beside the answers; not the IP address, the recipient, names, e-mail, or links that open them."""
    mode, custom = response.get("collection_mode"), object_of(response, "custom_variables")
    known = {name: response.get(name) for name in ("id", "collector_id", "date_created", "date_modified")}
    status = "preview" if mode in PREVIEWS else response.get("response_status")
    return {
        **known,
        "status": status,
        "collection_mode": mode,
        **{name: custom.get(name) for name in settings.variables},
    }


def _name_columns(sheet: AnswerSheet, question: dict[str, Any], settings: SurveyMonkey) -> None:
    if question.get("family") in WITHOUT_COLUMN:
        return
    number, answers = str(question.get("id")), object_of(question, "answers")
    said = _heading(question)
    code = settings.codes.get(number, said)
    for row in parts_of(answers, "rows") or [{}]:
        for col in parts_of(answers, "cols") or [{}]:
            parts = (plain(row.get("text")), plain(col.get("text")))
            sheet.column(_place(number, row, col), header_of(code, *parts), header_of(said, *parts))
    if other := _other(question):
        label = plain(other.get("text")) or "other"
        sheet.column((number, "other"), header_of(code, label), header_of(said, label))


def _heading(question: dict[str, Any]) -> str:
    """Of several wordings that are shown by chance, the first: the answers belong to one question."""
    said = (plain(heading.get("heading")) for heading in parts_of(question, "headings"))
    return next(filter(None, said), f"question {question.get('id')}")


def _other(question: dict[str, Any]) -> dict[str, Any]:
    other = object_of(object_of(question, "answers"), "other")
    return other if other.get("id") else {}


def _place(number: str, row: dict[str, Any], col: dict[str, Any]) -> Key:
    return number, str(row.get("id") or ""), str(col.get("id") or "")


def _options(questions: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The text of every option by its id; a star or a smiley has none, so its weight stands for it."""
    named: dict[str, str] = {}
    for question in questions:
        answers = object_of(question, "answers")
        for holder in (answers, *parts_of(answers, "cols")):
            for choice in parts_of(holder, "choices"):
                shown = plain(choice.get("text")) or plain(choice.get("weight")) or plain(choice.get("position"))
                named[str(choice.get("id"))] = shown
    return named


def _put_answers(
    sheet: AnswerSheet, answered: dict[str, Any], asked: dict[str, Any] | None, options: dict[str, str]
) -> None:
    number = str(answered.get("id"))
    if asked is None:
        # A question that is gone may have asked for a name: nothing says what its answers are.
        sheet.note(Note("unknown_question", "answers to a question that the survey no longer has", None, number))
        return
    if asked.get("family") in WITHOUT_COLUMN:
        return
    other = _other(asked)
    for answer in parts_of(answered, "answers"):
        place = _place(number, {"id": answer.get("row_id")}, {"id": answer.get("col_id")})
        if answer.get("other_id"):
            sheet.put((number, "other"), answer.get("text"))
            if other.get("is_answer_choice") and sheet.has(place):
                sheet.put(place, plain(other.get("text")))
        else:
            choice = str(answer.get("choice_id") or "")
            sheet.column(place, header_of(_heading(asked), *place[1:]))
            sheet.put(place, options.get(choice, choice) if choice else answer.get("text"))


CONNECTOR = Connector(SurveyMonkey, drops, table, knock=knock)
