"""Every row of a table becomes a response, a fault or a repeat; identity never comes through."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from heardback.domain.record import CHOICE, COMMENT, RATING, RESPONSE, Mapped
from heardback.errors import PullRefused
from heardback.sources.mapping.outline import apply_map
from tests.sources.samples import RECEIVED, a_directory, a_source, mapped, read


def codes(found: Mapped) -> list[tuple[int, str]]:
    return sorted((fault.row_number, fault.reason_code) for fault in found.faults)


def notes(found: Mapped) -> list[str]:
    return [note.code for note in found.notes]


WHEN = {"column": "when", "role": "submitted_on"}


def test_the_frames_have_the_records_columns() -> None:
    found = mapped("id,improve\n1,more\n", a_source())
    assert tuple(found.responses.columns) == RESPONSE
    assert tuple(found.comments.columns) == COMMENT
    assert tuple(found.ratings.columns) == RATING
    assert tuple(found.choices.columns) == CHOICE


def test_a_row_becomes_a_response_with_its_comment() -> None:
    """
    id  improve     →  response 1 of yjs, row 2, with the comment "more seats"
    1   more seats
    """
    found = mapped("id,improve\n1,more seats\n", a_source())
    response, comment = found.responses.iloc[0], found.comments.iloc[0]
    assert response[["source_id", "source_record_id", "service_code", "row_number"]].to_list() == [
        "a-survey", "1", "yjs", 2,
    ]  # fmt: skip
    assert (comment["text"], comment["question_code"], comment["repeat_index"]) == ("more seats", "improve", 0)
    assert comment["response_uid"] == response["response_uid"]
    assert (response["consent_to_publish"], response["date_precision"]) == ("not_asked", "unknown")
    assert response["received_at"] == pd.Timestamp(RECEIVED)


def test_the_same_record_has_the_same_id_in_another_file_and_another_order() -> None:
    first = mapped("id,improve\n1,a\n2,b\n", a_source())
    second = mapped("improve,id\nb,2\na,1\nc,3\n", a_source())
    known = dict(zip(first.responses["source_record_id"], first.responses["response_uid"], strict=True))
    again = dict(zip(second.responses["source_record_id"], second.responses["response_uid"], strict=True))
    assert known == {record: again[record] for record in ("1", "2")}


def test_the_same_id_in_two_sources_is_two_responses() -> None:
    first = mapped("id,improve\n1,a\n", a_source())
    second = mapped("id,improve\n1,a\n", a_source(source="another"))
    assert first.responses["response_uid"].iloc[0] != second.responses["response_uid"].iloc[0]


def test_an_edit_changes_the_content_hash_and_not_the_id() -> None:
    before, after = (mapped(f"id,improve\n1,{words}\n", a_source()).responses.iloc[0] for words in ("a", "b"))
    assert before["response_uid"] == after["response_uid"]
    assert before["content_hash"] != after["content_hash"]


def test_an_unmapped_column_changes_neither_hash() -> None:
    first = mapped("id,improve\n1,a\n", a_source()).responses.iloc[0]
    second = mapped("id,improve,seed\n1,a,99\n", a_source()).responses.iloc[0]
    assert first["content_hash"] == second["content_hash"]
    assert first["form_version"] != second["form_version"]


def test_the_content_hash_covers_every_mapped_answer() -> None:
    source = a_source({"column": "ok", "role": "consent_publish", "true_values": ["Y"]})
    hashes = {mapped(f"id,improve,ok\n1,a,{ok}\n", source).responses["content_hash"].iloc[0] for ok in ("Y", "N", "")}
    assert len(hashes) == 3


BLANK = {"id": "1", "improve": "", "when": "", "sent": "", "Need #1": "", "Need #2": "", "code": ""}


@pytest.mark.parametrize(
    ("before", "after", "is_edit"),
    [
        ({"improve": "3 days ago"}, {"improve": "2 days ago"}, True),
        ({"when": "3 days ago"}, {"when": "4 days ago"}, False),  # the same day, exported a day later
        ({"sent": "3 days ago"}, {"sent": "4 days ago"}, False),
        ({"Need #1": "seats"}, {"Need #2": "seats"}, True),
        ({"code": "blue-otter"}, {"code": "red-fox-1"}, False),  # it says nothing, and could be guessed from a hash
    ],
)
def test_what_in_a_row_makes_another_answer_of_it(before: dict[str, str], after: dict[str, str], is_edit: bool) -> None:
    source = a_source(
        WHEN,
        {"column": "sent", "role": "submitted_at"},
        {"match": r"^Need #\d", "role": "comment", "code": "need"},
        {"column": "code", "role": "deletion_code"},
    )
    header = ",".join(BLANK)
    first, second = (
        mapped(f"{header}\n{','.join({**BLANK, **said}.values())}\n", source).responses["content_hash"].iloc[0]
        for said in (before, after)
    )
    assert (first != second) == is_edit


def test_without_an_id_equal_rows_are_two_responses_and_a_re_read_finds_both_again() -> None:
    source = a_source(natural_key=[], questions=[{"column": "improve", "role": "comment", "code": "improve"}])
    first, second = mapped("improve\nwifi\nwifi\nseats\n", source), mapped("improve\nseats\nwifi\nwifi\n", source)
    assert first.responses["response_uid"].nunique() == 3
    assert set(first.responses["response_uid"]) == set(second.responses["response_uid"])
    assert first.repeats == []


def test_a_row_that_stands_twice_under_one_id_is_a_repeat() -> None:
    found = mapped("id,improve\n1,a\n2,b\n1,a\n1, a \n", a_source())
    assert list(found.responses["row_number"]) == [2, 3]
    assert found.repeats == [4, 5]
    assert found.faults == []


def test_a_row_at_fault_that_stands_twice_is_put_aside_twice_and_repeats_nothing() -> None:
    found = mapped("id,when,improve\n1,22/11/2026,a\n1,22/11/2026,a\n", a_source(WHEN))
    assert (codes(found), found.repeats) == ([(2, "future_date"), (3, "future_date")], [])


def test_one_id_with_different_answers_puts_all_its_rows_aside() -> None:
    found = mapped("id,improve\n1,a\n2,b\n1,c\n1,a\n", a_source())
    assert codes(found) == [(2, "clashing_id"), (4, "clashing_id"), (5, "clashing_id")]
    assert list(found.responses["row_number"]) == [3]
    assert found.repeats == []


def test_a_row_without_its_id_is_put_aside() -> None:
    assert codes(mapped("id,improve\n,a\n2,b\nN/A,c\n", a_source())) == [(2, "missing_key"), (4, "missing_key")]


def test_half_a_natural_key_is_none() -> None:
    source = a_source(
        natural_key=["box", "card"],
        questions=[{"match": "box|card", "role": "key"}, {"column": "improve", "role": "comment", "code": "improve"}],
    )
    found = mapped("box,card,improve\nhub,1,a\nhub,,b\nfoyer,1,c\n", source)
    assert codes(found) == [(3, "missing_key")]
    assert list(found.responses["source_record_id"]) == ["hub / 1", "foyer / 1"]


def test_a_record_bears_the_tools_own_id_where_the_map_names_one_beside_its_key() -> None:
    source = a_source(
        natural_key=["card"],
        questions=[
            {"column": "card", "role": "key"},
            {"column": "id", "role": "record_id"},
            {"column": "improve", "role": "comment", "code": "improve"},
        ],
    )
    found = mapped("card,id,improve\nC1,7,a\nC2,7,b\n", source)
    assert list(found.responses["source_record_id"]) == ["7", "7"]
    assert found.responses["response_uid"].is_unique


@pytest.mark.parametrize(
    "footer", ["Total,,41", "TOTAL:,,", "Grand total,12,12.5", "Average,,3.4", ",Sum,£12", "n,,17"]
)
def test_a_footer_is_put_aside_with_that_reason_alone(footer: str) -> None:
    source = a_source({"column": "score", "role": "rating", "code": "score", "scale": {"1": 1, "5": 5}})
    found = mapped(f"id,score,count,improve\n1,5,7,a\n{footer},\n", source)
    assert codes(found) == [(3, "footer_row")]


def test_two_footers_are_no_two_records_of_one_id() -> None:
    source = a_source({"column": "score", "role": "rating", "code": "score", "scale": {"1": 1, "5": 5}})
    found = mapped("id,score,improve\n1,5,a\nTotal,41,\nTotal,42,\n", source)
    assert codes(found) == [(3, "footer_row"), (4, "footer_row")]


def test_the_word_total_in_a_comment_is_no_footer() -> None:
    found = mapped("id,improve\n1,Total\n2,total waste\nTotal,rubbish\n", a_source())
    assert found.faults == []
    assert len(found.comments) == 3


@pytest.mark.parametrize("mark", ['"""" ', "〃", "''", "”"])
def test_a_ditto_mark_is_put_aside_whatever_the_tool(mark: str) -> None:
    assert codes(mapped(f"id,improve\n1,a\n2,{mark}\n", a_source())) == [(3, "ditto_mark")]


