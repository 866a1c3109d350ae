"""What each command answers: one JSON object where it was asked for, lines that a person reads otherwise."""

import json
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from flows.failing import FAULT_OF_OURS
from heardback.sources import connectors
from heardback.sources.connector import Asking, Drop
from tests.council import drop, exit_row
from tests.flows.commands.conftest import SAID, TUESDAY, Answer, run

WITH_JSON = (
    "check", "status", "reconcile", "verify", "nudge", "nudge --dry-run", "forget --dry-run", "forget", "match", "pull",
    "changes", "board", "report --month 2026-10", "loop list", "loop show L-0001", "quarantine list",
    "quarantine show 1", "migrate",
)  # fmt: skip
TIMED = ("status", "nudge", "nudge --dry-run", "forget --dry-run", "forget", "match", "pull", "changes")


def ask(command: str, *more: object) -> Answer:
    at = ["--at", TUESDAY] if command in TIMED else []
    return run(*command.split(), *at, *more)


@pytest.mark.parametrize("command", WITH_JSON)
def test_every_command_answers_with_one_json_object_and_quotes_no_comment(pulled: Path, command: str) -> None:
    answer = ask(command, "--json")
    assert answer.code == 0, answer.err
    assert answer.json
    assert "NaN" not in answer.out
    assert not any(said in answer.out + answer.err for said in SAID)


@pytest.mark.parametrize("command", WITH_JSON)
def test_every_command_answers_with_lines_that_hold_no_code(pulled: Path, command: str) -> None:
    answer = ask(command)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.strip()
    for untold in ("None", "False", "True", "_uid", "not_counted", "{", "  \n"):
        assert untold not in answer.out


def test_a_pull_says_where_every_row_ended_and_the_second_says_that_nothing_is_new(pulled: Path) -> None:
    drop(pulled, "exit", [exit_row(1, SAID[0]), exit_row(4, "nothing"), exit_row(5, "a bench outside")], "later.csv")
    first = run("pull", "exit", "--json", "--at", TUESDAY).json
    assert first["files"] == {"unchanged": 1, "landed": 1}
    assert (first["rows_read"], first["fates"]) == (3, {"duplicate": 1, "not_counted": 1, "loop": 1})
    assert first["failed"] is False
    second = run("pull", "exit", "--at", TUESDAY)
    assert second.out.splitlines() == [
        "exit: export.csv: nothing new, it has landed before",
        "exit: later.csv: nothing new, it has landed before",
        "nothing new landed",
    ]


def test_a_pull_in_lines_adds_up_in_its_last_one(pulled: Path) -> None:
    drop(pulled, "exit", [exit_row(6, "shorter forms"), exit_row(7, "a bench outside")], "later.csv")
    assert run("pull", "--at", TUESDAY).out.splitlines()[-1] == "1 file landed, 2 rows = 2 in loops"


def test_a_source_that_fails_stops_no_other_and_the_command_ends_with_1(pulled: Path) -> None:
    (pulled / "inbox" / "box" / "later.csv").write_text("day,words\n2026-09-02,canary words\n")
    drop(pulled, "exit", [exit_row(8, "a bench outside")], "later.csv")
    answer = run("pull", "--json", "--at", TUESDAY)
    assert answer.code == 1
    assert answer.json["files"] == {"unchanged": 2, "landed": 1, "failed": 1}
    assert answer.json["failed"] is True
    assert answer.err.startswith("heardback: box: later.csv")
    assert "canary" not in answer.out + answer.err


def test_status_counts_what_waits_as_people_do(pulled: Path) -> None:
    before = run("status", "--at", TUESDAY).out
    drop(pulled, "exit", [exit_row(8, "a bench outside", date=""), exit_row(9, "a bench inside")], "later.csv")
    run("pull", "--at", TUESDAY)
    assert ", 1 row in quarantine\n" in before
    assert ", 2 rows in quarantine\n" in run("status", "--at", TUESDAY).out


