"""A draft proposes, says what it is unsure of, and never shows what people wrote or who they are."""

import json
from pathlib import Path

import pytest
import yaml

from config.maps import SourceMap
from config.reading import read_model
from heardback.sources.drafting.draft import draft_map
from heardback.sources.drafting.recognising import recognise
from tests.sources.samples import a_workbook, read
from tests.sources.tables.test_archive import zipped

WORDS = [f"canary number {number} would like more seats, please" for number in range(12)]


def asked(draft: str) -> dict[str, dict[str, object]]:
    """The questions of a draft by their column (or match)."""
    questions = yaml.safe_load(draft)["questions"]
    return {question.get("column") or question["match"]: question for question in questions}


DAYS = ["2026-04-01 10:00:00"] * 3


def a_file(header: str, *columns: list[str]) -> bytes:
    return "\n".join([header, *(",".join(f'"{cell}"' for cell in row) for row in zip(*columns, strict=True))]).encode()


@pytest.mark.parametrize(
    ("headers", "tool"),
    [
        ("ID,Start time,Completion time,Email,Name,What should change?", "microsoft_forms"),
        ("Timestamp,What should change?", "google_forms"),
        ("id,submitdate,lastpage,startlanguage,seed,improve", "limesurvey"),
        ("Response ID,Date submitted,Last page,Start language,Q1", "limesurvey"),
        ("service,improve,_id,_uuid,_submission_time", "kobo"),
        ("SubmissionDate,start,end,improve,KEY,SubmitterName", "odk"),
        ("Reference,Submitted at,What should change?", "govuk_forms"),
        ("StartDate,EndDate,Status,IPAddress,ResponseId,RecordedDate,Q1", "qualtrics"),
        ("UserID,UserNo,Name,Email,IP Address,Unique ID,Started,Ended,Q1", "smartsurvey"),
        ("Respondent ID,Collector ID,Start Date,End Date,IP Address,Q1", "surveymonkey"),
        ("Time Started,Date Submitted,Status,Q1", "surveygizmo"),
        ("start,__id,__system/submissionDate,about/improve", "odk"),
        ("Respondent ID,What would you change?", "surveymonkey"),
        ("id,date,feeling,comment", "commonplace"),
        ("Box,Date emptied,Card no.,Words", "other"),
        ("Comment ID,Trust,Respondent ID,Date,FFT question,FFT answer", "other"),
        ("Card,Timestamp,What should change?", "other"),
        ("Case,StartDate,EndDate,What should change?", "other"),
    ],
)
def test_a_tool_is_known_by_its_headers(headers: str, tool: str) -> None:
    assert recognise(headers.split(",")).tool == tool


@pytest.mark.parametrize("header", ["Respondent ID", "RespondentID"])
@pytest.mark.parametrize(
    ("ids", "tool"),
    [(["12390574951", "12390517687"], "surveymonkey"), (["NHFT 07", "NHFT 19"], "other"), (["1", "2"], "other")],
)
def test_a_header_that_many_write_says_a_tool_only_over_that_tools_own_ids(
    header: str, ids: list[str], tool: str
) -> None:
    draft = draft_map(a_file(f"{header},What would you change?", ids, WORDS[:2]), "a.csv")
    assert yaml.safe_load(draft)["tool"] == tool


def test_a_tools_own_columns_have_their_roles() -> None:
    rows = [
        ["ID", "Start time", "Completion time", "Email", "Name", "What should change?"],
        [1, "2026-04-03 10:00:00", "2026-04-03 10:05:00", "anonymous", "", WORDS[0]],
        [2, "2026-04-04 10:00:00", "2026-04-04 10:07:00", "anonymous", "", WORDS[1]],
    ]
    draft = draft_map(a_workbook({"Sheet1": rows}), "Exit (1-2).xlsx")
    roles = {column: question["role"] for column, question in asked(draft).items()}
    assert roles == {
        "ID": "record_id", "Start time": "ignore", "Completion time": "submitted_at", "Email": "identity",
        "Name": "identity", "What should change?": "comment",
    }  # fmt: skip
    assert "tool: microsoft_forms" in draft
    assert "channel: exit_questionnaire" in draft
    assert 'natural_key: ["ID"]' in draft


