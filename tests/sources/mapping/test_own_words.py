"""Words beside the options of a choice: found whatever way a tool writes them, and heard where the map says so."""

from pathlib import Path

import pytest

from config.council import read_council
from config.questions import Question
from heardback.sources.mapping.own_words import words_finder
from tests.council import EXIT, write_council
from tests.sources.samples import a_source, mapped

ONE = {"options": ["Staff", "The place"]}
JOINED = {"multi": "delimited", "delimiter": ";", "options": ["Staff", "Place", "Trips; days out"]}
COMMAS = {"multi": "delimited", "delimiter": ", ", "options": ["Staff", "Trips, days out", "Trips"]}
TICKS = {"match": r"^helped\[(.*)\]$", "multi": "columns"}
OTHER, STAFF = "helped[Other (please say)]", "helped[Staff]"


def choice(**keys: object) -> dict[str, object]:
    column = {} if "match" in keys else {"column": "helped"}
    return {"role": "choice", "code": "helped", **column, **keys}


@pytest.mark.parametrize(
    ("keys", "column", "cell", "words"),
    [
        (ONE, "helped", "the  PLACE", ""),
        (ONE, "helped", "my uncle scares me", "my uncle scares me"),
        (ONE, "helped", "Other", ""),
        (ONE, "helped", "other (please specify):", ""),
        (ONE, "helped", "Other: say no more", "Other: say no more"),
        ({"values": {"Staff": "s", "*": "rest"}}, "helped", "somebody", "somebody"),
        (JOINED, "helped", "Staff;Place;", ""),
        (JOINED, "helped", "Staff;Place;my uncle scares me;", "my uncle scares me"),
        (JOINED, "helped", "my uncle;  he scares me;;a lot;Staff", "my uncle;  he scares me;;a lot"),
        (JOINED, "helped", "my uncle;PLACE;he scares me", "my uncle;he scares me"),
        (JOINED, "helped", "Staff;Staff;days out", "days out"),
        (JOINED, "helped", "Trips; days out;Other;", ""),
        (JOINED, "helped", "İİİ is who;Staff;helps", "İİİ is who;helps"),
        (JOINED, "helped", ";; ;", ""),
        (JOINED, "helped", "TRIPS; Days out;cold", "cold"),
        (COMMAS, "helped", "Trips, days out, Staff, well, it is, cold", "well, it is, cold"),
        (COMMAS, "helped", "Staffroom, Trips", "Staffroom"),
        (TICKS, OTHER, "my uncle scares me", "my uncle scares me"),
        (TICKS, OTHER, "Other (please say)", ""),
        (TICKS, STAFF, "Staff", ""),
        (TICKS, STAFF, "Selected", ""),
        (TICKS, "helped[My worker's place]", "My worker’s place!", ""),
        (TICKS, STAFF, "2.0", ""),
        (TICKS, STAFF, "Not Selected", ""),
        (TICKS | {"true_values": ["Ja"], "false_values": ["Nein"]}, STAFF, "nein", ""),
        (TICKS | {"true_values": ["Ja"]}, OTHER, "the bus", "the bus"),
        (TICKS | {"values": {"Staff": "worker"}}, STAFF, "Worker", ""),
        (TICKS | {"options": ["The staff"]}, STAFF, "the staff", ""),
    ],
)
def test_what_is_no_option_and_no_tick_is_words_in_one_piece(
    keys: dict[str, object], column: str, cell: str, words: str
) -> None:
    assert words_finder(Question.model_validate(choice(**keys)), column)(cell) == words


FILE = """id,helped,improve
1,Staff;my uncle scares me,more seats
2,Staff;Place,
3,canary; words,
4,,
"""


def test_own_words_are_a_comment_and_the_choice_other() -> None:
    found = mapped(FILE, a_source(choice(**JOINED, own_words=True, text="What helped?")))
    said = found.comments[["question_code", "question_text", "text", "repeat_index"]].to_numpy().tolist()
    assert said == [
        ["improve", "improve", "more seats", 0],
        ["helped_other", "What helped?", "my uncle scares me", 0],
        ["helped_other", "What helped?", "canary; words", 0],
    ]
    assert found.choices["option_code"].to_list() == ["staff", "other", "staff", "place", "other"]
    assert (found.notes, len(found.unlisted)) == ([], 0)
    assert found.responses["not_counted"].to_list() == ["", "", "", "empty"]


