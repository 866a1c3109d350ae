"""sources/*.yaml and changes.yaml: how the columns of a tool's export become Heardback's record."""

from collections import Counter
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from config.layout import FileShape as FileShape
from config.reading import Document, Fault, Knobs
from config.values import CHANNELS, Band, DateFormat, Pattern, Timezone, Tool, code_of

Role = Literal[
    "record_id", "service", "comment", "rating", "choice", "submitted_on", "submitted_at", "completed_by",
    "consent_publish", "completion", "language", "characteristic", "key", "illegible", "deletion_code",
    "ignore", "identity",
]  # fmt: skip
ROLES_WITH_CODE = {"comment", "rating", "choice", "characteristic"}
OWN_WORDS = "_other"  # behind a choice's code: the question code of what people wrote beside its options
VALUES_OF_ROLE = {
    "completion": {"complete", "partial", "test"},
    "completed_by": {"self", "with_help", "on_behalf", "unknown"},
}
SURVEY_TOOLS = {
    "limesurvey", "microsoft_forms", "google_forms", "smartsurvey", "surveymonkey", "surveygizmo", "citizen_space",
    "qualtrics", "kobo", "odk", "govuk_forms",
}  # fmt: skip
EVERY_SERVICE = "all"  # a register whose changes serve every service


class Concern(Knobs):
    """Answers to a question that worry whoever reads them: "unsafe", 1 of 5. They hold the response's comments back."""

    answers: tuple[str, ...] = Field(min_length=1, description="as they stand in the file")
    reason: str = Field(min_length=3, description="what staff see")
    priority: int = Field(default=2, ge=1, le=3, description="1 is read first")
    about_staff: bool = Field(default=False, description="it accuses the service's staff: kept from their service")


class Question(Knobs):
    """One column (or, by `match`, several) and what it means."""

    column: str = ""
    match: Pattern = ""
    role: Role
    code: str = Field(default="", pattern=r"^[a-z0-9_]*$")
    text: str = Field(default="", description="the question as people read it; the header where empty")
    required: bool = Field(default=False, description="the column must be there; a date's or service's cell be filled")
    retired: bool = Field(default=False, description="of a comment: no longer asked; what was said to it stands")
    values: dict[str, str] = Field(default={}, description="raw answer: Heardback's value; '*' is any other answer")
    scale: dict[str, float] = Field(
        default={}, description="raw answer: points, more points = better; of a scale of numbers its two ends will do"
    )
    true_values: tuple[str, ...] = ()
    false_values: tuple[str, ...] = ()
    multi: Literal["", "columns", "delimited"] = ""
    delimiter: str = ""
    options: tuple[str, ...] = ()
    own_words: bool = Field(
        default=False, description="of a choice: what is no option is what somebody wrote, and is heard as a comment"
    )
    bands: tuple[Band, ...] = Field(default=(), description="a characteristic in numbers, e.g. [10-13, 14-17, 18+]")
    dates: tuple[DateFormat, ...] = ()
    concerns: tuple[Concern, ...] = Field(default=(), description="of a choice or a rating: answers to be read soon")

    @model_validator(mode="before")
    @classmethod
    def _takes_its_code_from_its_column(cls, written: Any) -> Any:
        if not isinstance(written, dict) or written.get("code") or written.get("role") not in ROLES_WITH_CODE:
            return written
        return {**written, "code": code_of(str(written.get("column", "")))}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.column) == bool(self.match):
            raise ValueError("name exactly one of 'column' (a header) or 'match' (a regular expression)")
        if self.role in ROLES_WITH_CODE and not self.code:
            raise ValueError(f"a {self.role} needs a 'code' of its own (a-z, 0-9, _)")
        if self.role == "rating" and len(set(self.scale.values())) < 2:
            raise ValueError(
                "a rating needs a 'scale' that states its direction, e.g. {'1': 5, '5': 1} where 1 is best"
            )
        if self.multi == "delimited" and not self.delimiter:
            raise ValueError("multi: delimited needs the 'delimiter' that joins the choices")
        if self.role == "consent_publish" and not self.true_values:
            raise ValueError("a consent_publish needs 'true_values', the answers that say yes")
        return self

    @model_validator(mode="after")
    def _tells_yes_from_no(self) -> Self:
        yes, no = (
            {" ".join(answer.lower().split()) for answer in said} for said in (self.true_values, self.false_values)
        )
        if both := sorted(yes & no):
            raise ValueError(f"'{both[0]}' stands under true_values and under false_values; it can mean one of them")
        return self

    @model_validator(mode="after")
    def _knows_what_concerns(self) -> Self:
        if self.concerns and self.role not in ("choice", "rating"):
            raise ValueError(f"'concerns' are answers to a choice or a rating, not to a {self.role}")
        listed = self._listed()
        for answer in (answer for concern in self.concerns for answer in concern.answers):
            if listed and " ".join(answer.lower().split()) not in listed:
                raise ValueError(f"'{answer}' under concerns is no answer that the question lists")
        return self

    @model_validator(mode="after")
    def _knows_its_options(self) -> Self:
        if self.own_words and self.role != "choice":
            raise ValueError(f"'own_words' are written beside the options of a choice, not of a {self.role}")
        if self.own_words and self.multi != "columns" and not self._listed() - {"*", ""}:
            raise ValueError("'own_words' are what is no option, so list all of the form's 'options' (or 'values')")
        return self

    @model_validator(mode="after")
    def _is_asked_or_retired(self) -> Self:
        if self.retired and (self.role != "comment" or self.required):
            raise ValueError("'retired' is a comment that is no longer asked, so its column cannot be required")
        return self

    @property
    def words_code(self) -> str:
        """The question code under which own words are kept; '' where the map keeps none."""
        return f"{self.code}{OWN_WORDS}" if self.own_words else ""

    @property
    def repeats(self) -> bool:
        """Whether its columns are a repeat's (`people/words#1`): there only where somebody filled one in."""
        return "/" in self.match and "#" in self.match

    @property
    def keeps_no_cell(self) -> bool:
        """Whether it is a characteristic without a band that its cells could be."""
        return self.role == "characteristic" and not (self.options or self.values or self.bands)

    @property
    def keeps_any_cell(self) -> bool:
        """Whether it is a choice without a list of options, so that whatever stands in a cell is kept as a code."""
        return self.role == "choice" and self.multi != "columns" and not (self.options or self.values)

    def codes_of(self, answers: tuple[str, ...]) -> set[str]:
        """The option codes under which these answers to a choice are kept."""
        known = {" ".join(raw.lower().split()): code for raw, code in self.values.items()}
        return {known.get(" ".join(answer.lower().split()), code_of(answer)) for answer in answers}

    def _listed(self) -> set[str]:
        """The answers that the map writes down; none where it leaves them open, or gives a scale by its two ends."""
        if self.multi == "columns" or (self.role == "rating" and len(self.scale) == 2):
            return set()
        return {" ".join(answer.lower().split()) for answer in (*self.values, *self.options, *self.scale)}

    @model_validator(mode="after")
    def _speaks_the_role(self) -> Self:
        allowed = VALUES_OF_ROLE.get(self.role, set())
        if allowed and (strange := sorted(set(self.values.values()) - allowed)):
            raise ValueError(f"'{strange[0]}' is no {self.role}; there are {', '.join(sorted(allowed))}")
        return self


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


