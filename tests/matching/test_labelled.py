"""Labelled files are read whole, or refused with file, line and what to do, and never with a comment's words."""

import json
from pathlib import Path
from typing import Any

import pytest

from heardback.errors import Unreadable
from heardback.matching.labelled import Labelled, read_labelled

CHANGE = {"id": "C-1", "service": "youth", "date": "2026-03-10", "text": "Reception repainted"}
COMMENT = {"id": "m-1", "service": "", "date": "2026-02-01", "text": "canary cold", "gold": ["C-1"], "kind": "ask"}


def write(path: Path, *rows: dict[str, Any] | str) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(folder: Path, comment: dict[str, Any] | str = COMMENT, change: dict[str, Any] | str = CHANGE) -> Labelled:
    return read_labelled(write(folder / "comments.jsonl", comment), write(folder / "changes.jsonl", change))


def refusal(folder: Path, **rows: Any) -> str:
    with pytest.raises(Unreadable) as refused:
        read(folder, **rows)
    assert "canary" not in str(refused.value)
    return str(refused.value)


def without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {each: value for each, value in row.items() if each != key}


def test_a_plain_change_and_a_judged_comment_are_read(tmp_path: Path) -> None:
    """
    comments   id   service  date        text         gold
               m-1           2026-02-01  canary cold  [C-1]
    becomes    comment_uid  service_code  heard_on    text         kind  group
               m-1                        2026-02-01  canary cold  ask   m-1
    """
    labelled = read(tmp_path)
    assert labelled.comments.to_dict("records") == [
        {
            "comment_uid": "m-1",
            "service_code": "",
            "heard_on": "2026-02-01",
            "text": "canary cold",
            "kind": "ask",
            "group": "m-1",
        }
    ]
    assert labelled.changes.loc[0, "we_did"] == "Reception repainted"
    assert labelled.gold == {"m-1": frozenset({"C-1"})}


def test_a_change_in_fields_is_read_into_its_fields(tmp_path: Path) -> None:
    change = {**without(CHANGE, "text"), "we_did": "Painted it", "you_said": None, "title": "Paint"}
    row = read(tmp_path, change=change).changes.iloc[0]
    assert (row["we_did"], row["you_said"], row["title"]) == ("Painted it", "", "Paint")


def test_links_stand_in_for_gold_and_a_comment_without_one_has_no_right_change(tmp_path: Path) -> None:
    comments = write(tmp_path / "comments.jsonl", without(COMMENT, "gold"), {**COMMENT, "id": "m-2", "gold": ["C-1"]})
    changes = write(tmp_path / "changes.jsonl", CHANGE)
    links = write(tmp_path / "links.jsonl", {"comment": "m-1", "change": "C-1"})
    assert read_labelled(comments, changes, links).gold == {"m-1": frozenset({"C-1"}), "m-2": frozenset()}


def test_a_comment_without_gold_is_not_judged_and_one_with_an_empty_list_is(tmp_path: Path) -> None:
    assert read(tmp_path, comment=without(COMMENT, "gold")).gold == {}
    assert read(tmp_path, comment={**COMMENT, "gold": []}).gold == {"m-1": frozenset()}


def test_empty_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "comments.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\n" + json.dumps(COMMENT).encode() + b"\r\n\n")
    labelled = read_labelled(path, write(tmp_path / "changes.jsonl", CHANGE))
    assert len(labelled.comments) == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"nowhere\.jsonl: the file is missing"):
        read_labelled(tmp_path / "nowhere.jsonl", write(tmp_path / "changes.jsonl", CHANGE))


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "comments.jsonl"
    path.write_bytes(b'{"id": "\xff"}')
    with pytest.raises(Unreadable, match=r"comments\.jsonl: the file cannot be read as UTF-8") as refused:
        read_labelled(path, write(tmp_path / "changes.jsonl", CHANGE))
    assert refused.value.__cause__ is None  # the decoder's own error holds the whole file


@pytest.mark.parametrize("line", ['{"id": "m-1", "text": "canary', '["canary"]', "canary", "NaN"])
def test_a_line_that_is_no_object_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "comments.jsonl", COMMENT, line)
    with pytest.raises(Unreadable, match=r"comments\.jsonl:2: not a JSON object") as refused:
        read_labelled(path, write(tmp_path / "changes.jsonl", CHANGE))
    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("key", ["id", "service", "date", "text"])
def test_a_comment_that_lacks_a_key_is_refused(tmp_path: Path, key: str) -> None:
    assert f"comments.jsonl:1: the key '{key}' is missing" in refusal(tmp_path, comment=without(COMMENT, key))


@pytest.mark.parametrize("key", ["id", "service", "date"])
def test_a_change_that_lacks_a_key_is_refused(tmp_path: Path, key: str) -> None:
    assert f"changes.jsonl:1: the key '{key}' is missing" in refusal(tmp_path, change=without(CHANGE, key))


def test_a_change_without_any_text_is_refused(tmp_path: Path) -> None:
    assert "changes.jsonl:1: neither 'text' nor 'we_did'" in refusal(tmp_path, change=without(CHANGE, "text"))


def test_what_is_not_text_is_refused(tmp_path: Path) -> None:
    assert "comments.jsonl:1: 'text' is not text" in refusal(tmp_path, comment={**COMMENT, "text": ["canary"]})


def test_what_is_not_a_date_is_refused_and_none_at_all_is_not(tmp_path: Path) -> None:
    assert "comments.jsonl:1: 'date' is not a date" in refusal(tmp_path, comment={**COMMENT, "date": "canary day"})
    assert read(tmp_path, comment={**COMMENT, "date": None}).comments.loc[0, "heard_on"] == ""


def test_gold_that_names_no_change_is_refused(tmp_path: Path) -> None:
    assert "comments.jsonl:1: 'gold' names C-9, which is no change" in refusal(
        tmp_path, comment={**COMMENT, "gold": ["C-1", "C-9"]}
    )


@pytest.mark.parametrize("gold", ["C-1", [1], {"C-1": 1}])
def test_gold_that_is_no_list_of_ids_is_refused(tmp_path: Path, gold: Any) -> None:
    assert "comments.jsonl:1: 'gold' is not a list" in refusal(tmp_path, comment={**COMMENT, "gold": gold})


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "comments.jsonl", COMMENT, "", COMMENT)
    with pytest.raises(Unreadable, match=r"comments\.jsonl:3: the id stands on line 1 already"):
        read_labelled(path, write(tmp_path / "changes.jsonl", CHANGE))


@pytest.mark.parametrize("key", ["comment", "change"])
def test_a_link_to_what_is_not_there_is_refused(tmp_path: Path, key: str) -> None:
    comments, changes = write(tmp_path / "comments.jsonl", COMMENT), write(tmp_path / "changes.jsonl", CHANGE)
    links = write(tmp_path / "links.jsonl", {"comment": "m-1", "change": "C-1", key: "gone"})
    with pytest.raises(Unreadable, match=rf"links\.jsonl:1: '{key}' is gone, which is not there"):
        read_labelled(comments, changes, links)
