"""SmartSurvey, API v1: a survey's design (`/detailed`) and its responses, at most a hundred a page.

From its documents, and clients written after them: HTTP Basic with token and secret; a page is a bare list, its
paging stands in the headers `X-SS-Pagination-…`, with v2 in an object around the list; `completed` 2 asks for partial
answers as well; labels come only with `include_labels`; `since` is seconds since 1970 and looks at when a response
was *completed*. So an answer edited later shows only when everything is asked for, every `whole_every_days`.
"""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Annotated, Any

import httpx
from pydantic import Field

from config.values import SecretName, WebAddress
from heardback.domain.table import Table
from heardback.sources.connector import Asking, Connector, Drop, Fetched
from heardback.sources.feed import Feed
from heardback.sources.tables.answer_sheet import AnswerSheet, header_of, not_as_documented, objects_in, parts_of, plain
from heardback.sources.web.client import Page, Web, host_of, web
from heardback.sources.web.paging import as_one_document, pages, unexpected
from heardback.sources.web.recent import Recent, Span, one_drop

IN_BODY = {"Page": "page_index", "PageSize": "page_size", "Total": "total"}  # v2, beside the list of `records`
IN_OWN_WORDS = {"comment", "other", "text"}  # kinds of answers that hold a `value` beside their label
# Not: contact_*, ip_address, user_agent, country, unique_id, entry_url, edit_url, saved_*: they say who it was.
FACTS = ("id", "status", "date_started", "date_ended", "date_modified", "manual_entry", "tracking_link_id")


class SmartSurvey(Recent):
    """`codes` gives a question's id the header that the map knows it by; `variables` are survey variables to keep.

    `some_are_hidden` is for accounts whose visibility rules hold answers back: the tool then states more than it sends.
    """

    survey: str = Field(pattern=r"^\d+$")
    token: SecretName
    secret: SecretName
    address: WebAddress = "https://api.smartsurvey.io/v1"
    codes: dict[str, Annotated[str, Field(min_length=1)]] = {}
    variables: tuple[str, ...] = ()
    delimiter: str = Field(default=";", min_length=1)
    some_are_hidden: bool = False


def drops(settings: SmartSurvey, asking: Asking) -> Sequence[Drop]:
    """One drop: all responses that are new, or all that there are."""
    return one_drop("smartsurvey", settings.survey, settings, asking, _ask)


def knock(settings: SmartSurvey, asking: Asking) -> None:
    """Ask for the survey's design. Raises SourceUnavailable."""
    with _open(settings, asking) as tool:
        _design(settings, tool)


def table(content: bytes, name: str, feed: Feed) -> Table:
    """A row for each response, a column for each question, for each row of a matrix, and for words beside options."""
    settings = SmartSurvey.model_validate({key: value for key, value in feed.connect.items() if key != "to"})
    try:
        document = json.loads(content)
        survey = document["survey"][0]
        responses = objects_in(map(_records, document["responses"]))
    except (ValueError, LookupError, TypeError):
        raise not_as_documented(name, "SmartSurvey") from None
    sheet = AnswerSheet(settings.delimiter)
    for fact in (*FACTS, *settings.variables):
        sheet.column((fact,), fact)
    for question in _questions(survey):
        _name_columns(sheet, question, settings)
    for response in responses:
        sheet.row(_facts(response, settings))
        for question in _questions(response):
            _put_answers(sheet, question, settings)
    return sheet.table(name)


def _ask(settings: SmartSurvey, asking: Asking, span: Span) -> Fetched:
    # What began last comes last, so that answers which come in while we read do not move the others.
    wanted: dict[str, object] = {
        "completed": 2, "include_labels": "true", "page": 1, "page_size": settings.page_size,
        "sort_by": "date_started,asc",
    }  # fmt: skip
    if span.since:
        wanted["since"] = int(span.since.timestamp())
    with _open(settings, asking) as tool:
        survey = _design(settings, tool)
        first = tool.get_json(f"{_base(settings)}/responses", wanted)
        found = pages(first, _next, tool.get_json, ids_of=_ids, stated_of=None if settings.some_are_hidden else _stated)
    changed = [str(response.get("date_modified", "")) for page in found for response in _rows(page)]
    return Fetched(as_one_document({"survey": [survey], "responses": found}), span.cursor(changed), span.whole)


def _open(settings: SmartSurvey, asking: Asking) -> AbstractContextManager[Web]:
    basic = (asking.secret(settings.token), asking.secret(settings.secret))
    return web(asking, [host_of(settings.address)], auth=basic)


