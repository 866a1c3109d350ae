"""A source's contract as Great Expectations sees it: rules on the record, made from its map."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from config.maps import SourceMap
from heardback.domain.record import Mapped
from heardback.domain.words import Completion, Consent

EARLIEST = pd.Timestamp("2000-01-01")
LONGEST_COMMENT = 100_000  # characters; beyond this a cell holds a pasted document, not somebody's words
ROW = "row_id"
BETWEEN, AMONG = "expect_column_values_to_be_between", "expect_column_values_to_be_in_set"


@dataclass(frozen=True)
class Rule:
    """One expectation by Great Expectations' own name, and the reason that a person reads beside a quarantined row.

    `column` is '' where it is on several columns, which its kwargs name, or on the whole table. `about` is what people
    call the column where it is not the name under which it is run.
    """

    expect: str
    column: str
    reason: str
    kwargs: Mapping[str, object] = field(default_factory=dict)
    about: str = ""

    @property
    def place(self) -> str:
        """What it is about, for people: its column, its columns, or the table."""
        if self.about:
            return f"'{self.about}'"
        several = [self.kwargs.get("column_A"), self.kwargs.get("column_B")]
        listed = self.kwargs.get("column_list")
        named = [self.column, *several, *(listed if isinstance(listed, list) else [])]
        return ", ".join(f"'{column}'" for column in named if column) or "the whole table"


def record_frame(mapped: Mapped) -> pd.DataFrame:
    """What the rules of the record look at: one row a response, without a word that anybody wrote."""
    responses = mapped.responses
    lengths = mapped.comments["text"].str.len().groupby(mapped.comments["response_uid"]).max()
    scores = mapped.ratings.groupby("response_uid")["score"]
    columns = ["response_uid", "source_record_id", "service_code", "consent_to_publish", "completion", "submitted_on"]
    frame = responses[columns].assign(
        longest_text=responses["response_uid"].map(lengths).fillna(0),
        lowest_score=responses["response_uid"].map(scores.min()).astype("float64"),
        highest_score=responses["response_uid"].map(scores.max()).astype("float64"),
    )
    frame["source_record_id"] = frame["source_record_id"].mask(frame["source_record_id"] == "")
    return frame.assign(**{ROW: responses["row_number"]})


def record_rules(source: SourceMap, today: date) -> list[Rule]:
    """The rules that a source's record is held against. That its services are the council's is asked of the map itself.

    What the map never fills has no rule: each costs 6 ms a file, and nothing that is missing can fail one of these.
    """
    filled = "expect_column_values_to_not_be_null"
    consent, completion = [value.value for value in Consent], [value.value for value in Completion]
    rules = [
        Rule("expect_column_values_to_be_unique", "response_uid", "the same record stands twice"),
        Rule(filled, "service_code", "the service is missing"),
        Rule(AMONG, "consent_to_publish", "the consent is neither yes, no nor not asked", {"value_set": consent}),
        Rule(AMONG, "completion", "the completion is not one that Heardback knows", {"value_set": completion}),
        Rule(BETWEEN, "longest_text", f"a comment is over {LONGEST_COMMENT:,} characters long",
             {"max_value": LONGEST_COMMENT}),
    ]  # fmt: skip
    if source.natural_key:
        rules.append(Rule(filled, "source_record_id", "the record's id is missing"))
    return [*rules, *_bounds(source, today)]


def _bounds(source: SourceMap, today: date) -> list[Rule]:
    roles = {question.role for question in source.questions}
    rules = []
    if roles & {"submitted_on", "submitted_at"}:
        rules = [
            Rule(BETWEEN, "submitted_on", "the date lies in the future", {"max_value": pd.Timestamp(today)}),
            Rule(BETWEEN, "submitted_on", "the date lies before the year 2000", {"min_value": EARLIEST}),
        ]
    if "rating" in roles:
        rules += [
            Rule(BETWEEN, "lowest_score", "a rating lies below its scale", {"min_value": 0}),
            Rule(BETWEEN, "highest_score", "a rating lies above its scale", {"max_value": 1}),
        ]
    return rules