class WayIn(Knobs):
    """Where a source's answers, or a register's changes, come from: a folder or URL, or a tool by its connector."""

    connect: dict[str, object] = Field(default={}, description="to: the connector's name, and its own settings")
    file: FileShape = FileShape()

    @model_validator(mode="after")
    def _has_one_way_in(self) -> Self:
        if bool(self.file.path) == bool(self.connect):
            raise ValueError("say where it comes from: 'file.path' (a folder or URL) or 'connect' (a tool), not both")
        return self


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


class RegisterColumns(Knobs):
    """The headers of a register of changes; those left out stay empty."""

    id: str
    date: str
    we_did: str
    service: str = ""
    title: str = ""
    you_said: str = ""
    status: str = ""
    owner: str = ""
    due: str = ""
    recommendation: str = ""
    action: str = ""
    evidence: str = ""


class RegisterMap(WayIn):
    """A service-change log, an action plan or a decision log."""

    code: str = Field(alias="register", pattern=r"^[a-z0-9][a-z0-9-]*$")  # `register` is taken on every class by abc
    name: str
    service: str = ""
    mode: Literal["snapshot", "append"] = Field(
        default="append", description="snapshot: each file holds all changes, so one that is missing has left"
    )
    dates: tuple[DateFormat, ...] = Field(min_length=1)
    statuses: dict[str, Literal["done", "planned", "refused"]] = {}
    columns: RegisterColumns


class Registers(Knobs):
    """All of changes.yaml."""

    registers: tuple[RegisterMap, ...] = ()


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


def register_faults(registers: Registers, document: Document, codes: set[str]) -> list[Fault]:
    """Registers that stand twice, whose service is not one of the council's, or that say no service at all."""
    faults = []
    times = Counter(register.code for register in registers.registers)
    for position, register in enumerate(registers.registers):
        where = ("registers", position)
        if times[register.code] > 1:
            faults.append(
                document.fault((*where, "register"), f"the register '{register.code}' stands twice; keep one")
            )
        if register.service and register.service not in {*codes, EVERY_SERVICE}:
            what = f"'{register.service}' is not a service in services.yaml"
            faults.append(document.fault((*where, "service"), what))
        if not register.service and not register.columns.service:
            faults.append(document.fault((*where, "columns"), "say the service: 'service: CODE' or columns.service"))
    return faults