def _base(settings: SmartSurvey) -> str:
    return f"{settings.address}/surveys/{settings.survey}"


def _design(settings: SmartSurvey, tool: Web) -> Page:
    survey = tool.get_json(f"{_base(settings)}/detailed")
    if not parts_of(survey.json, "pages"):
        raise unexpected(survey)
    return survey


def _records(answer: Any) -> Any:
    return answer["records"] if isinstance(answer, dict) and "records" in answer else answer


def _rows(page: Page) -> list[dict[str, Any]]:
    rows = _records(page.json)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise unexpected(page)
    return rows


def _next(page: Page) -> str | None:
    """By what it says of its paging; where it says nothing, a full page may have another behind it."""
    rows, total, number = len(_rows(page)), _stated(page), _paging(page, "Page")
    asked = httpx.URL(page.url)
    wanted = int(asked.params["page_size"])
    reached, size = number if number is not None else int(asked.params["page"]), _paging(page, "PageSize") or wanted
    more = rows >= size if total is None else reached * size < total
    return str(asked.copy_set_param("page", reached + 1)) if more else None


def _ids(page: Page) -> list[object]:
    return [row.get("id") for row in _rows(page)]


def _stated(page: Page) -> int | None:
    return _paging(page, "Total")


def _paging(page: Page, name: str) -> int | None:
    beside = page.json.get(IN_BODY[name]) if isinstance(page.json, dict) else None
    said = page.headers.get(f"X-SS-Pagination-{name}") or str(beside)
    return int(said) if said.isdecimal() else None


def _questions(holder: Any) -> list[dict[str, Any]]:
    return [question for page in parts_of(holder, "pages") for question in parts_of(page, "questions")]


def _facts(response: dict[str, Any], settings: SmartSurvey) -> dict[str, object]:
    given = {variable.get("name"): variable.get("value") for variable in parts_of(response, "variables")}
    return {fact: response.get(fact) for fact in FACTS} | {name: given.get(name) for name in settings.variables}


def _name_columns(sheet: AnswerSheet, question: dict[str, Any], settings: SmartSurvey) -> None:
    """As the design has it: so a question that nobody has answered yet is there, and blank."""
    number, title = str(question.get("id")), plain(question.get("title"))
    code, parts = settings.codes.get(number, title), _parts(question)
    only_parts = question.get("type") == "matrix" or (question.get("type") == "open_ended" and parts)
    if not only_parts:
        sheet.column((number, ""), code, title)
    for part in parts:
        label = plain(part.get("title"))
        sheet.column((number, str(part.get("id"))), header_of(code, label), header_of(title, label))


def _parts(question: dict[str, Any]) -> list[dict[str, Any]]:
    """What has a column of its own: a matrix's rows, one of several text boxes, words beside the options."""
    choices, kind = parts_of(question, "choices"), question.get("type")
    if kind == "open_ended":
        return choices if len(choices) > 1 else []
    own = {"matrix_row"} if kind == "matrix" else IN_OWN_WORDS
    return [choice for choice in choices if choice.get("type") in own]


def _put_answers(sheet: AnswerSheet, question: dict[str, Any], settings: SmartSurvey) -> None:
    number, title = str(question.get("id")), plain(question.get("title"))
    code = settings.codes.get(number, title)
    for answer in parts_of(question, "answers"):
        part, label, value = _placed(sheet, question, answer)
        sheet.column((number, part), header_of(code, label), header_of(title, label))
        sheet.put((number, part), value)
        if answer.get("type") == "other":  # ticked as an option, too
            sheet.put((number, ""), plain(answer.get("choice_title")))


def _placed(sheet: AnswerSheet, question: dict[str, Any], answer: dict[str, Any]) -> tuple[str, str, object]:
    """Which part of a question an answer belongs to ('' is the question itself), its label, and what was said."""
    option, words = plain(answer.get("choice_title")), answer.get("value")
    if answer.get("row_id"):
        return str(answer["row_id"]), plain(answer.get("row_title")), words or plain(answer.get("column_title"))
    part, opened = str(answer.get("choice_id")), question.get("type") == "open_ended"
    if opened and not sheet.has((str(question.get("id")), part)):
        return "", "", words
    if opened or answer.get("type") in IN_OWN_WORDS:
        return part, option, words
    return "", "", option or words


CONNECTOR = Connector(SmartSurvey, drops, table, knock=knock)