def test_the_word_ditto_is_a_mark_only_where_somebody_typed_the_sheet() -> None:
    text = "id,improve\n1,a\n2,Ditto\n3,as above\n"
    assert codes(mapped(text, a_source(tool="typed_sheet"))) == [(3, "ditto_mark"), (4, "ditto_mark")]
    assert mapped(text, a_source(tool="google_forms")).faults == []


@pytest.mark.parametrize("words", ["Ditto.", "As above.", "see above", "''''", "Same as above."])
def test_ditto_is_a_mark_however_it_is_typed(words: str) -> None:
    assert codes(mapped(f"id,improve\n1,a\n2,{words}\n", a_source(tool="typed_sheet"))) == [(3, "ditto_mark")]


def test_a_date_to_come_is_put_aside_by_the_clock_of_the_source() -> None:
    found = mapped("id,when,improve\n1,21/11/2026,a\n2,22/11/2026,b\n3,01/01/2031,c\n", a_source(WHEN))
    assert codes(found) == [(3, "future_date"), (4, "future_date")]


def test_just_after_midnight_in_summer_it_is_already_today() -> None:
    source = a_source(WHEN)
    table = read("id,when,improve\n1,02/06/2026,a\n")
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # half past midnight on 2 June in London
    assert apply_map(source, table, a_directory(), late).faults == []
    assert len(apply_map(source, table, a_directory(), late.replace(hour=22)).faults) == 1


