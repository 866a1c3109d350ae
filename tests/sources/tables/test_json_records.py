"""Records of JSON become a table: paths, numbered repeats, columns for what nobody answered, nobody's identity."""

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.maps import SourceMap
from config.registers import RegisterMap
from heardback.errors import PullRefused, Unreadable
from heardback.sources.feed import Feed
from heardback.sources.mapping.columns import place_questions
from heardback.sources.tables.json_records import table_of_records
from heardback.sources.web.record_pages import check_key, kept_records

TEXT = st.text("ab😀 ,'\"#/", max_size=12)


def a_map(*questions: dict[str, Any], **more: Any) -> SourceMap:
    return SourceMap.model_validate(
        {
            "source": "odk", "name": "Leaving us", "tool": "odk", "channel": "exit_questionnaire", "service": "yjs",
            "natural_key": ["__id"], "connect": {"to": "odk-central"},
            "questions": [{"column": "say", "role": "comment", "code": "say"}, *questions], **more,
        }
    )  # fmt: skip


def table(*records: dict[str, Any], feed: Feed | None = None, **more: Any) -> pd.DataFrame:
    return table_of_records(records, "drop", feed or a_map(), **more).frame


@pytest.mark.parametrize(("visits", "columns"), [({"visits": []}, []), ({}, []), ({"visits": ["x"]}, ["visits"])])
def test_a_repeat_that_nobody_filled_in_is_told_as_neither_missing_nor_new(
    visits: dict[str, Any], columns: list[str]
) -> None:
    feed = a_map({"match": r"^visits/place#\d+$", "role": "comment", "code": "visits"})
    read = table_of_records([{"__id": "1", "say": "a", **visits}], "drop", feed)
    placed, notes = place_questions(feed, read)
    assert [place.label for place in placed] == ["say"]
    assert [note.column for note in notes] == columns


def test_a_group_is_a_path_and_a_repeat_is_numbered() -> None:
    """
    {"about": {"rating": 4}, "say": "a", "visits": [{"place": "x"}, {"place": "y"}]}
    {"about": {"rating": null}, "say": null, "visits": [{"place": "z"}]}

       about/rating  say  visits/place#1  visits/place#2
    1  4             a    x               y
    2                     z
    """
    frame = table(
        {"about": {"rating": 4}, "say": "a", "visits": [{"place": "x"}, {"place": "y"}]},
        {"about": {"rating": None}, "say": None, "visits": [{"place": "z"}]},
    )
    assert list(frame.columns) == ["about/rating", "say", "visits/place#1", "visits/place#2"]
    assert frame.loc[1].tolist() == ["4", "a", "x", "y"]
    assert frame.loc[2].tolist() == ["", "", "z", ""]


def test_a_repeat_is_numbered_alike_whether_its_keys_say_the_whole_path_or_not() -> None:
    odk = table({"visits": [{"place": "x", "people": [{"who": "a"}, {"who": "b"}]}, {"people": [{"who": "c"}]}]})
    kobo = table({"visits": [
        {"visits/place": "x", "visits/people": [{"visits/people/who": "a"}, {"visits/people/who": "b"}]},
        {"visits/people": [{"visits/people/who": "c"}]},
    ]})  # fmt: skip
    pd.testing.assert_frame_equal(odk, kobo)
    assert odk.loc[1].to_dict() == {
        "visits/place#1": "x", "visits/people/who#1": "a", "visits/people/who#2": "b", "visits/people/who#3": "c",
    }  # fmt: skip


def test_a_repeat_has_all_its_columns_from_the_first_on() -> None:
    """Its place among the columns is its index, so the same answer must not move when another is left out."""
    frame = table({"visits": [{"seen": "x"}, {"place": "y"}, {}, {"place": "z"}]})
    assert list(frame.columns) == ["visits/seen#1", *(f"visits/place#{number}" for number in (1, 2, 3, 4))]
    assert frame.loc[1].tolist() == ["x", "", "y", "", "z"]


def test_a_group_in_which_nothing_was_answered_is_no_column() -> None:
    assert list(table({"say": "a", "about": None}, {"say": "b", "about": {"rating": 4}}).columns) == [
        "say", "about/rating"
    ]  # fmt: skip


def test_ten_repeats_stand_in_the_order_of_their_numbers() -> None:
    first = {"visits": [{"place": str(number)} for number in range(2)]}
    frame = table(first, {"visits": [{"place": str(number)} for number in range(11)]})
    assert list(frame.columns) == [f"visits/place#{number}" for number in range(1, 12)]
    assert frame.loc[2].tolist() == [str(number) for number in range(11)]


@pytest.mark.parametrize(
    "record",
    [
        {"__system": {"submitterName": "zebra", "submitterId": "zebra", "deviceId": "zebra"}},
        {"meta": {"instanceName": "zebra"}},
        {"about": {"phone_number": "zebra", "e-mail": "", "Email": "zebra", "first_name": "zebra"}},
        {"_submitted_by": "zebra", "_geolocation": ["zebra", "zebra"], "_attachments": [{"filename": "zebra"}]},
        {"visits": [{"username": "zebra"}]},
        {"start-geopoint": "zebra", "deviceid": "zebra", "simserial": "zebra", "subscriberid": "zebra"},
        {"home": {"type": "Point", "coordinates": ["zebra", 1.5], "properties": {"accuracy": "zebra"}}},
        {"visits@odata.navigationLink": "zebra"},
    ],
)
def test_who_answered_and_where_is_in_no_table_even_if_the_map_asks(record: dict[str, Any]) -> None:
    greedy = a_map(
        {"column": "__system/submitterName", "role": "record_id"},
        {"match": "zebra|name|Name|phone|mail|geo|dev|sim|sub", "role": "comment", "code": "all"},
    )
    for feed in (a_map(), greedy):
        assert "zebra" not in table({"say": "a", **record}, feed=feed).to_csv()


