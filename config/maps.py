"""sources/*.yaml: how a tool's export becomes Heardback's record."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from config.layout import WayIn
from config.questions import ROLES_WITH_CODE, Question
from config.reading import Document, Fault, Knobs
from config.values import CHANNELS, DateFormat, Timezone, Tool

SURVEY_TOOLS = {
    "limesurvey", "microsoft_forms", "google_forms", "smartsurvey", "surveymonkey", "surveygizmo", "citizen_space",
    "qualtrics", "kobo", "odk", "govuk_forms",
}  # fmt: skip


class Expectation(Knobs):
    """One Great Expectations expectation by its own name, on raw columns or the whole table; `kwargs` are its own.

    An expectation on several columns names them in its kwargs (column_A, column_list), one on the table names none.
    """

    expect: str
    column: str = ""
    kwargs: dict[str, object] = {}
    read_as: Literal["", "text", "number", "date"] = Field(
        default="", description="how its cells are compared; a date is read by the map's own dates"
    )
    reason: str = Field(description="what a person reads beside a quarantined row, or why a file was refused")


class SourceMap(WayIn):
    """One feed and its contract. Left out, its name is its code, and its files lie in inbox/<code>."""

    source: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    tool: Tool
    channel: CHANNELS
    timezone: Timezone = "Europe/London"
    service: str = Field(default="", description="the service's code where every response is about one service")
    completed_by: Literal["self", "with_help", "on_behalf", "unknown"] = "unknown"
    language: str = "en"
    dates: tuple[DateFormat, ...] = ()
    date_precision: Literal["", "instant", "day", "week", "month", "batch"] = ""
    sentinel_dates: tuple[date, ...] = (date(1900, 1, 1), date(1970, 1, 1), date(1980, 1, 1))
    natural_key: tuple[str, ...] = Field(default=(), description="columns; none = the words and their order")
    mode: Literal["snapshot", "append"] = "append"
    opened_on: date | None = None
    quiet_after_days: int | None = Field(default=None, ge=1, description="instead of the rhythm that is learned")
    quiet_by: str = Field(default="", description="a characteristic's code, e.g. box: each is watched for itself")
    max_bad_share: float | None = Field(default=None, ge=0, le=1)
    questions: tuple[Question, ...] = Field(min_length=1)
    expectations: tuple[Expectation, ...] = ()
    unmapped: Literal["warn", "fail"] = "warn"
    hold: Literal["", "flagged", "all"] = Field(default="", description="instead of the policy's screening.hold")

    @property
    def code(self) -> str:
        """The id that its pulls, rows and responses carry; a register has one too."""
        return self.source

    @model_validator(mode="before")
    @classmethod
    def _says_what_goes_without_saying(cls, written: Any) -> Any:
        if not isinstance(written, dict) or not isinstance(written.get("source"), str):
            return written
        plain = {"name": written["source"], **written}
        if written.get("tool") in SURVEY_TOOLS:
            plain = {"channel": "online_survey", **plain}
        if not written.get("connect") and isinstance(written.get("file", {}), dict):
            plain["file"] = {"path": f"inbox/{written['source']}/*", **written.get("file", {})}
        return plain

    @model_validator(mode="after")
    def _says_what_it_is_about(self) -> Self:
        roles = [question.role for question in self.questions]
        if not self.service and "service" not in roles:
            raise ValueError("say which service the responses are about: 'service: CODE' or a question of role service")
        if ("submitted_on" in roles or "submitted_at" in roles) and not self._knows_dates():
            raise ValueError("a date column needs 'dates', the list of formats it is written in, e.g. ['%d/%m/%Y']")
        return self

    @model_validator(mode="after")
    def _watches_what_it_knows(self) -> Self:
        bands = [question.code for question in self.questions if question.role == "characteristic"]
        if self.quiet_by and self.quiet_by not in bands:
            raise ValueError(f"'quiet_by' names no characteristic of this map; there are {', '.join(bands) or 'none'}")
        return self

    @property
    def boxes(self) -> list[str]:
        """What `quiet_by` watches: the bands of that characteristic, in alphabetical order."""
        watched = [one for one in self.questions if one.role == "characteristic" and one.code == self.quiet_by]
        return sorted({band for question in watched for band in (*question.options, *question.values.values())})

    @model_validator(mode="after")
    def _keeps_identity_out(self) -> Self:
        for role, fate in (("identity", "dropped"), ("deletion_code", "kept as a hash alone")):
            columns = {question.column for question in self.questions if question.role == role}
            if known := sorted(columns & set(self.natural_key)):
                raise ValueError(f"'{known[0]}' is of role {role}, which is {fate}, so it cannot be in 'natural_key'")
        return self

    def _knows_dates(self) -> bool:
        dated = [question for question in self.questions if question.role in ("submitted_on", "submitted_at")]
        return bool(self.dates) or all(question.dates for question in dated)


def source_faults(source: SourceMap, document: Document, codes: set[str]) -> list[Fault]:
    """Services that a map names and the council does not have; two questions that share a role and a code."""
    faults = []
    if source.service and source.service not in codes:
        faults.append(document.fault(("service",), f"'{source.service}' is not a service in services.yaml"))
    seen: set[tuple[str, str]] = set()
    for position, question in enumerate(source.questions):
        where = ("questions", position)
        if question.role == "service":
            faults += [
                document.fault((*where, "values", answer), f"'{code}' is not a service in services.yaml")
                for answer, code in question.values.items()
                if code not in codes
            ]
        if question.role in ROLES_WITH_CODE and (question.role, question.code) in seen:
            what = f"the code '{question.code}' is used by two questions of role {question.role}; give each its own"
            faults.append(document.fault((*where, "code"), what))
        seen.add((question.role, question.code))
    return faults + _shared_words(source, document) + _heard_twice(source, document)


def _heard_twice(source: SourceMap, document: Document) -> list[Fault]:
    """Questions for comments on a column that one before them has: each child's words would count twice."""
    comments = [(place, one.column) for place, one in enumerate(source.questions) if one.role == "comment"]
    before = [{column for _, column in comments[:position]} for position in range(len(comments))]
    return [
        document.fault(
            ("questions", place, "column"), f"'{column}' is a comment already; what it says would count twice"
        )
        for (place, column), earlier in zip(comments, before, strict=True)
        if column and column in earlier
    ]


def _shared_words(source: SourceMap, document: Document) -> list[Fault]:
    """Own words that would be kept under the code of a comment of its own."""
    comments = {question.code for question in source.questions if question.role == "comment"}
    what = "its own words are kept as '{code}', which is another question's code; give that one another"
    return [
        document.fault(("questions", position, "own_words"), what.format(code=question.words_code))
        for position, question in enumerate(source.questions)
        if question.words_code in comments
    ]