def test_a_required_date_that_is_blank_puts_its_row_aside_and_a_required_answer_does_not() -> None:
    source = a_source(
        {**WHEN, "required": True},
        questions=[
            {"column": "id", "role": "record_id", "required": True},
            {"column": "improve", "role": "comment", "code": "improve", "required": True},
            {**WHEN, "required": True},
        ],
    )
    found = mapped("id,when,improve\n1,,a\n2,01/11/2026,\n", source)
    assert codes(found) == [(2, "required_empty")]


def test_rows_are_not_counted_when_they_are_tests_or_say_nothing() -> None:
    completion = {"column": "status", "role": "completion", "values": {"Test": "test", "Partial": "partial"}}
    found = mapped("id,status,improve\n1,Test,a\n2,Partial,\n3,Partial,b\n4,Test,\n", a_source(completion))
    assert list(found.responses["not_counted"]) == ["test", "empty", "", "test"]
    assert list(found.responses["completion"]) == ["test", "partial", "partial", "test"]


def test_identity_never_comes_through() -> None:
    source = a_source({"match": "(?i)e-?mail|name|ip", "role": "identity"}, {"column": "note", "role": "ignore"})
    text = "id,improve,E-mail,Full name,IP,note,extra\n1,a,canary@example.org,Canary Kay,10.9.8.7,canary,canary\n"
    found = mapped(text, source)
    everything = "".join(
        frame.to_csv() for frame in (found.responses, found.comments, found.ratings, found.choices)
    ) + repr(found.notes)
    for secret in ("canary", "Canary", "10.9.8.7"):
        assert secret not in everything
    assert found.kept_columns == ("id", "improve")