def test_without_the_key_all_is_as_it_was_and_the_words_are_only_handed_on_to_be_looked_through() -> None:
    found = mapped(FILE, a_source(choice(**JOINED)))
    assert found.comments["text"].to_list() == ["more seats"]
    assert found.choices["option_code"].to_list() == ["staff", "other", "staff", "place", "other"]
    assert [(note.code, note.row_number, note.rows) for note in found.notes] == [("unknown_option", 2, 2)]
    assert found.unlisted.to_numpy().tolist() == [[2, "helped", "my uncle scares me"], [4, "helped", "canary; words"]]
    assert "uncle" not in repr(found.notes)


def test_words_in_columns_of_ticks_are_repeats_of_one_question_beside_their_ticks() -> None:
    file = f"id,improve,{STAFF},{OTHER}\n1,,Yes,the bus\n2,,he never listens,\n3,,No,Other\n"
    found = mapped(file, a_source(choice(**TICKS, own_words=True, true_values=["Yes"])))
    assert found.comments[["text", "repeat_index"]].to_numpy().tolist() == [["he never listens", 0], ["the bus", 1]]
    assert found.comments["comment_uid"].is_unique
    codes = found.choices.merge(found.responses[["response_uid", "source_record_id"]])
    assert sorted(zip(codes["source_record_id"], codes["option_code"], strict=True)) == [
        ("1", "other_please_say"), ("1", "staff"), ("2", "staff"),
    ]  # fmt: skip
    assert [(note.code, note.row_number) for note in found.notes] == [("unknown_tick", 4)]


KEYED, UNKEYED = {"natural_key": ["id"]}, {"natural_key": []}


@pytest.mark.parametrize("key", [KEYED, UNKEYED])
def test_a_map_that_comes_to_hear_own_words_makes_a_revision_of_what_has_some_and_of_nothing_else(
    key: dict[str, object],
) -> None:
    before = mapped(FILE, a_source(choice(**JOINED), **key)).responses
    after = mapped(FILE, a_source(choice(**JOINED, own_words=True), **key)).responses
    assert before["response_uid"].to_list() == after["response_uid"].to_list()
    assert (before["content_hash"] == after["content_hash"]).to_list() == [False, True, False, True]
    # an option that joins the list is heard no longer, so that is a revision too
    listed = choice(**JOINED | {"options": ["Staff", "Place", "my uncle scares me"]}, own_words=True)
    later = mapped(FILE, a_source(listed, **key)).responses
    assert (after["content_hash"] == later["content_hash"]).to_list() == [False, True, True, True]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"role": "comment"}, "beside the options of a choice, not of a comment"),
        ({"role": "rating", "scale": {"1": 1, "2": 2}}, "not of a rating"),
        ({}, "list all of the form's 'options'"),
        ({"values": {"*": "rest"}}, "list all of the form's 'options'"),
        ({"multi": "delimited", "delimiter": ";"}, "list all of the form's 'options'"),
    ],
)
def test_own_words_need_a_choice_that_lists_its_options(keys: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Question.model_validate(choice(**keys, own_words=True))


@pytest.mark.parametrize(
    ("place", "keys", "line", "told"),
    [
        (7, {"role": "comment", "code": "improve", "own_words": "yes"}, "column: improve", "not of a comment"),
        (6, {"own_words": "yes"}, "column: helped", "list all of the form's 'options'"),
        (6, {"options": ["A"], "code": "like", "own_words": "yes"}, "own_words: 'yes'", "kept as 'like_other'"),
    ],
)
def test_check_names_the_line_of_own_words_that_cannot_be(
    tmp_path: Path, place: int, keys: dict[str, object], line: str, told: str
) -> None:
    questions = [*EXIT["questions"], {"column": "more", "role": "comment", "code": "like_other"}]
    questions[place] = questions[place] | keys
    folder = write_council(tmp_path, sources={"exit": {"questions": questions}})
    _, faults = read_council(folder)
    written = (folder / "sources" / "exit.yaml").read_text(encoding="utf-8").splitlines()
    (fault,) = faults
    assert line in written[fault.line - 1]
    assert told in fault.what
