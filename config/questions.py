"""The questions of a map: what each column of a tool's export means."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from config.reading import Knobs
from config.values import Band, DateFormat, Pattern, as_compared, code_of

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
        yes, no = ({as_compared(answer) for answer in said} for said in (self.true_values, self.false_values))
        if both := sorted(yes & no):
            raise ValueError(f"'{both[0]}' stands under true_values and under false_values; it can mean one of them")
        return self

    @model_validator(mode="after")
    def _knows_what_concerns(self) -> Self:
        if self.concerns and self.role not in ("choice", "rating"):
            raise ValueError(f"'concerns' are answers to a choice or a rating, not to a {self.role}")
        listed = self._listed()
        for answer in (answer for concern in self.concerns for answer in concern.answers):
            if listed and as_compared(answer) not in listed:
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
        known = {as_compared(raw): code for raw, code in self.values.items()}
        return {known.get(as_compared(answer), code_of(answer)) for answer in answers}

    def _listed(self) -> set[str]:
        """The answers that the map writes down; none where it leaves them open, or gives a scale by its two ends."""
        if self.multi == "columns" or (self.role == "rating" and len(self.scale) == 2):
            return set()
        return {as_compared(answer) for answer in (*self.values, *self.options, *self.scale)}

    @model_validator(mode="after")
    def _speaks_the_role(self) -> Self:
        allowed = VALUES_OF_ROLE.get(self.role, set())
        if allowed and (strange := sorted(set(self.values.values()) - allowed)):
            raise ValueError(f"'{strange[0]}' is no {self.role}; there are {', '.join(sorted(allowed))}")
        return self