def test_free_text_is_shown_by_its_length_alone() -> None:
    draft = draft_map(a_file("Reference,What should change?", [f"R{n}" for n in range(12)], WORDS), "a.csv")
    assert 'free text: "…" 45–46 characters' in draft
    assert "canary" not in draft


@pytest.mark.parametrize("header", ["Q5", "What would you change?", "Anything else", "Comments"])
def test_few_or_repeated_words_of_people_are_never_shown(header: str) -> None:
    answers = ["canary one"] * 6 + ["canary words about the yard"] * 2
    ids = [f"R{n}" for n in range(8)]
    if header != "Q5":
        assert "canary" not in draft_map(a_file(f"Reference,{header}", ids, answers), "a.csv")
    assert "canary" not in draft_map(a_file(f"Reference,{header}", ids[:2], ["canary a b", "canary"]), "a.csv")
    assert "canary" not in draft_map(a_file(f"Reference,{header}", ids[:1], ["canary"]), "a.csv")


def test_names_addresses_and_devices_are_identity_and_not_shown() -> None:
    header = "Reference,Your name,E-mail address,IP address,Postcode,Phone number"
    columns = [["R1", "R2"], *([[f"canary{n}", f"canary{n}x"] for n in range(5)])]
    draft = draft_map(a_file(header, *columns), "a.csv")
    assert {question["role"] for column, question in asked(draft).items() if column != "Reference"} == {"identity"}
    assert "canary" not in draft


def test_a_rating_is_left_blank_because_only_a_person_knows_which_end_is_best() -> None:
    draft = draft_map(a_file("How happy were you?", ["1", "5", "3", "4"]), "a.csv")
    assert asked(draft)["How happy were you?"]["scale"] == {}
    assert "# fill: points for each answer" in draft


def test_dates_that_could_be_read_both_ways_are_unsure() -> None:
    unsure = draft_map(a_file("When", ["03/04/2026", "05/06/2026"]), "a.csv")
    assert asked(unsure)["When"]["dates"] == ["%d/%m/%Y"]
    assert "# unsure: the dates could also be %m/%d/%Y" in unsure
    sure = draft_map(a_file("When", ["03/04/2026", "25/06/2026"]), "a.csv")
    assert "could also be" not in sure


def test_consent_services_bands_and_options_are_proposed() -> None:
    draft = draft_map(
        a_file(
            "Which hub?,May we share your words?,Age group,How did you get here?,What helped?",
            ["North", "South"] * 6, ["Yes", "No"] * 6, ["11-13", "14-16"] * 6, ["Bus", "Walked"] * 6,
            ["Staff;Place", "Place;Food", "Staff", "Food", "Staff;Food", "Staff;Place;Food"] * 2,
        ),
        "a.csv",
    )  # fmt: skip
    found = asked(draft)
    assert found["Which hub?"]["role"] == "service"
    assert found["May we share your words?"]["true_values"] == ["Yes"]
    assert found["May we share your words?"]["false_values"] == ["No"]
    assert found["Age group"]["options"] == ["11-13", "14-16"]
    assert found["How did you get here?"]["options"] == ["Bus", "Walked"]
    assert found["What helped?"]["options"] == ["Staff", "Place", "Food"]
    assert found["What helped?"]["delimiter"] == ";"


def test_a_column_for_each_option_becomes_one_question() -> None:
    found = asked(draft_map(b"id,helped[wrk],helped[plc],helped[other]\n1,Y,,\n2,,Y,canary pizza\n", "a.csv"))
    assert found[r"^helped ?\["]["multi"] == "columns"
    assert found["helped[other]"]["role"] == "comment"


def test_the_layout_is_worked_out() -> None:
    titled = draft_map(b"Cards;;\n\nBox;Words;Smiley\nHub;canary words here;4\nHub;more canary;5\n", "a.csv")
    head = yaml.safe_load(titled)["file"]
    assert (head["skip_rows"], head["delimiter"]) == (2, ";")
    two = b"Respondent ID,Collector ID,Why?,\n,,Response,Other (please specify)\n1,9,a,b\n2,9,b,c\n"
    assert yaml.safe_load(draft_map(two, "a.csv"))["file"]["header_rows"] == 2


def test_a_workbook_with_several_sheets_is_unsure_which() -> None:
    draft = draft_map(a_workbook({"Notes": [["id"], [1]], "How to": [["a"], ["b"]]}), "a.xlsx")
    assert "# unsure: file.sheet: there are Notes, How to" in draft
    assert 'sheet: "Notes"' in draft


