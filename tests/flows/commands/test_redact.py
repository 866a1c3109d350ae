"""`heardback redact evaluate`: figures, predictions, and what it says of files that are not as they should be."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.flows.commands.conftest import run

SAID = "canary josh is on 07700 900123"
SPANS = [{"start": 7, "end": 11, "kind": "name"}, {"start": 18, "end": 30, "kind": "phone"}]
ROWS = [{"id": "a", "text": SAID, "spans": SPANS}, {"id": "b", "text": "canary at half past nine", "spans": []}]
ROWS_FOUND = [{"id": row["id"], "spans": row["spans"]} for row in ROWS]


def write(path: Path, *rows: Any) -> Path:
    path.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8"
    )
    return path


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No council: the shipped lists alone."""
    monkeypatch.setenv("HEARDBACK_CONFIG", str(tmp_path / "config"))


def test_figures_are_one_json_object_without_a_word_of_any_comment(tmp_path: Path) -> None:
    answer = run("redact", "evaluate", "--comments", write(tmp_path / "c.jsonl", *ROWS), "--json")
    assert answer.code == 0, answer.err
    figures = answer.json
    assert (figures["comments"], figures["spans"], figures["recall"], figures["precision"]) == (2, 2, 1.0, 1.0)
    assert figures["names"]["spans"] == 1
    assert "canary" not in answer.out


def test_lines_name_misses_by_their_place(tmp_path: Path) -> None:
    missed = {"id": "c", "text": "canary words", "spans": [{"start": 0, "end": 6, "kind": "place"}]}
    answer = run("redact", "evaluate", "--comments", write(tmp_path / "c.jsonl", *ROWS, missed))
    assert answer.code == 0, answer.err
    assert "missed:\ncomment  kind   from  to\nc        place     0   6\n" in answer.out
    assert "0 of 1 comment without a label had something hidden" in answer.out
    assert "canary" not in answer.out


def test_predictions_say_where_and_what_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "p.jsonl"
    run("redact", "evaluate", "--comments", write(tmp_path / "c.jsonl", *ROWS), "--predictions", target)
    assert [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()] == ROWS_FOUND


def test_a_councils_own_lists_and_staff_count(tmp_path: Path, pulled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARDBACK_CONFIG", str(pulled / "config"))
    (pulled / "config" / "privacy.yaml").write_text("places: [Fern Unit]\n", encoding="utf-8")
    own = {"id": "a", "text": "at fern unit", "spans": [{"start": 3, "end": 12, "kind": "place"}]}
    answer = run("redact", "evaluate", "--comments", write(tmp_path / "c.jsonl", own), "--json")
    assert answer.json["recall_whole"] == 1.0


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", ":1: not a JSON object"),
        ({"id": "a", "text": "canary"}, ":1: 'spans' is not a list"),
        ({"id": "a", "spans": []}, ":1: the key 'text' is missing"),
        ({"id": "a", "text": 7, "spans": []}, ":1: 'text' is not text"),
        ({"id": "a", "text": "canary", "spans": [3]}, "span 1: not an object"),
        ({"id": "a", "text": "canary", "spans": [{"start": "0", "end": 2, "kind": "x"}]}, "not both whole numbers"),
        ({"id": "a", "text": "canary", "spans": [{"start": True, "end": 2, "kind": "x"}]}, "not both whole numbers"),
        (
            {"id": "a", "text": "canary", "spans": [{"start": 0, "end": 7, "kind": "x"}]},
            "outside the text, which has 6",
        ),
        ({"id": "a", "text": "canary", "spans": [{"start": 2, "end": 2, "kind": "x"}]}, "or is empty"),
        ({"id": "a", "text": "canary", "spans": [{"start": 0, "end": 2}]}, "'kind' is not text"),
    ],
)
def test_a_line_that_is_not_as_it_should_be_is_named_and_not_quoted(tmp_path: Path, row: Any, told: str) -> None:
    answer = run("redact", "evaluate", "--comments", write(tmp_path / "c.jsonl", row))
    answer.is_one_clear_message(told, code=1)
    assert "canary" not in answer.err


def test_an_id_that_stands_twice_an_empty_file_and_none_are_refused(tmp_path: Path) -> None:
    twice = run("redact", "evaluate", "--comments", write(tmp_path / "c.jsonl", ROWS[0], ROWS[0]))
    twice.is_one_clear_message(":2: the id stands on line 1 already", code=1)
    run("redact", "evaluate", "--comments", write(tmp_path / "e.jsonl")).is_one_clear_message(
        "no comment is in it", code=1
    )
    run("redact", "evaluate", "--comments", tmp_path / "none.jsonl").is_one_clear_message("the file is missing", code=1)


def test_predictions_that_cannot_be_written_are_one_clear_message(tmp_path: Path) -> None:
    comments = write(tmp_path / "c.jsonl", *ROWS)
    answer = run("redact", "evaluate", "--comments", comments, "--predictions", tmp_path / "no" / "p.jsonl")
    answer.is_one_clear_message("no/p.jsonl")


def test_a_faulty_list_of_the_councils_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "privacy.yaml").write_text("placez: [x]\n", encoding="utf-8")
    answer = run("redact", "evaluate", "--comments", write(tmp_path / "c.jsonl", *ROWS))
    answer.is_one_clear_message("privacy.yaml:1")