@pytest.mark.parametrize("place", ["51.507345 -0.127837 0 0", "51.5 -0.1 0 0;51.6 -0.2 11.5 4", " -33.86 151.2 3 4.5"])
def test_a_position_is_blanked_wherever_it_stands(place: str) -> None:
    frame = table({"say": place}, {"say": "Room 51.5 is cold"})
    assert frame["say"].tolist() == ["", "Room 51.5 is cold"]


def test_columns_of_the_tool_itself_are_there_only_where_the_map_asks_for_them() -> None:
    record = {"say": "a", "__id": "u1", "__system": {"edits": 1, "reviewState": "edited"}, "meta": {"instanceID": "u"}}
    assert list(table(record).columns) == ["say", "__id"]
    asking = a_map({"column": "__system/reviewState", "role": "completion", "values": {"rejected": "test"}})
    assert list(table(record, feed=asking).columns) == ["say", "__id", "__system/reviewState"]


def test_a_register_keeps_the_columns_that_it_names() -> None:
    register = RegisterMap.model_validate(
        {"register": "log", "name": "Log", "dates": ["ISO8601"], "service": "yjs", "connect": {"to": "odk-central"},
         "columns": {"id": "__id", "date": "__system/submissionDate", "we_did": "did"}}
    )  # fmt: skip
    frame = table({"__id": "u1", "__system": {"submissionDate": "2026-10-01", "edits": 0}, "did": "x"}, feed=register)
    assert list(frame.columns) == ["__id", "__system/submissionDate", "did"]


def test_what_nobody_answered_is_there_and_empty_where_records_may_lack_it() -> None:
    assert "say" not in table({"__id": "u1"})
    assert table({"__id": "u1"}, may_lack=True).loc[1].to_dict() == {"__id": "u1", "say": ""}
    assert list(table().columns) == ["__id", "say"]


def test_a_deleted_record_is_set_apart_with_its_row_number_and_its_key() -> None:
    records = [
        {"__id": f"u{number}", "say": "a", "__system": {"deletedAt": gone}}
        for number, gone in enumerate([None, "2026-10-01T00:00:00Z", None], start=1)
    ]
    found = table_of_records(records, "drop", a_map(), deleted="__system/deletedAt")
    assert (found.frame["__id"].to_dict(), found.deleted["__id"].to_dict()) == ({1: "u1", 3: "u3"}, {2: "u2"})
    assert found.rows_read == 3


def test_damaged_text_is_mended_as_in_any_file() -> None:
    found = table_of_records([{"say": "caf\u00c3\u00a9\x00"}], "drop", a_map())
    assert found.frame["say"].tolist() == ["café"]
    assert [note.code for note in found.notes] == ["control_characters", "mojibake"]


@given(st.lists(st.dictionaries(st.sampled_from(["say", "about", "more"]), TEXT, min_size=1), min_size=1, max_size=6))
def test_every_record_is_a_row_and_every_answer_a_cell(records: list[dict[str, str]]) -> None:
    frame = table(*records)
    assert list(frame.index) == list(range(1, len(records) + 1))
    for row, record in zip(frame.to_dict("records"), records, strict=True):
        assert {key: cell for key, cell in row.items() if cell} == {key: said for key, said in record.items() if said}


def test_numbers_stay_as_they_are_written_and_pages_in_their_order() -> None:
    kept = b'{"everything": [{"value": [{"n": 4.0}, {"n": 007e0}]}]}'.replace(b"007e0", b"12345678901234567890")
    assert kept_records(kept, "drop", "value") == ([{"n": "4.0"}, {"n": "12345678901234567890"}], True)
    part = json.dumps({"since": [{"value": [{"n": 1}]}, {"value": []}, {"value": [{"n": 2}]}]}).encode()
    assert kept_records(part, "drop", "value") == ([{"n": "1"}, {"n": "2"}], False)
    assert kept_records(b'\xef\xbb\xbf{"value": [{"n": 1}]}', "a page by hand", "value") == ([{"n": "1"}], True)


@pytest.mark.parametrize(
    "content", [b"", b"id,say\n1,zebra\n", b"[]", b'{"value": 3}', b'{"since": [{}]}', b"\xff", b"7"]
)
def test_what_is_no_such_document_is_told_without_its_words(content: bytes) -> None:
    with pytest.raises(Unreadable, match="no pages with a list 'value'") as refused:
        kept_records(content, "export.csv", "value")
    assert "zebra" not in str(refused.value)
    assert refused.value.__context__ is None


def test_a_map_must_know_answers_by_the_tools_own_id() -> None:
    check_key(a_map(), "__id")
    with pytest.raises(PullRefused, match="'_id'"):
        check_key(a_map(), "_id")
    with pytest.raises(PullRefused):
        check_key(a_map(natural_key=["__id", "say"]), "__id")