def test_a_draft_loads_once_its_blanks_are_filled(tmp_path: Path) -> None:
    draft = draft_map(a_file("Reference,Why? #1", ["R1", "R2"], ["yes: no", "- a # b"]), "Exit survey.csv")
    path = tmp_path / "draft.yaml"
    path.write_text(draft.replace('service: ""', "service: yjs"), encoding="utf-8")
    source, _, faults = read_model(SourceMap, path)
    assert source, faults
    assert (source.source, source.natural_key) == ("exit-survey", ("Reference",))
    path.write_text(draft, encoding="utf-8")
    assert read_model(SourceMap, path)[2]  # the blank is a fault until it is filled


def test_codes_are_given_once() -> None:
    long = "What would you most like to change about the place where you live "
    found = asked(draft_map(a_file(f"{long}now?,{long}next?", WORDS, WORDS), "a.csv"))
    assert len({question["code"] for question in found.values()}) == 2


def test_reading_a_file_by_its_draft_gives_all_its_rows() -> None:
    content = a_file("Reference,What should change?", [f"R{n}" for n in range(12)], WORDS)
    assert read(content).rows_read == 12


def test_json_is_drafted_from_where_its_records_lie() -> None:
    body = {"count": 2, "results": [{"_id": n, "_uuid": f"u{n}", "_submission_time": f"2026-04-0{n}T10:00:00",
                                     "say/comment": WORDS[n]} for n in (1, 2)]}  # fmt: skip
    draft = draft_map(json.dumps(body).encode(), "kobo.json")
    assert yaml.safe_load(draft)["file"] == {"path": "inbox/*.json", "records": "results"}
    roles = {column: question["role"] for column, question in asked(draft).items()}
    assert roles == {
        "_id": "record_id",
        "_uuid": "ignore",
        "_submission_time": "submitted_at",
        "say/comment": "comment",
    }
    assert "canary" not in draft
    assert "lists at a, b" in draft_map(b'{"a": [{"id": 1}], "b": [{"id": 2}]}', "x.json")


def test_commonplaces_feelings_and_relative_dates_are_known() -> None:
    body = [{"id": f"c{n}", "date": f"{n} days ago", "feeling": n * 25, "comment": WORDS[n]} for n in range(5)]
    draft = draft_map(json.dumps(body).encode(), "comments.json")
    assert "tool: commonplace" in draft
    assert asked(draft)["feeling"] == {
        "column": "feeling", "role": "rating", "scale": {"0": 0, "100": 100}, "code": "feeling",
    }  # fmt: skip
    assert asked(draft)["date"]["role"] == "submitted_on"
    assert "is that when it was exported?" in draft


def test_a_zip_is_drafted_with_the_tables_that_hang_below_its_form() -> None:
    visits = "SubmissionDate,KEY,about-improve\n" + "".join(f"2026-04-0{n}T10:00:00Z,k{n},\n" for n in (1, 2))
    people = "words,PARENT_KEY,KEY\n" + "".join(f"{WORDS[n]},k1,p{n}\n".replace(", ", " ") for n in (1, 2, 3))
    draft = draft_map(zipped(visit_csv=visits, **{"visit-people_csv": people}), "visit.zip")
    assert yaml.safe_load(draft)["file"] == {
        "path": "inbox/*.zip", "member": "visit.csv", "children": [{"member": "visit-people.csv", "name": "people"}],
    }  # fmt: skip
    assert asked(draft)[r"^people/words#\d+$"]["role"] == "comment"
    assert asked(draft)[r"^people/KEY#\d+$"]["role"] == "ignore"
    assert "canary" not in draft


def test_a_tools_word_for_no_answer_is_no_option() -> None:
    header = "Response ID,Date submitted,Last page,What helped? [Staff],What helped? [Food]"
    rows = [["1", "2"], ["2026-04-01 10:00:00"] * 2, ["", ""], ["Yes", "N/A"], ["N/A", "Yes"]]
    question = asked(draft_map(a_file(header, *rows), "lime.csv"))[r"^What helped\? ?\["]
    assert (question["role"], question["multi"]) == ("choice", "columns")


