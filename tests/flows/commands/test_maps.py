"""A map rehearsed: the same endings as a real pull, the first row of each, and no word unless it was asked for."""

from pathlib import Path

import pytest

from tests.council import EXIT, drop, exit_row, write_council
from tests.flows.commands.conftest import TUESDAY, run

REAL = Path(__file__).parents[4] / "shared" / "data" / "real"
LABELLED = Path(__file__).parents[4] / "shared" / "data" / "matching"
MAPS = Path(__file__).parents[2] / "acceptance" / "maps"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real exports are not here; they lie in ../shared")

ROWS = [
    exit_row(11, "canary the chairs are broken"),
    exit_row(12, "canary he hits me"),
    exit_row(13, "canary I make a formal complaint"),
    exit_row(14, "nothing"),
    exit_row(15),
    exit_row(16, "canary test", status="test"),
    exit_row(17, "canary no date", date=""),
    exit_row(18, "canary from the future", date="2031-01-01"),
    exit_row(19, "canary twice"),
    exit_row(19, "canary twice"),
    exit_row(20, "canary nice and warm", like="canary the cocoa"),
]
ENDINGS = {"loop": 3, "withheld": 1, "diverted": 1, "not_counted": 3, "duplicate": 1, "quarantine": 2}


@pytest.fixture
def export(pulled: Path) -> Path:
    return drop(pulled, "elsewhere", ROWS)


def test_every_row_ends_where_a_pull_would_put_it(pulled: Path, export: Path) -> None:
    found = run("map", "check", "exit", export, "--json").json
    assert found["rows"] == ENDINGS
    assert (found["rows_read"], sum(found["rows"].values())) == (11, 11)
    assert found["first_rows"] == {"loop": 2, "withheld": 3, "diverted": 4, "not_counted": 5, "quarantine": 8}
    assert found["not_counted"] == {
        "no answer given": {"rows": 1, "first_row": 5},
        "empty": {"rows": 1, "first_row": 6},
        "test": {"rows": 1, "first_row": 7},
    }
    drop(pulled, "exit", ROWS, "later.csv")
    assert run("pull", "exit", "--json", "--at", TUESDAY).json["fates"] == ENDINGS


def test_what_the_gate_would_quarantine_is_told_with_its_reason_and_first_row(pulled: Path, export: Path) -> None:
    reasons = run("map", "check", "exit", export, "--json").json["reasons"]
    assert {counts["first_row"]: counts["rows"] for counts in reasons.values()} == {8: 1, 9: 1}
    assert reasons["the date lies in the future"] == {"rows": 1, "first_row": 9}


def test_nothing_is_stored_and_no_word_is_shown(pulled: Path, export: Path) -> None:
    before = run("status", "--json", "--at", TUESDAY).json
    files = sorted(pulled.rglob("*"))
    for form in ([], ["--json"]):
        answer = run("map", "check", "exit", export, *form)
        assert (answer.code, answer.err) == (0, "")
        assert "canary" not in answer.out
    assert run("status", "--json", "--at", TUESDAY).json == before
    assert sorted(pulled.rglob("*")) == files


def test_the_first_three_comments_of_a_question_are_shown_on_request_and_never_a_withheld_one(
    pulled: Path, export: Path
) -> None:
    texts = run("map", "check", "exit", export, "--show-text", "--json").json["texts"]
    assert texts == {
        "improve": ["canary the chairs are broken", "canary I make a formal complaint", "nothing"],
        "like": ["canary the cocoa"],
    }
    assert "“canary the cocoa”" in run("map", "check", "exit", export, "--show-text").out


def test_words_cannot_steer_the_terminal(pulled: Path) -> None:
    export = drop(pulled, "elsewhere", [exit_row(1, "red \x1b[31malert\x1b[0m\r\nsecond line")])
    out = run("map", "check", "exit", export, "--show-text").out
    assert "\x1b" not in out
    assert "“red [31malert[0m / second line”" in out


def test_a_file_that_would_be_rejected_ends_with_1_and_says_why_in_either_form(pulled: Path) -> None:
    export = pulled / "wrong.csv"
    export.write_text("number,words\n1,canary\n")
    answer = run("map", "check", "exit", export, "--json")
    assert answer.code == 1
    assert answer.json["rejected"].startswith("wrong.csv")
    assert answer.err.startswith("heardback: exit: wrong.csv")
    assert "canary" not in answer.out + answer.err
    run("map", "check", "exit", export).is_one_clear_message("wrong.csv", code=1)


def test_too_many_bad_rows_are_a_rejection_as_they_are_in_a_pull(pulled: Path) -> None:
    export = drop(pulled, "elsewhere", [exit_row(number, "x", date="") for number in range(30)])
    answer = run("map", "check", "exit", export)
    assert (answer.code, "30 of 30" in answer.err) == (1, True), answer.err


def test_a_file_that_a_pull_would_not_open_for_its_size_is_rejected_at_once(pulled: Path, export: Path) -> None:
    policy = pulled / "config" / "policy.yaml"
    policy.write_text("gate: {max_file_megabytes: 1}\n", encoding="utf-8")
    export.write_bytes(b"whatever it holds\n" * 60_000)  # which nobody looks at
    found = run("map", "check", "exit", export)
    assert found.code == 1
    assert "the file is 1 MB and the limit is 1 MB" in found.err


def test_a_map_that_lies_elsewhere_is_rehearsed_by_its_path(pulled: Path, export: Path, tmp_path: Path) -> None:
    source = (pulled / "config" / "sources" / "exit.yaml").read_text()
    for name in ("draft.yaml", "draft.yml", "draft"):
        (tmp_path / name).write_text(source)
        assert run("map", "check", tmp_path / name, export, "--json").json["rows"] == ENDINGS