def test_null_values_are_no_comments_and_a_map_may_state_its_own() -> None:
    text = "id,improve\n1,N/A\n2,-\n3,Nothing.\n4,😕\n5,Did not answer\n"
    typed = mapped(text + "6,DID NOT ANSWER\n7,N/a\n8,null\n9,Null and void\n", a_source())
    assert list(typed.comments["text"]) == ["Nothing.", "😕", "Null and void"]
    assert list(mapped(text, a_source()).comments["text"]) == ["Nothing.", "😕"]
    dashed = a_source(file={"path": "x", "null_values": ["-"]})
    assert list(mapped(text, dashed).comments["text"]) == ["N/A", "Nothing.", "😕", "Did not answer"]


def test_the_0x09_prefix_is_taken_off_for_govuk_forms_only() -> None:
    text = "id,improve\n1,0x09=more\n2,0x09 is hex\n3,a 0x09- b\n"
    govuk = mapped(text, a_source(tool="govuk_forms"))
    assert list(govuk.comments["text"]) == ["=more", "0x09 is hex", "a 0x09- b"]
    assert mapped(text, a_source()).comments["text"].iloc[0] == "0x09=more"


def test_columns_that_match_are_repeats_of_one_question() -> None:
    source = a_source({"match": r"^Need #\d", "role": "comment", "code": "need", "text": "What do you need?"})
    found = mapped("id,improve,Need #1,Need #2\n1,,seats,wifi\n2,,,quiet\n", source)
    needs = found.comments[found.comments["question_code"] == "need"]
    assert sorted(zip(needs["repeat_index"], needs["text"], strict=True)) == [(0, "seats"), (1, "quiet"), (1, "wifi")]
    assert set(needs["question_text"]) == {"What do you need?"}
    assert needs["comment_uid"].is_unique


def test_a_column_named_outright_is_left_out_of_a_match() -> None:
    source = a_source(
        {"match": r"^helped\[", "role": "choice", "code": "helped", "multi": "columns"},
        {"column": "helped[other]", "role": "comment", "code": "helped_other"},
    )
    found = mapped("id,improve,helped[wrk],helped[other]\n1,,Y,pizza\n", source)
    assert list(found.choices["option_code"]) == ["wrk"]
    assert list(found.comments["text"]) == ["pizza"]


def test_a_missing_key_column_refuses_the_pull_and_names_the_nearest_header() -> None:
    with pytest.raises(PullRefused, match=r"'id' \(natural_key\) is missing") as error:
        mapped("idd,improve\n1,a\n", a_source())
    assert "'idd'" in str(error.value)
    assert error.value.do


def test_a_reworded_question_refuses_the_pull_where_it_is_required() -> None:
    asked = {"column": "What should we change?", "role": "comment", "code": "change", "required": True}
    with pytest.raises(PullRefused, match="nearest header is 'What should we change first"):
        mapped("id,improve,What should we change first?\n1,a,b\n", a_source(asked))


def test_a_reworded_optional_question_is_noted_with_the_nearest_header() -> None:
    asked = {"column": "What should we change?", "role": "comment", "code": "change"}
    found = mapped("id,improve,What should we change first?\n1,a,b\n", a_source(asked))
    assert notes(found) == ["missing_column", "new_column"]
    assert "'What should we change first?'" in found.notes[0].what


def test_a_column_that_another_question_has_is_no_reworded_one() -> None:
    asked = {"column": "improved", "role": "comment", "code": "improved"}
    found = mapped("id,improve,Colour\n1,a,b\n", a_source(asked))
    assert found.notes[0].what.endswith("is not in the file")
    with pytest.raises(PullRefused, match=r"'ref' \(natural_key\) is missing; the nearest header is 'Reference'"):
        mapped("id,improve,Reference,re\n1,a,b,c\n", a_source({"column": "re", "role": "ignore"}, natural_key=["ref"]))