def test_options_as_codes_joined_by_spaces_are_known_for_kobo_where_they_repeat() -> None:
    ticked = ["wrk act", "act", "plc wrk", "wrk plc act", "plc", "act plc"] * 2
    columns = [[str(n) for n in range(12)], ["a"] * 12, ["2026-04-01T10:00:00"] * 12, ticked]
    kobo = asked(draft_map(a_file("_id,_uuid,_submission_time,helped", *columns), "kobo.csv"))["helped"]
    assert (kobo["role"], kobo["delimiter"], kobo["options"]) == ("choice", " ", ["wrk", "act", "plc"])
    other = asked(draft_map(a_file("Reference,Submitted at,helped", columns[0], *columns[2:]), "x.csv"))["helped"]
    assert "multi" not in other


def test_codes_joined_by_spaces_are_options_of_kobo_however_few_combinations_were_ticked() -> None:
    ticked = ["wrk plc", "act", "wrk act"] * 4
    columns = [[str(n) for n in range(12)], ["a"] * 12, ["2026-04-01T10:00:00"] * 12, ticked]
    draft = draft_map(a_file("_id,_uuid,_submission_time,helped", *columns), "kobo.csv")
    assert asked(draft)["helped"]["options"] == ["wrk", "plc", "act"]
    assert yaml.safe_load(draft)["timezone"] == "UTC"


def test_qualtrics_columns_are_judged_by_their_questions_and_options_by_bare_commas() -> None:
    header = "ResponseId,RecordedDate,Status,Finished,Q1,Q2,Q3,Q4"
    asks = "Response ID,Recorded Date,Response Type,Finished,Which service is this?,May we show your words to others?"
    ids = ",".join(f'"{{""ImportId"":""QID{n}""}}"' for n in range(8))
    columns = [
        [f"R_{n}" for n in range(12)], ["2026-04-01 10:00:00"] * 12, ["IP Address"] * 11 + ["Survey Preview"],
        ["True"] * 10 + ["False"] * 2, ["Youth clubs", "Youth justice"] * 6, ["Yes", "No"] * 6,
        ["Tea, coffee,Cake", "Cake", "Tea, coffee", "Fruit,Cake"] * 3, WORDS,
    ]  # fmt: skip
    rows = a_file(header, *columns).decode().splitlines()
    text = "\n".join([rows[0], f"{asks},What helped?,What should change?", ids, *rows[1:]])
    draft = draft_map(text.encode(), "exit.csv")
    found = asked(draft)
    assert [found[f"Q{n}"]["role"] for n in range(1, 5)] == ["service", "consent_publish", "choice", "comment"]
    assert found["Q3"]["options"] == ["Tea, coffee", "Cake", "Fruit"]
    assert found["Finished"]["values"] == {"True": "complete", "False": "partial"}
    assert found["Status"]["values"] == {"IP Address": "complete", "Survey Preview": "test"}
    assert "canary" not in draft


def test_what_limesurvey_never_sent_is_partial() -> None:
    columns = [["1", "2"], ["2026-04-01 10:00:00", ""], ["3", "1"], WORDS[:2]]
    draft = draft_map(a_file("id,submitdate,lastpage,say", *columns), "lime.csv")
    roles = [(one["column"], one["role"]) for one in yaml.safe_load(draft)["questions"]]
    assert roles[1:3] == [("submitdate", "submitted_at"), ("submitdate", "completion")]
    assert yaml.safe_load(draft)["questions"][2]["values"] == {"": "partial", "*": "complete"}


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("How would you rate the hub? [Staff]", ["1", "5", "3", "4"] * 3, "rating"),
        ("How would you rate the hub? [Place]", ["Poor", "Good"] * 6, "rating"),
        ("Which team?", ["1", "2"] * 6, "rating"),
        ("interviewtime", [f"{n}.25" for n in range(60, 72)], "ignore"),
        ("How old are you?", ["10-13", "14-17"] * 6, "characteristic"),
        ("Can we show this to others?", ["Yes", "No"] * 6, "consent_publish"),
    ],
)
def test_a_column_is_what_its_question_asks_for(header: str, cells: list[str], role: str) -> None:
    draft = draft_map(a_file(f"Reference,{header}", [f"R{n}" for n in range(len(cells))], cells), "a.csv")
    assert asked(draft)[header]["role"] == role


def test_options_that_may_be_joined_are_unsure() -> None:
    joined = ["Gym, Music", "Music, Cooking", "Gym"] * 4
    draft = draft_map(a_file("Reference,Tick", [f"R{n}" for n in range(12)], joined), "a.csv")
    assert "# unsure: are several options joined in a cell?" in draft


