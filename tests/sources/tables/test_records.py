"""JSON files: a list of records becomes rows, whatever lies within each."""

import json

import pytest

from heardback.domain.table import Table
from heardback.errors import Unreadable
from heardback.sources.tables.reading import read_table
from heardback.sources.tables.records import is_json
from tests.sources.samples import a_shape, a_source, mapped

COMMONPLACE = [
    {"id": "c1", "date": "3 days ago", "feeling": 75, "comment": "More benches", "tags": ["park", "seats"]},
    {"id": "c2", "date": "2 weeks ago", "feeling": 0, "comment": None, "tags": []},
]


def read_json(content: object, name: str = "comments.json", **shape: object) -> Table:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return read_table(body, name, a_shape(**shape))


def test_a_list_of_records_is_a_table_whose_first_record_is_row_2() -> None:
    table = read_json(COMMONPLACE)
    assert list(table.frame.index) == [2, 3]
    assert table.frame.to_dict("list") == {
        "id": ["c1", "c2"], "date": ["3 days ago", "2 weeks ago"], "feeling": ["75", "0"],
        "comment": ["More benches", ""], "tags": ["park;seats", ""],
    }  # fmt: skip


def test_what_lies_within_a_record_is_named_by_its_path_and_numbered_in_a_list() -> None:
    table = read_json([{"say": {"comment": "a", "ok": True}, "people": [{"words": "b"}, {"words": "c", "age": 9.0}]}])
    assert table.frame.iloc[0].to_dict() == {
        "say/comment": "a", "say/ok": "true", "people/words#1": "b", "people/words#2": "c", "people/age#2": "9",
    }  # fmt: skip


def test_a_record_that_lacks_a_key_has_an_empty_cell() -> None:
    assert read_json([{"a": 1}, {"b": 2}]).frame.to_dict("list") == {"a": ["1", ""], "b": ["", "2"]}


def test_the_records_lie_where_the_map_says() -> None:
    body = {"meta": {"count": 1}, "data": {"answers": [{"id": 1}]}}
    assert read_json(body, records="data/answers").frame["id"].to_list() == ["1"]
    with pytest.raises(Unreadable, match=r"no list of records at file\.records: data/other"):
        read_json(body, records="data/other")


def test_an_object_without_a_path_is_refused_and_its_list_is_named() -> None:
    with pytest.raises(Unreadable, match="one object, and no list") as error:
        read_json({"count": 2, "results": [{"id": 1}]})
    assert error.value.do == "write file.records: results"
    with pytest.raises(Unreadable) as error:
        read_json({"error": "canary"})
    assert error.value.do == "is it an error message? open it and look"
    assert "canary" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'[{"id": "canary"', "line 1: the JSON breaks off"),
        (b'[{"id": 1},\n"canary"]', "row 3: an entry of the list is no record"),
        (b"[" * 200_000, "the JSON"),
        (b'[{"id": ' + b"9" * 5000 + b"}]", "huge number"),
        (b'[{"id": "\xff"}]', "not in UTF-8"),
    ],
)
def test_json_that_is_none_is_refused_without_a_word_of_it(content: bytes, told: str) -> None:
    with pytest.raises(Unreadable, match=told) as error:
        read_json(content)
    assert "canary" not in str(error.value)


def test_records_with_data_in_their_keys_are_refused() -> None:
    with pytest.raises(Unreadable, match="more than 5,000 different keys"):
        read_json([{str(number): 1} for number in range(6_000)])


def test_json_is_known_by_its_content_and_a_csv_that_begins_like_it_is_none() -> None:
    assert read_json(COMMONPLACE, name="export.txt").rows_read == 2
    assert list(read_json(b"[id],improve\n1,a\n", name="export.csv").frame.columns) == ["[id]", "improve"]


def test_commonplaces_comments_are_mapped_with_their_relative_dates_and_feelings() -> None:
    source = a_source(
        tool="commonplace",
        file={"path": "*.json"},
        questions=[
            {"column": "id", "role": "record_id"},
            {"column": "date", "role": "submitted_on"},
            {"column": "feeling", "role": "rating", "scale": {"0": 0, "100": 100}},
            {"column": "comment", "role": "comment"},
            {"column": "tags", "role": "choice", "multi": "delimited", "delimiter": ";"},
        ],
    )
    found = mapped(json.dumps(COMMONPLACE), source)
    assert [str(day.date()) for day in found.responses["submitted_on"]] == ["2026-11-18", "2026-11-07"]
    assert found.responses["date_precision"].to_list() == ["day", "week"]
    assert found.ratings["score"].to_list() == [0.75, 0.0]
    assert found.choices["option_code"].to_list() == ["park", "seats"]
    later = mapped(json.dumps(COMMONPLACE).replace("3 days", "9 days"), source)
    assert list(later.responses["content_hash"]) == list(found.responses["content_hash"])


def test_what_is_crammed_is_told_by_how_it_begins_and_never_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the file is called: its objects would take a gigabyte."""
    monkeypatch.setattr("json.loads", None)
    assert is_json(b" [" + b"{}," * 600_000 + b"{}]")
    assert not is_json(b"[id],[a]\n" + b"1,2\n" * 600_000)
    with pytest.raises(Unreadable, match="the JSON holds 1,200,002 values"):
        read_table(b"[" + b"{}," * 600_000 + b"{}]", "answers.txt", a_shape())