def test_a_map_by_its_path_must_agree_with_the_council(pulled: Path, export: Path, tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text(
        (pulled / "config" / "sources" / "box.yaml").read_text().replace("service: youth", "service: libary")
    )
    run("map", "check", path, export).is_one_clear_message("draft.yaml:", "'libary' is not a service")
    run("map", "check", tmp_path / "nowhere.yaml", export).is_one_clear_message("nowhere.yaml:1: the file is missing")


def test_a_draft_is_a_map_whose_blanks_are_named(pulled: Path, export: Path) -> None:
    text = run("map", "draft", export, "--json").json["map"]
    assert text.startswith("# A draft")
    assert all(f'column: "{question["column"]}"' in text for question in EXIT["questions"])
    assert "canary" not in text
    assert run("map", "draft", export).out == text.rstrip() + "\n"


@needs_real
@pytest.mark.parametrize(
    ("source", "export", "read"),
    [("nhs-fft", "nhs_fft_children_slice.csv", 200), ("lime-exit", "lime_code_short.csv", 4),
     ("odk-visit", "odk_central_default.csv", 4), ("govuk-batch", "govukforms_batch.csv", 2)],
)  # fmt: skip
def test_a_real_export_is_rehearsed_under_the_map_that_a_person_corrected(
    pulled: Path, tmp_path: Path, source: str, export: str, read: int
) -> None:
    services = (pulled / "config" / "services.yaml").read_text()
    more = "".join(
        f"- {{code: {code}, name: The {code} one, owner: ben, deputy: ben, head: hana}}\n"
        for code in ("cyp", "specialist", "platform", "home", "notebook", "csu")
    )
    (pulled / "config" / "services.yaml").write_text(
        services.replace("safeguarding_lead:", f"{more}safeguarding_lead:")
    )
    found = run("map", "check", MAPS / f"{source}.yaml", REAL / export, "--json").json
    assert found["rows_read"] == read == sum(found["rows"].values())
    assert found["rows"]["quarantine"] == 0


@needs_real
@pytest.mark.parametrize("export", sorted(REAL.glob("*.[cx]*s*")), ids=lambda path: path.name)
def test_a_real_export_is_drafted(export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARDBACK_CONFIG", str(tmp_path / "nowhere"))
    answer = run("map", "draft", export)
    assert (answer.code, answer.err) == (0, "")
    assert "questions:" in answer.out


@pytest.mark.skipif(not LABELLED.is_dir(), reason="the labelled sets are not here; they lie in ../shared")
@pytest.mark.parametrize(
    ("name", "comments", "labelled", "how"),
    [("petdup_short", 1469, 481, ["--no-model"]), ("yjs_synthetic", 120, 90, [])],
)
def test_the_matcher_is_measured_on_the_labelled_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, comments: int, labelled: int, how: list[str]
) -> None:
    monkeypatch.setenv("HEARDBACK_CONFIG", str(tmp_path / "nowhere"))
    folder = LABELLED / name
    given = ["--comments", folder / "comments.jsonl", "--changes", folder / "changes.jsonl"]
    figures = run("match", "evaluate", *given, *how, "--json").json
    assert (figures["comments"], figures["with_gold"]) == (comments, labelled)
    assert 0.3 < figures["recall_at_1"] <= figures["recall_at_3"] <= 1


def hear(folder: Path, own_words: bool) -> None:
    """The exit map with options for what helped, and their own words heard or not."""
    listed = {"options": ["Staff", "Place"], "own_words": own_words}
    questions = [asked | (listed if asked["column"] == "helped" else {}) for asked in EXIT["questions"]]
    write_council(folder, sources={"exit": {"mode": "append", "questions": questions}})


def test_own_words_beside_options_are_counted_and_those_that_nobody_hears_are_told(pulled: Path) -> None:
    export = drop(pulled, "elsewhere", [exit_row(21, helped="Staff;canary he hits me"), exit_row(22, "More seats")])
    hear(pulled, own_words=False)
    deaf = run("map", "check", "exit", export)
    assert "own words" not in deaf.out
    assert "run heardback pull exit --again (1 row): 'helped', first in row 2" in deaf.out
    hear(pulled, own_words=True)
    assert "1 of the comments, written beside a choice's options" in run("map", "check", "exit", export).out
    found = run("map", "check", "exit", export, "--json").json
    assert (found["facts"]["own_words"], found["facts"]["comments"], found["rows"]["withheld"]) == (1, 2, 1)
    assert not [note for note in found["facts"]["told"] if "trained reader" in note]
    assert "canary" not in deaf.out + str(found)


def test_what_has_landed_is_read_again_by_the_command_line(pulled: Path) -> None:
    hear(pulled, own_words=False)
    drop(pulled, "exit", [exit_row(21, helped="Staff;canary he hits me"), exit_row(22, "More seats")], "later.csv")
    assert "run heardback pull exit --again" in run("pull", "exit", "--at", TUESDAY).out
    hear(pulled, own_words=True)
    assert "nothing new landed" in run("pull", "exit", "--at", TUESDAY).out
    again = run("pull", "exit", "--again", "--at", TUESDAY)
    assert "exit: later.csv: 1 row = 1 withheld" in again.out
    assert "nothing new landed" in run("pull", "exit", "--again", "--at", TUESDAY).out
    for path in (pulled / "var" / "raw").glob("*/*"):
        path.unlink()
    gone = run("pull", "exit", "--again", "--at", TUESDAY)
    assert (gone.code, gone.out.count("its bytes are kept no longer, so it was not read again")) == (0, 2)
    assert "canary" not in again.out + again.err