def test_what_a_tool_joined_is_told_by_its_last_semicolon_though_few_combinations_were_ticked() -> None:
    joined = ["Gym;Cafe;", "Cafe;", "Pool;Gym;"] * 4
    columns = [[str(n) for n in range(12)], ["2026-04-01 10:00:00"] * 12, ["2026-04-01 10:05:00"] * 12]
    header = "ID,Start time,Completion time,Tick all"
    ticked = asked(draft_map(a_file(header, *columns, joined), "forms.csv"))["Tick all"]
    assert (ticked["role"], ticked["multi"], ticked["options"]) == ("choice", "delimited", ["Gym", "Cafe", "Pool"])
    typed = asked(draft_map(a_file(header, *columns, [cell[:-1] for cell in joined]), "forms.csv"))["Tick all"]
    assert "multi" not in typed


def test_of_few_answers_that_a_tool_joined_none_is_shown_for_some_may_be_typed() -> None:
    """What Microsoft Forms joins ends in a semicolon, whatever was ticked or typed."""
    joined = ["My worker;Place;", "my uncle drives me there;", "Other stuff;"]
    draft = draft_map(
        a_file("ID,Start time,Completion time,Tick all", ["1", "2", "3"], *[DAYS] * 2, joined), "forms.csv"
    )
    assert "uncle" not in draft
    assert (asked(draft)["Tick all"]["multi"], "not shown: too few answers" in draft) == ("delimited", True)


def test_citizen_spaces_ids_say_whose_export_it_is() -> None:
    ids = [f"ANON-A1BC-D{n}EF-{n}" for n in range(3)]
    draft = draft_map(
        a_file("Response ID,Date Submitted,What would you change?", ids, ["2026-04-01"] * 3, WORDS[:3]), "a.csv"
    )
    assert yaml.safe_load(draft)["tool"] == "citizen_space"
    other = draft_map(a_file("Response ID,What would you change?", ["1", "2", "3"], WORDS[:3]), "a.csv")
    assert yaml.safe_load(other)["tool"] == "other"


def test_alchemers_months_in_words_are_read_and_dates_of_no_known_format_are_left_to_fill_in() -> None:
    header = "Response ID,Time Started,Date Submitted,Status"
    days = [f"Mar {day}, 2026 4:05:01 AM" for day in (1, 13)]
    draft = draft_map(a_file(header, ["2", "3"], days, days, ["Complete"] * 2), "a.csv")
    assert asked(draft)["Date Submitted"]["dates"] == ["%b %d, %Y %I:%M:%S %p"]
    strange = ["the 1st at 10", "the 2nd at 11"]
    draft = draft_map(a_file(header, ["2", "3"], strange, strange, ["Complete"] * 2), "a.csv")
    assert "dates: []  # fill: the formats that these are written in" in draft


def test_small_letters_of_people_are_never_taken_for_codes() -> None:
    columns = [[str(n) for n in range(12)], ["a"] * 12, ["2026-04-01T10:00:00"] * 12, WORDS]
    draft = draft_map(a_file("_id,_uuid,_submission_time,words", *columns).replace(b", ", b" "), "kobo.csv")
    assert asked(draft)["words"]["role"] == "comment"
    assert "canary" not in draft


def test_an_export_with_labels_is_warned_of() -> None:
    columns = [["1", "2"], ["a", "b"], ["2026-04-01T10:00:00"] * 2, ["My worker The place", "The place"]]
    draft = draft_map(a_file("_id,_uuid,_submission_time,What helped?", *columns), "kobo.csv")
    assert "export it again with 'XML values and headers'" in draft


@pytest.mark.parametrize(("header", "mode"), [("Timestamp,Words", "snapshot"), ("Box,Words", "append")])
def test_without_an_id_the_draft_asks_whether_exports_repeat_themselves(header: str, mode: str) -> None:
    draft = draft_map(a_file(header, ["8/21/2026 13:10:31", "8/22/2026 13:10:31"], WORDS[:2]), "a.csv")
    assert yaml.safe_load(draft)["mode"] == mode
    assert "# unsure: does every export hold all the answers so far" in draft


TYPED = ["canary zebra is always cold", "my canary scares me a lot"]