def test_a_fault_of_ours_in_one_source_stops_no_other_and_is_told_at_the_end(
    pulled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drops_of(asking: Asking) -> Sequence[Drop]:
        if asking.feed.code == "box":  # the first of them
            raise ValueError("canary words")
        return connectors.drops_of(asking)

    monkeypatch.setattr("tasks.pull.drops_of", drops_of)
    drop(pulled, "exit", [exit_row(8, "a bench outside")], "later.csv")
    answer = run("pull", "--json", "--at", TUESDAY)
    assert answer.code == FAULT_OF_OURS
    assert answer.json["files"] == {"failed": 1, "unchanged": 1, "landed": 1}
    assert "heardback: box: ValueError in drops_of" in answer.err
    assert "a fault in Heardback itself (ValueError)" in answer.err
    assert "canary" not in answer.out + answer.err


def test_matching_again_has_nothing_to_do(pulled: Path) -> None:
    assert run("match", "--at", "2026-11-10T11:00").out == "0 new comments and 0 new changes: nothing to match\n"


def test_reconcile_names_the_pull_whose_row_is_gone(pulled: Path) -> None:
    import sqlite3

    assert run("reconcile").out == "3 pulls, 5 rows: every one accounted for\n"
    with sqlite3.connect(pulled / "var" / "heardback.db") as database:
        database.execute("DELETE FROM quarantined_row")
    database.close()
    answer = run("reconcile")
    assert answer.code == 1
    assert "pull exit-" in answer.out
    assert run("reconcile", "--json").json["problems"]


def test_status_counts_what_is_there(pulled: Path) -> None:
    found = run("status", "--json", "--at", TUESDAY).json
    assert found["loops"] == {"heard": 2, "withheld": 1}
    assert (found["withheld_to_read"], found["quarantined"]) == (1, 1)
    lines = run("status", "--at", TUESDAY).out.splitlines()
    assert lines[:2] == ["Borough of Northmere", "loops: 2 heard, 1 withheld"]
    assert [line.split()[0] for line in lines[lines.index("") + 2 :]] == ["box", "exit", "log"]


def test_status_says_why_a_feed_failed_until_it_does_not(pulled: Path) -> None:
    inbox, away = pulled / "inbox" / "exit", pulled / "inbox" / "away"
    inbox.rename(away)
    run("pull", "exit", "--at", TUESDAY)
    last = run("status", "--at", TUESDAY).out.splitlines()[-1]
    assert last.startswith("exit: ")
    assert "the folder does not exist / " in last
    away.rename(inbox)
    run("pull", "exit", "--at", TUESDAY)
    assert "does not exist" not in run("status", "--at", TUESDAY).out


def test_a_loop_is_decided_told_and_shown(pulled: Path) -> None:
    decided = run("loop", "decide", "L-0001", "--outcome", "done", "--wording", "There are more tables.",
                  "--by", "Ben Achebe", "--at", TUESDAY, "--json")  # fmt: skip
    assert (decided.json["state"], decided.json["owner"]) == ("decided", "ben")
    told = run("loop", "tell", "L-0001", "--how", "board", "--where", "Club", "--by", "Ben", "--at", TUESDAY)
    assert told.out == "L-0001: told (version 4)\n"
    shown = run("loop", "show", "L-0001")
    assert shown.out.startswith("loop        L-0001\nservice     youth\n")
    assert SAID[2] not in shown.out
    assert f"“{SAID[2]}”" in run("loop", "show", "L-0001", "--words", "--by", "ben").out
    assert [entry["move"] for entry in run("loop", "show", "L-0001", "--json").json["history"]] == [
        "open", "own", "decide", "tell",
    ]  # fmt: skip


def test_words_that_are_withheld_are_not_shown_even_where_they_were_asked_for(pulled: Path) -> None:
    (held,) = run("loop", "list", "--state", "withheld", "--json").json["loops"]
    run("loop", "show", held["loop_uid"], "--words", "--by", "ben").is_one_clear_message("Ben Achebe may not", code=1)
    answer = run("loop", "show", held["loop_uid"], "--words", "--by", "priya")
    assert "its words are not shown here" in answer.out
    assert SAID[1] not in answer.out


def test_a_row_in_quarantine_is_repaired_and_lands(pulled: Path) -> None:
    listed = run("quarantine", "list")
    assert "exit" in listed.out
    assert "cold again" not in listed.out
    still = run("quarantine", "release", "1", "--at", TUESDAY)
    assert (still.code, still.out.splitlines()[0]) == (1, "1: stays in quarantine")
    landed = run("quarantine", "release", "1", "--set", "date=2026-09-03", "--at", TUESDAY)
    assert (landed.code, landed.out) == (0, "1: landed, in a loop\n")
    assert run("quarantine", "list").out == "none\n"


def test_a_nudge_rehearsed_sends_nothing_and_says_who_would_be_told(pulled: Path) -> None:
    lines = run("nudge", "--dry-run", "--at", TUESDAY).out.splitlines()
    assert lines[0] == "2026-W46: 2 digests would be sent"
    assert not (pulled / "var" / "outbox").exists()
    sent = run("nudge", "--at", TUESDAY, "--json").json
    assert sorted(sent["recipients"]) == ["amira", "ben"]
    assert sorted(sent["sent"])[:2] == ["amira", "ben"]
    again = run("nudge", "--at", TUESDAY, "--json").json
    assert (again["sent"], sorted(set(again["already_sent"]))[:2]) == ([], ["amira", "ben"])


def test_reports_and_boards_go_home_where_no_folder_is_named(pulled: Path) -> None:
    pack = run("report", "--month", "2026-10", "--as-of", "2026-11-10", "--json").json
    board = run("board", "--as-of", "2026-11-10", "--json").json
    for path in [*pack["paths"], *board["paths"]]:
        assert Path(path).is_relative_to(pulled / "var")
        assert Path(path).is_file()


def test_check_tells_every_fault_and_ends_with_1(pulled: Path) -> None:
    (pulled / "config" / "policy.yaml").write_text("gate:\n  max_bad_share: 7\nnudge:\n  day: sunday\n")
    answer = run("check")
    assert answer.code == 1
    assert [line.split(": ")[0].rpartition("/")[2] for line in answer.out.splitlines()[1:]] == [
        "policy.yaml:2", "policy.yaml:4",
    ]  # fmt: skip
    assert len(run("check", "--json").json["faults"]) == 2


def test_check_finds_an_expectation_that_nobody_has_with_its_line(pulled: Path) -> None:
    path = pulled / "config" / "sources" / "box.yaml"
    rule = "expectations:\n- expect: expect_column_values_to_be_betwen\n  column: said\n  reason: r\n"
    path.write_text(path.read_text() + rule)
    line = path.read_text()[: path.read_text().index("- expect:")].count("\n") + 1
    (fault,) = run("check", "--json").json["faults"]
    assert fault.startswith(f"{path}:{line}: Great Expectations has no 'expect_column_values_to_be_betwen'")


def test_check_warns_of_a_token_that_is_none_and_never_shows_it(pulled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARDBACK_SLACK_TOKEN", "canary-token")
    answer = run("check")
    assert answer.code == 0
    assert "HEARDBACK_SLACK_TOKEN does not begin with xoxb-" in answer.out
    assert "Hana Weiss has no Slack id" in answer.out
    assert "canary" not in answer.out


@pytest.mark.parametrize(("more", "told"), [({}, 1), ({"options": ["Staff"]}, 0), ({"multi": "columns"}, 0)])
def test_check_warns_of_a_choice_that_would_keep_whatever_is_typed(
    pulled: Path, more: dict[str, object], told: int
) -> None:
    path = pulled / "config" / "sources" / "box.yaml"
    box = yaml.safe_load(path.read_text(encoding="utf-8"))
    box["questions"].append({"column": "used", "role": "choice", "code": "used", **more})
    path.write_text(yaml.safe_dump(box), encoding="utf-8")
    answer = run("check")
    assert (answer.code, answer.out.count("box: 'used' lists no options")) == (0, told)


def test_check_warns_of_a_characteristic_that_would_keep_nothing(pulled: Path) -> None:
    path = pulled / "config" / "sources" / "box.yaml"
    box = yaml.safe_load(path.read_text(encoding="utf-8"))
    box["questions"].append({"column": "age", "role": "characteristic"})
    path.write_text(yaml.safe_dump(box), encoding="utf-8")
    answer = run("check")
    assert (answer.code, answer.out.count("box: 'age' lists no bands")) == (0, 1)


@pytest.mark.parametrize(("more", "told"), [
    ({}, "'file.path'"), ({"file": {"path": "../inbox/box/*.csv", "sheet": "Northgate"}}, ""),
    ({"file": {"path": "../inbox/box-2/*.csv"}}, ""),
], ids=["a copy", "another sheet", "another folder"])  # fmt: skip
def test_check_warns_of_a_map_that_was_copied_and_reads_the_same_files(
    pulled: Path, more: dict[str, object], told: str
) -> None:
    folder = pulled / "config" / "sources"
    box = yaml.safe_load((folder / "box.yaml").read_text(encoding="utf-8"))
    (folder / "copied.yaml").write_text(yaml.safe_dump(box | {"source": "copied"} | more), encoding="utf-8")
    answer = run("check")
    assert (answer.code, answer.out.count(f"copied: {told} is that of box")) == (0, bool(told))


@pytest.mark.parametrize(("sign", "told"), [(">", 1), (">=", 0)])
def test_check_warns_of_a_query_that_leaves_out_the_rows_at_its_cursor(pulled: Path, sign: str, told: int) -> None:
    path = pulled / "config" / "sources" / "box.yaml"
    box = yaml.safe_load(path.read_text(encoding="utf-8"))
    box["connect"] = {
        "to": "sql",
        "url": "HEARDBACK_SECRET_BOX_URL",
        "query": f"SELECT * FROM box WHERE changed {sign} :cursor",
        "key": "card",
        "cursor_column": "changed",
        "cursor_from": "2020-01-01",
    }
    del box["file"]
    box |= {"mode": "append", "natural_key": ["card"]}
    path.write_text(yaml.safe_dump(box), encoding="utf-8")
    answer = run("check")
    assert (answer.code, answer.out.count("box: of rows that share an instant")) == (0, told), answer


def test_check_that_asks_ends_with_1_where_a_door_stays_closed(pulled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    path = pulled / "config" / "sources" / "box.yaml"
    tool = {"to": "kobotoolbox", "address": f"http://127.0.0.1:{port}", "asset": "a1", "token": "HEARDBACK_SECRET_KOBO"}
    box = {**yaml.safe_load(path.read_text(encoding="utf-8")), "connect": tool}
    del box["file"]
    path.write_text(yaml.safe_dump(box), encoding="utf-8")
    policy = pulled / "config" / "policy.yaml"
    policy.write_text("network: {private_hosts: ['127.0.0.1']}\n", encoding="utf-8")
    monkeypatch.setenv("HEARDBACK_SECRET_KOBO", "canary-token")
    assert run("check").code == 0
    answer = run("check", "--ask")
    assert (answer.code, answer.out.count("closed: box: ")) == (1, 1)
    assert "(127.0.0.1); pull again later" in answer.out and "canary" not in answer.out
    assert len(run("check", "--ask", "--json").json["closed"]) == 1


def test_init_then_check_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARDBACK_CONFIG", str(tmp_path / "new"))
    monkeypatch.setenv("HEARDBACK_HOME", str(tmp_path / "var"))
    written = run("init", tmp_path / "new", "--json").json["written"]
    assert len(written) == 7
    answer = run("check")
    assert (answer.code, "no fault found" in answer.out) == (0, True)
    assert not (tmp_path / "var").exists()


def test_the_matcher_is_measured_on_labelled_files(tmp_path: Path, pulled: Path) -> None:
    comments = [{"id": f"c{n}", "service": "yjs", "date": "2026-09-01", "text": f"word{n} waiting room", "gold": ["w1"]}
                for n in range(3)]  # fmt: skip
    changes = [{"id": "w1", "service": "yjs", "date": "2026-10-01", "text": "a warm waiting room"}]
    paths = {"comments": tmp_path / "comments.jsonl", "changes": tmp_path / "changes.jsonl"}
    for name, rows in (("comments", comments), ("changes", changes)):
        paths[name].write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    given = ["match", "evaluate", "--comments", paths["comments"], "--changes", paths["changes"]]
    figures = run(*given, "--json").json
    assert (figures["comments"], figures["changes"], figures["recall_at_1"]) == (3, 1, 1.0)
    lines = run(*given, "--predictions", tmp_path / "predictions.jsonl").out.splitlines()
    assert lines[0] == "3 comments, 1 change"
    assert len((tmp_path / "predictions.jsonl").read_text().splitlines()) == 3