def test_a_missing_service_column_refuses_the_pull_where_nothing_else_says_the_service() -> None:
    asked = {"column": "service", "role": "service"}
    with pytest.raises(PullRefused, match="service"):
        mapped("id,improve\n1,a\n", a_source(asked, service=""))
    assert mapped("id,improve\n1,a\n", a_source(asked)).responses["service_code"].to_list() == ["yjs"]


def test_another_surveys_file_is_refused() -> None:
    with pytest.raises(PullRefused, match="no question of the map"):
        mapped("id,colour\n1,red\n", a_source())
    with pytest.raises(PullRefused, match="in this file; the nearest header is 'IMPROVE'"):
        mapped("id,IMPROVE\n1,more seats\n", a_source())


def test_a_new_column_is_noted_or_refused_as_the_map_says() -> None:
    text = "id,improve,new one\n1,a,b\n"
    (note,) = mapped(text, a_source()).notes
    assert (note.code, note.column) == ("new_column", "new one")
    with pytest.raises(PullRefused, match="1 column is not in the map: new one"):
        mapped(text, a_source(unmapped="fail"))


def test_a_header_that_only_needs_cleaning_is_found() -> None:
    source = a_source({"column": "FFT question \n", "role": "comment", "code": "fft"})
    found = mapped('id,improve,"FFT  question"\n1,,good\n', source)
    assert list(found.comments["text"]) == ["good"]


def test_notes_of_reading_and_mapping_stand_together() -> None:
    source = a_source(opened_on="2026-01-01", questions=[*a_source().questions, WHEN])
    found = mapped("id,improve,when \n1,a\x00,31/12/2025\n", source)
    assert notes(found) == ["header_cleaned", "control_characters", "before_opening"]


def test_a_table_without_rows_maps_to_nothing() -> None:
    found = mapped("id,when,improve\n", a_source(WHEN))
    assert (len(found.responses), len(found.comments), found.faults, found.repeats) == (0, 0, [], [])
    assert tuple(found.responses.columns) == RESPONSE


def test_a_map_whose_precision_is_a_batch_keeps_no_instant() -> None:
    source = a_source({"column": "when", "role": "submitted_at"}, dates=["%d/%m/%Y %H:%M"], date_precision="batch")
    response = mapped("id,when,improve\n1,03/04/2026 15:30,a\n", source).responses.iloc[0]
    assert str(response["submitted_on"].date()) == "2026-04-03"
    assert pd.isna(response["submitted_at"])
    assert response["date_precision"] == "batch"


def test_the_day_comes_from_the_day_column_and_the_instant_from_its_own() -> None:
    source = a_source(WHEN, {"column": "sent", "role": "submitted_at", "dates": ["ISO8601"]})
    response = mapped("id,improve,when,sent\n1,a,03/04/2026,2026-04-05T10:00:00Z\n", source).responses.iloc[0]
    assert str(response["submitted_on"].date()) == "2026-04-03"
    assert str(response["submitted_at"]) == "2026-04-05 10:00:00+00:00"
    assert response["date_precision"] == "instant"


@pytest.mark.parametrize("unmapped", ["warn", "fail"])
def test_a_file_without_a_header_is_refused_and_what_stands_in_its_place_is_not_repeated(unmapped: str) -> None:
    with pytest.raises(PullRefused, match="none of the map's columns is in this file") as refused:
        mapped("1,swings for everybody\n2,more swings\n", a_source(natural_key=[], unmapped=unmapped))
    assert "swings" not in str(refused.value)


def test_the_nearest_header_may_differ_by_its_capitals_alone() -> None:
    with pytest.raises(PullRefused, match="nearest header is 'ID'"):
        mapped("ID,improve\n1,more seats\n", a_source())