@pytest.mark.parametrize(
    ("header", "cells", "keys"),
    [
        ("What helped?", ["Staff;Place;", "Place;", "Staff;Food;"] * 4 + [f"Staff;{TYPED[0]};", f"{TYPED[1]};"],
         {"multi": "delimited", "delimiter": ";", "options": ["Staff", "Place", "Food"]}),
        ("Which of these helped", ["Staff, Place", "Place", "Staff", "Food", "Place, Food"] * 3 + TYPED,
         {"multi": "delimited", "delimiter": ", ", "options": ["Staff", "Place", "Food"]}),
        ("How did you get here?", ["Bus", "Walked"] * 5 + TYPED + ["canary"], {"options": ["Bus", "Walked"]}),
        ("How did you get here?", ["Bus, on foot", "Bus"] * 5 + TYPED, {"options": ["Bus, on foot", "Bus"]}),
        ("How did you get here?", ["Bus", "Walked"] * 5 + [*TYPED, "Other"], {"options": ["Bus", "Walked", "Other"]}),
        ("How did you get here?", ["Bus", "Walked", "Other"] * 4, {"options": ["Bus", "Walked", "Other"]}),
        ("What would you change?", ["Bus", "Walked", "Other (say)"] * 4,
         {"options": ["Bus", "Walked", "Other (say)"]}),
    ],
)  # fmt: skip
def test_own_words_beside_options_are_proposed_and_never_shown(
    header: str, cells: list[str], keys: dict[str, object]
) -> None:
    draft = draft_map(a_file(f"Reference,{header}", [f"R{n}" for n in range(len(cells))], cells), "a.csv")
    found = asked(draft)[header]
    code = found.pop("code")
    assert found == {"column": header, "role": "choice", "own_words": True, **keys}
    assert code
    assert ("# unsure: not shown: " in draft) is any("canary" in cell for cell in cells)
    assert ("beside 'Other'" in draft) is not any("canary" in cell for cell in cells)
    assert "canary" not in draft


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        (
            "What should change?",
            ["Nothing", "No"] * 5 + TYPED,
            "comment",
        ),  # an open question is one whatever is repeated
        ("Q5", ["Bus", "Walked", *TYPED, *WORDS[:4]], "comment"),
        ("Q5", ["Bus", "Walked"] * 3 + WORDS, "comment"),
        ("How did you get here?", ["Bus", "Walked", "Train"] * 2, "choice"),
        ("How many were there?", ["Tens", "Hundreds", "Tens of thousands"] * 3 + ["Hundreds of thousands"], "choice"),
        ("How did you get here?", ["Bus", "Walked"] * 5 + ["I prefer not to say"], "choice"),
        ("Gender", ["Girl", "Boy"] * 5 + TYPED, "characteristic"),
    ],
)
def test_where_most_answers_are_rare_they_are_a_comment_and_without_long_ones_they_are_options(
    header: str, cells: list[str], role: str
) -> None:
    draft = draft_map(a_file(f"Reference,{header}", [f"R{n}" for n in range(len(cells))], cells), "a.csv")
    assert (asked(draft)[header]["role"], "own_words" in draft) == (role, False)
    assert "canary" not in draft


TEN = [str(number) for number in range(1, 7)]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("May we publish what you said?", ["Yes", "No", "Yes, but not my name"]),
        ("Can we quote you?", ["Yes, that's fine", "No thanks", "No thanks"]),
        ("Are you happy for us to share what you said?", ["Yes", "No", "Yes"]),
        ("Ydych chi’n hapus i ni rannu eich geiriau?", ["Ydw", "Nac ydw", "Ydw"]),
    ],
)
def test_consent_is_known_however_it_is_asked_and_what_is_no_plain_yes_is_asked_about(
    header: str, cells: list[str]
) -> None:
    draft = draft_map(a_file(f'id,"{header}"', TEN, cells * 2), "a.csv")
    question = asked(draft)[header]
    assert question["role"] == "consent_publish"
    assert question["true_values"] == [cell for cell in dict.fromkeys(cells) if cell in ("Yes", "Ydw")]
    others = [cell for cell in cells if cell not in ("Yes", "No", "Ydw", "Nac ydw")]
    assert ("neither a yes nor a no as it stands" in draft) == bool(others)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Enw", ["Mabli", "Osian", "Tegan"]),
        ("Dyddiad geni", ["11/03/2011", "12/04/2010", "13/05/2012"]),
        ("Ffôn", ["01545 570881", "01545 570882", "01545 570883"]),
        ("Social worker", ["Perrin Quill", "Perrin Quill", "Saffy Dune"]),
        ("Ways to reach you", ["mab@example.org", "os@example.org", "te@example.org"]),
        ("Contact", ["07700 900123", "07700 900124", "+44 7700 900125"]),
        ("Where", ["EM1 2AB", "EM12 3CD", "E1 4EF"]),
    ],
)
def test_who_answered_is_left_out_in_welsh_and_by_what_the_cells_are(header: str, cells: list[str]) -> None:
    draft = draft_map(a_file(f'id,"{header}"', TEN, cells * 2), "a.csv")
    assert asked(draft)[header]["role"] == "identity"
    assert not any(cell in draft for cell in cells)


