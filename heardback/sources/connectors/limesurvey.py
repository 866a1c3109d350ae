"""LimeSurvey by RemoteControl 2: everything that a survey holds, each time, for an edit moves none of its dates.

Read in LimeSurvey's source: an error comes with a 200 and a `status`; so does an empty survey. An export with question
codes is JSON, whose keys must be unique; question texts need not be, so they come as CSV.
"""

import json
import re
from collections.abc import Sequence
from functools import partial
from types import ModuleType
from typing import Any, Literal, Self

import pandas as pd
from pydantic import Field, field_validator, model_validator

from config.layout import FileShape
from config.reading import Knobs
from config.values import SecretName
from heardback.domain.table import Table
from heardback.errors import SourceUnavailable
from heardback.sources.connector import Asking, Connector, Drop, Fetched
from heardback.sources.feed import Feed, columns_named
from heardback.sources.tables.headers import clean_header
from heardback.sources.tables.reading import read_table
from heardback.sources.tables.records import looks_like_json
from heardback.sources.web.client import host_of, web
from heardback.sources.web.recent import AskedDrop

ADDRESS = re.compile(r"https?://[^\s/@?#]+/[^\s@#]*")
INSTALL = "pip install 'heardback[limesurvey]'"
LIST = "responses"
EMPTY = b'{"responses": []}'


class LimeSurvey(Knobs):
    """Which survey, who asks, and how it is to be written; the user needs 'Responses: export' and nothing else."""

    url: str = Field(description="https://surveys.example.org/index.php/admin/remotecontrol")
    survey: int = Field(ge=1, description="the number in the survey's address")
    user: str = Field(min_length=1)
    password: SecretName
    sign_in: str = Field(default="Authdb", min_length=1, description="the plugin by which the user logs in: AuthLDAP")
    format: Literal["json", "csv"] = Field(default="json", description="csv is laid out by the map's `file:`")
    completion: Literal["all", "complete", "incomplete"] = "all"
    headings: Literal["code", "abbreviated", "full"] = "code"
    answers: Literal["short", "long"] = "short"
    language: str = Field(default="", description="of headings and long answers; the survey's own where left out")

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if not ADDRESS.fullmatch(url):  # and not quoted: a password may stand in it
            raise ValueError("write it as https://surveys.example.org/index.php/admin/remotecontrol, without a user")
        return url

    @model_validator(mode="after")
    def _loses_no_column(self) -> Self:
        if self.format == "json" and self.headings != "code":
            raise ValueError("two questions may have one text, and JSON would keep one of them: write 'format: csv'")
        return self


def drops(settings: LimeSurvey, asking: Asking) -> Sequence[Drop]:
    """One drop: all responses that there are."""
    name = f"limesurvey-{settings.survey} {asking.at:%Y-%m-%dT%H.%M}.{settings.format}"
    return [AskedDrop(name, partial(_ask, settings, asking))]


def knock(settings: LimeSurvey, asking: Asking) -> None:
    """Log in, and out again. Raises SourceUnavailable."""
    calls = _calls(asking)
    with web(asking, [host_of(settings.url)]) as tool:
        calls.knock(tool, _account(calls, settings, asking))


def table(content: bytes, name: str, feed: Feed) -> Table:
    """A row for each response. An empty survey does not say its columns, so they are those that the map names."""
    if not looks_like_json(content):
        return read_table(content, name, feed.file)
    shape = FileShape(records=LIST, null_values=feed.file.null_values)
    try:
        found = json.loads(content)[LIST]
        responses = [_unwrapped(response) for response in found]
    except (ValueError, LookupError, TypeError):
        return read_table(content, name, shape)  # which says what is wrong with it
    if not responses:
        return Table(pd.DataFrame(columns=_columns_of(feed), dtype="str"), name)
    return read_table(content if responses == found else json.dumps({LIST: responses}).encode(), name, shape)


def _calls(asking: Asking) -> ModuleType:
    try:
        from heardback.sources.web import limesurvey_calls
    except ImportError:
        raise SourceUnavailable(
            "citric, which speaks with LimeSurvey, is not installed",
            where=asking.feed.code,
            do=INSTALL,
            permanent=True,
        ) from None
    return limesurvey_calls


def _account(calls: ModuleType, settings: LimeSurvey, asking: Asking) -> Any:
    password = asking.secret(settings.password)
    return calls.Account(settings.url, settings.user, settings.password, password, settings.sign_in)


def _ask(settings: LimeSurvey, asking: Asking) -> Fetched:
    calls = _calls(asking)
    with web(asking, [host_of(settings.url)]) as tool:
        content = calls.export(
            tool,
            _account(calls, settings, asking),
            settings.survey,
            file_format=settings.format,
            language=settings.language or None,
            completion_status=settings.completion,
            heading_type=settings.headings,
            response_type=settings.answers,
        )
    return Fetched(EMPTY if content is None else content, whole=True)


def _unwrapped(response: object) -> object:
    """Up to version 3, LimeSurvey wrote {"7": {…}} where it now writes {…}."""
    inner = list(response.values()) if isinstance(response, dict) else []
    return inner[0] if len(inner) == 1 and isinstance(inner[0], dict) else response


def _columns_of(feed: Feed) -> list[str]:
    return list(dict.fromkeys(clean_header(column) for column in columns_named(feed)))


CONNECTOR = Connector(LimeSurvey, drops, table, {"citric": INSTALL}, knock)
