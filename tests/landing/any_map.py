"""Any valid map, and any file that might be dropped for it: Hypothesis strategies."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

from hypothesis import strategies as some

from config.maps import SourceMap

Cells = list[str]

WORDS = [
    "The room is freezing", "the ROOM is freezing!", "More pizza on Fridays", "my dad hits me",
    "this is a formal complaint", "nothing", "lovely", "Too little", "=1+1", "😕", "Caf\u00c3\u00a9", "a\x00b",
    "two\nlines", 'she said "no"', "Ring 020 7946 0123",
]  # fmt: skip
ODD = ["", " ", "N/A", "-", "Total", "ditto", '"', "1", "3", "9", "4.0", "yes", "no", "a;b", "a;zebra;b", "b"]
DAYS = ["2026-09-01", "2026-09-02", "01/09/2026", "13/09/2026", "1980-01-01", "2031-01-01", "45900", "soon", ""]
CELLS = some.one_of(some.sampled_from([*WORDS, *ODD, *DAYS]), some.text(some.characters(codec="utf-8"), max_size=12))

# The cells that suit a column's role are drawn as often as any others.
SUITING = {
    "comment": WORDS, "rating": ["1", "2", "3", "5.0", "9", "bad"],
    "choice": ["a", "b", "a;b", "zebra", "yes", "a;my dad hits me;b"],
    "submitted_on": DAYS, "submitted_at": ["2026-09-01T10:00:00Z", "2026-03-29 01:30", *DAYS],
    "service": ["yjs", "Youth Clubs", "elsewhere", ""], "completion": ["done", "partial", "test", ""],
    "consent_publish": ["yes", "no", "", "perhaps"], "completed_by": ["me", "my worker", ""],
    "language": ["en", "Welsh", ""],
    "characteristic": ["10-13", "14-17", "old", ""], "illegible": ["y", ""], "identity": ["Kay"], "ignore": ["x"],
}  # fmt: skip

QUESTIONS: dict[str, some.SearchStrategy[dict[str, Any]]] = {
    "comment": some.sampled_from([{}, {"required": True}, {"text": "What should change?"}]),
    "rating": some.sampled_from([{"scale": {"1": 1, "5": 5}}, {"scale": {"1": 5, "2": 4, "3": 3}}]),
    "choice": some.sampled_from(
        [
            {},
            {"multi": "delimited", "delimiter": ";"},
            {"multi": "delimited", "delimiter": ";", "options": ["a", "b"]},
            {"multi": "delimited", "delimiter": ";", "options": ["a", "b"], "own_words": True},
            {"options": ["a", "b", "zebra"], "own_words": True},
            {"multi": "columns", "own_words": True},
        ]
    ),
    "submitted_on": some.sampled_from([{}, {"required": True}, {"dates": ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y"]}]),
    "submitted_at": some.just({"dates": ["ISO8601", "%d/%m/%Y"]}),
    "service": some.sampled_from([{}, {"values": {"elsewhere": "youth"}}, {"required": True}]),
    "completion": some.just({"values": {"done": "complete", "partial": "partial", "test": "test"}}),
    "consent_publish": some.sampled_from([{"true_values": ["yes"]}, {"true_values": ["yes"], "false_values": ["no"]}]),
    "completed_by": some.just({"values": {"me": "self", "my worker": "with_help"}}),
    "language": some.just({"values": {"Welsh": "cy"}}),
    "characteristic": some.just({"options": ["10-13", "14-17"]}),
    "illegible": some.just({}),
    "identity": some.just({}),
    "ignore": some.just({}),
}


@some.composite
def maps(draw: some.DrawFn, *also: str, **fixed: Any) -> SourceMap:
    """A map that `heardback check` would take; its key is nothing, its id, or its id and another column.

    `also` are roles that it has in any case.
    """
    roles = draw(some.lists(some.sampled_from(sorted(QUESTIONS)), min_size=1, max_size=6))
    questions = [
        {"column": f"{role} {place}", "role": role, "code": f"q{place}", **draw(QUESTIONS[role])}
        for place, role in enumerate([*roles, *also, "comment"])
    ]
    keyed = draw(some.booleans())
    if keyed:
        questions.insert(0, {"column": "id", "role": "record_id"})
    plain = {
        "source": "any",
        "tool": draw(some.sampled_from(["limesurvey", "google_forms", "typed_sheet", "govuk_forms", "other"])),
        "channel": "online_survey",
        "service": draw(some.sampled_from(["yjs", ""])) if "service" in roles else "yjs",
        "dates": ["%Y-%m-%d", "%d/%m/%Y"],
        "natural_key": draw(some.sampled_from([["id"], ["id", questions[-1]["column"]]])) if keyed else [],
        "mode": draw(some.sampled_from(["append", "snapshot"])),
        "file": {"path": "inbox/*.csv", "delimiter": ","},
        "questions": questions,
    }
    return SourceMap.model_validate(plain | fixed)


@some.composite
def rows(draw: some.DrawFn, source: SourceMap, ragged: bool = True, clashing: bool = True) -> list[Cells]:
    """The rows of a file with a column for each question and one that the map does not know; some stand twice.

    Not `clashing`, no id stands with two contents.
    """
    columns = [some.sampled_from(SUITING.get(question.role, ODD)) | CELLS for question in source.questions]
    if source.natural_key:
        columns[0] = some.sampled_from([*"123456789", "", "N/A"])
    whole = some.tuples(*columns, CELLS).map(list)
    kinds = [whole, some.lists(CELLS, max_size=len(columns) + 3)] if ragged else [whole]
    one_of_each_id = None if clashing or not source.natural_key else lambda row: row[0].strip()
    drawn = draw(some.lists(some.one_of(kinds), min_size=0 if ragged else 2, max_size=10, unique_by=one_of_each_id))
    twice = draw(some.lists(some.integers(0, len(drawn) - 1), max_size=3)) if drawn else []
    return [*drawn, *(drawn[place] for place in twice)]


def as_csv(source: SourceMap, body: Sequence[Cells], *, blank_lines: int = 0) -> bytes:
    """The file that a tool would have exported."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([*(question.column for question in source.questions), "new"])
    writer.writerows(body)
    return (text.getvalue() + "\r\n" * blank_lines).encode("utf-8", errors="surrogatepass")