def test_an_id_that_looks_like_a_telephone_number_is_an_id() -> None:
    numbers = [f"0770090012{number}" for number in TEN]
    assert asked(draft_map(a_file("Card ID,Words", numbers, WORDS[:6]), "a.csv"))["Card ID"]["role"] == "record_id"


def test_what_people_think_of_a_worker_is_no_name() -> None:
    draft = draft_map(a_file("id,What do you think of your social worker?", TEN, WORDS[:6]), "a.csv")
    assert asked(draft)["What do you think of your social worker?"]["role"] == "comment"


@pytest.mark.parametrize("header", ["helped_other", "Q3_5_TEXT", "What helped? - Text", "Other (please specify)"])
def test_a_field_of_words_beside_options_is_never_shown_though_many_wrote_the_same(header: str) -> None:
    draft = draft_map(a_file(f'id,"{header}"', TEN, ["the dog at reception"] * 6), "a.csv")
    assert asked(draft)[header]["role"] == "comment"
    assert "dog" not in draft


def test_links_are_nobodys_words() -> None:
    links = [f"https://council.example/files/{number}.jpg" for number in TEN]
    assert asked(draft_map(a_file("id,Upload a picture", TEN, links), "a.csv"))["Upload a picture"]["role"] == "ignore"


def test_how_much_people_agree_is_a_rating() -> None:
    cells = ["Strongly agree", "Agree", "Disagree"] * 2
    assert asked(draft_map(a_file("id,I felt safe", TEN, cells), "a.csv"))["I felt safe"]["role"] == "rating"


def test_numbers_that_never_repeat_are_no_scale() -> None:
    numbers = [str(number) for number in range(1, 13)]
    draft = draft_map(a_file("Words,Card no.", WORDS, numbers), "a.csv")
    assert asked(draft)["Card no."]["role"] == "ignore"
    assert "part of natural_key" in draft


def test_smartsurveys_status_and_surveygizmos_test_mark_say_how_far_a_form_was_filled_in() -> None:
    smart = draft_map(
        a_file("UserID,UserNo,Ended,Status,Q1", TEN, TEN, DAYS * 2, ["Completed", "Partial"] * 3, WORDS[:6]), "a.csv"
    )
    assert asked(smart)["Status"]["values"] == {"Completed": "complete", "Partial": "partial"}
    gizmo = a_file("Time Started,Date Submitted,Status,is_test_data,Q1", DAYS * 2, DAYS * 2, ["Complete"] * 6,
                   ["1", "", "", "", "", ""], WORDS[:6])  # fmt: skip
    assert asked(draft_map(gizmo, "a.csv"))["is_test_data"]["values"] == {
        "": "complete", "0": "complete", "false": "complete", "no": "complete", "*": "test",
    }  # fmt: skip


def test_own_words_beside_options_and_a_column_of_such_words_have_codes_of_their_own() -> None:
    ticked = ["worker other", "food", "food worker", "other", "worker", "food other"] * 3
    ids = [str(number) for number in range(18)]
    said = ["the cat" if "other" in cell else "" for cell in ticked]
    header = "_id,_uuid,_submission_time,helped,helped_other"
    found = asked(draft_map(a_file(header, ids, ids, ["2026-03-02T16:13:07"] * 18, ticked, said), "a.csv"))
    assert (found["helped"]["code"], found["helped"].get("own_words")) == ("helped", True)
    assert found["helped_other"] == {"column": "helped_other", "role": "comment", "code": "helped_other_2"}
