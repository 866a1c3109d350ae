"""Bad input for every command: one clear message, exit 1 or 2, no traceback, nothing half-written."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from heardback.store import session
from tests.council import box_row, change_row, drop, exit_row
from tests.flows.commands.conftest import SAID, TUESDAY, run
from tests.sources.samples import a_workbook

READS = (
    "status", "reconcile", "verify", "nudge --dry-run", "forget --dry-run", "loop list", "loop show L-0001",
    "quarantine list", "quarantine show 1", "board", "report --month 2026-10",
)  # fmt: skip
WRITES = (
    "pull", "changes", f"nudge --at {TUESDAY}", f"forget --at {TUESDAY}", "match", "quarantine release 1",
    "quarantine release 1 --discard twice", "loop decide L-0001 --outcome done --wording Done --by Ben",
    "loop tell L-0001 --how board --where Club --by Ben", "loop match L-0001 log:1 --by Ben",
    "loop reject L-0001 log:1 --by Ben", "loop merge L-0001 L-0002 --by Ben", "loop split L-0001 x --by Ben",
    "loop move L-0001 own owner=ben --by Ben", "loop journal {journal}",
)  # fmt: skip
OF_A_COUNCIL = (*READS, *WRITES)
OLDER = "is of an older version"


@pytest.fixture
def journal(pulled: Path) -> Path:
    path = pulled / "journal.jsonl"
    path.write_text(
        '{"comments": [{"source": "box", "file": "export.csv", "row": 2, "question": "said"}], "title": "t", '
        '"outcome": "done", "wording": "w", "decided_on": "2026-10-01"}\n',
        encoding="utf-8",
    )
    return path


def words_of(command: str, journal: Path) -> list[str]:
    return [word.replace("{journal}", str(journal)) for word in command.split()]


def break_database(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "var" / "heardback.db")) as database:
        database.execute(statement)
        database.commit()


@pytest.mark.parametrize("command", OF_A_COUNCIL)
def test_a_configuration_folder_that_does_not_exist(
    pulled: Path, journal: Path, unchanged: Callable[[], None], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("HEARDBACK_CONFIG", str(pulled / "nowhere"))
    run(*words_of(command, journal)).is_one_clear_message(f"{pulled / 'nowhere'}", "HEARDBACK_CONFIG")
    unchanged()


@pytest.mark.parametrize("command", OF_A_COUNCIL)
def test_a_configuration_that_is_not_yaml(
    pulled: Path, journal: Path, unchanged: Callable[[], None], command: str
) -> None:
    path = pulled / "config" / "services.yaml"
    sound = path.read_bytes()
    path.write_text("council: x\n\tpeople: y\n")
    run(*words_of(command, journal)).is_one_clear_message(f"{path}:2: not valid YAML", "1 fault")
    path.write_bytes(sound)
    unchanged()


@pytest.mark.parametrize("command", OF_A_COUNCIL)
def test_a_database_of_an_older_migration(
    pulled: Path, journal: Path, command: str, request: pytest.FixtureRequest
) -> None:
    break_database(pulled, "UPDATE alembic_version SET version_num = '0000'")
    unchanged = request.getfixturevalue("unchanged")
    run(*words_of(command, journal)).is_one_clear_message(OLDER, "back it up, then run `heardback migrate`")
    unchanged()


def test_a_database_that_no_migration_knows_is_not_touched_by_migrate_either(
    pulled: Path, request: pytest.FixtureRequest
) -> None:
    break_database(pulled, "UPDATE alembic_version SET version_num = 'beef'")
    unchanged = request.getfixturevalue("unchanged")
    run("migrate").is_one_clear_message("cannot be brought to version")
    run("status").is_one_clear_message("does not know", "update Heardback")
    unchanged()


@pytest.fixture
def locked(pulled: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], sqlite3.Connection]:
    """Lock the council's database as another process would; nobody waits for long."""
    monkeypatch.setattr(session, "LOCK_WAIT_SECONDS", 0.05)

    def lock() -> sqlite3.Connection:
        writer = sqlite3.connect(pulled / "var" / "heardback.db", isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        return writer

    return lock


@pytest.mark.parametrize("command", [*WRITES, "migrate", "report --month 2026-10"])
def test_a_database_that_another_process_writes_to(
    pulled: Path, journal: Path, locked: Callable[[], sqlite3.Connection], unchanged: Callable[[], None], command: str
) -> None:
    with closing(locked()):
        answer = run(*words_of(command, journal))
    if answer.code == 0:  # there was nothing to write
        assert words_of(command, journal)[0] in ("pull", "changes", "forget", "migrate")
    else:
        answer.is_one_clear_message("the database is locked by another process", "run this again")
    unchanged()


def test_new_files_wait_while_another_process_writes_and_land_afterwards(
    pulled: Path, locked: Callable[[], sqlite3.Connection]
) -> None:
    drop(pulled, "box", [box_row("a bench outside")], "later.csv")
    with closing(locked()):
        run("pull", "box").is_one_clear_message("locked")
    assert run("pull", "box", "--json", "--at", TUESDAY).json["fates"] == {"loop": 1}


@pytest.mark.parametrize("command", [command for command in READS if not command.startswith("report")])
def test_reading_goes_on_while_another_process_writes(
    pulled: Path, locked: Callable[[], sqlite3.Connection], command: str
) -> None:
    with closing(locked()):
        assert run(*command.split()).code == 0


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "HEARDBACK_DATABASE_URL: the database's address cannot be used"),
        ("oracle://db", "HEARDBACK_DATABASE_URL: the database's address cannot be used"),
        ("postgresql://user:canary@127.0.0.1:1/none", "the database cannot be opened"),
        ("sqlite:///{file}/heardback.db", "{file}"),
        ("sqlite:///{file}", "the file is not a database"),
    ],
)
@pytest.mark.parametrize("command", ["status", "pull", "migrate"])
def test_a_database_address_that_leads_nowhere(
    pulled: Path, unchanged: Callable[[], None], monkeypatch: pytest.MonkeyPatch, url: str, told: str, command: str
) -> None:
    file = pulled / "config" / "services.yaml"
    monkeypatch.setenv("HEARDBACK_DATABASE_URL", url.replace("{file}", str(file)))
    answer = run(command)
    answer.is_one_clear_message(told.replace("{file}", str(file)))
    assert "canary" not in answer.err
    unchanged()


@pytest.mark.parametrize("command", ["report --month 2026-10 --out", "board --out", "init", "demo --out"])
def test_a_folder_that_cannot_be_written(pulled: Path, unchanged: Callable[[], None], command: str) -> None:
    a_file = pulled / "inbox" / "box" / "export.csv"
    for folder in (a_file, a_file / "below"):
        run(*command.split(), folder).is_one_clear_message(str(a_file))
    unchanged()


def test_a_home_that_cannot_be_written(pulled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = pulled / "inbox" / "box" / "export.csv" / "home"
    monkeypatch.setenv("HEARDBACK_HOME", str(home))
    for command in ("status", "pull", "nudge"):
        run(command).is_one_clear_message("export.csv", "correct the path or its rights")


def test_a_demo_refuses_a_folder_that_holds_something_else(pulled: Path, unchanged: Callable[[], None]) -> None:
    run("demo", "--out", pulled / "inbox").is_one_clear_message("holds something else than a demo")
    unchanged()


def test_init_refuses_a_folder_that_holds_anything(pulled: Path, unchanged: Callable[[], None]) -> None:
    run("init", pulled / "config").is_one_clear_message("not empty; nothing was written", "name a new folder")
    unchanged()


@pytest.mark.parametrize(
    "command",
    [
        "report --month 2026-13", "report --month October", "report --month 0001-01",
        "report --month 2026-10 --as-of yesterday", "report --month 2026-10 --as-of 9999-12-31",
        "board --as-of 31/12/2026", "nudge --at noon", "nudge --at 0001-01-01", "pull --at 2026-11-10T25:00",
        "status --at ''", "match --at 2026-02-30", "loop list --limit 0", "loop list --limit many",
        "loop show L-0001 --nonsense", "quarantine show first", "loop decide L-0001", "nonsense", "match nonsense",
        "loop move L-0001 snooze until=soon --by Ben", "loop move L-0001 snooze until --by Ben",
        "loop move L-0001 own name=x --by Ben", "loop move L-0001 own reason=x --by Ben",
        "quarantine release 1 --set date",
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_read(pulled: Path, unchanged: Callable[[], None], command: str) -> None:
    run(*[word.strip("'") for word in command.split(" ")]).is_one_clear_message("Error: ")
    unchanged()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("pull exit nowhere", "there is no source 'nowhere'"),
        ("map check nowhere {file}", "there is no source 'nowhere'"),
        ("loop list --state lost", "there is no state 'lost'"),
        ("loop list --service police", "there is no service 'police'"),
        ("loop show L-9999", "there is no loop L-9999"),
        ("safeguarding read L-9999 --by ruth", "there is no loop L-9999"),
        ("loop tell L-9999 --how board --where x --by ben", "there is no loop L-9999"),
        ("loop merge L-0001 L-9999 --by ben", "there is no loop L-9999"),
        ("loop split L-9999 x --by ben", "there is no loop L-9999"),
        ("loop match L-0001 log:99 --by ben", "there is no change"),
        ("loop decide L-0001 --outcome done --wording w --change log:99 --by ben", "there is no change"),
        ("loop reject L-0001 log:99 --by ben", "was not suggested"),
        ("loop move L-0001 own owner=nobody --by ben", "there is no person 'nobody'"),
        ("loop move L-0001 own owner=ben --by ben --role king", "there is no role 'king'"),
        ("loop move L-0001 withdraw --reason r --by ben --role system", "there is no role 'system'"),
        ("loop merge L-0001 L-0002 --by ben --role system", "there is no role 'system'"),
        ("quarantine list --state lost", "there is no state 'lost'"),
        ("quarantine list --source nowhere", "there is no source 'nowhere'"),
        ("quarantine show 99", "there is no quarantined row"),
        ("quarantine release 99", "there is no quarantined row"),
        ("quarantine release 1 --set nowhere=x", "the row has no column 'nowhere'"),
    ],
)
def test_what_is_named_and_is_not_there(pulled: Path, unchanged: Callable[[], None], command: str, told: str) -> None:
    file = pulled / "inbox" / "box" / "export.csv"
    run(*command.replace("{file}", str(file)).split()).is_one_clear_message(told, "→")
    unchanged()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("loop decide L-0001 --outcome maybe --wording w --by ben", "there is no outcome 'maybe'"),
        ("loop tell L-0001 --how board --where x --by ben", "not allowed from 'heard'"),
        ("loop move L-0001 fly --by ben", "there is no move 'fly'"),
        ("loop move L-0001 own --by ben", "'own' needs: owner"),
        ("loop move L-0001 own owner=ben --by ben --version 9", "has moved since"),
        ("loop move L-0001 own owner=ben --by ben --on 2031-01-01", "lies in the future"),
        ("loop move L-0001 merge into=L-0002 --by ben", "heardback loop merge"),
        ("loop split L-0001 comment-9 --by ben", "cannot be split off"),
    ],
)
def test_a_move_that_the_table_refuses(pulled: Path, unchanged: Callable[[], None], command: str, told: str) -> None:
    run(*command.split()).is_one_clear_message(told, code=1)
    unchanged()


@pytest.mark.parametrize("name", ["nowhere.csv", "", "cut.xlsx", "empty.csv", "page.csv", "zip.xlsx"])
@pytest.mark.parametrize("command", ["map draft", "map check box"])
def test_a_file_that_is_missing_or_no_export(pulled: Path, tmp_path: Path, command: str, name: str) -> None:
    workbook = a_workbook({"Answers": [["date", "said"], ["2026-09-01", "canary"]]})
    contents = {
        "cut.xlsx": workbook[: len(workbook) // 2],
        "empty.csv": b"",
        "page.csv": b"<!DOCTYPE html><html>canary</html>",
        "zip.xlsx": b"PK\x03\x04 canary",
    }
    if name in contents:
        (tmp_path / name).write_bytes(contents[name])
    answer = run(*command.split(), tmp_path / name)
    assert answer.code in (1, 2)
    assert "canary" not in answer.err
    answer.is_one_clear_message(name or str(tmp_path), code=answer.code)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[]\n", b'{"comments": 1}\n', b"canary\n"])
def test_a_journal_that_cannot_be_read_leaves_no_trace(pulled: Path, content: bytes, tmp_path: Path) -> None:
    before = run("verify", "--json").json
    path = tmp_path / "notes.jsonl"
    path.write_bytes(content)
    answer = run("loop", "journal", path)
    assert (answer.code in (1, 2)) == bool(content), answer
    assert "Traceback" not in answer.err
    assert "canary" not in answer.err
    assert run("verify", "--json").json == before
    for missing in (tmp_path / "nowhere.jsonl", tmp_path):
        assert run("loop", "journal", missing).code in (1, 2)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{", b'{"id": 1}\n', b'{"id": "canary"}\n'])
@pytest.mark.parametrize("bad", ["comments", "changes", "links"])
def test_labelled_files_that_cannot_be_read(pulled: Path, tmp_path: Path, bad: str, content: bytes) -> None:
    sound = b'{"id": "a", "service": "s", "date": "2026-01-01", "text": "t"}\n'
    given = ["match", "evaluate"]
    for name in ("comments", "changes", *(["links"] if bad == "links" else [])):
        (tmp_path / name).write_bytes(content if name == bad else sound)
        given += [f"--{name}", str(tmp_path / name)]
    answer = run(*given)
    answer.is_one_clear_message(str(tmp_path / bad), code=1)
    assert "canary" not in answer.err
    given[given.index(f"--{bad}") + 1] = str(tmp_path / "nowhere")
    run(*given).is_one_clear_message("nowhere: the file is missing", code=1)


def test_predictions_that_cannot_be_written(pulled: Path, tmp_path: Path) -> None:
    for name in ("comments", "changes"):
        (tmp_path / name).write_text('{"id": "a", "service": "s", "date": "2026-01-01", "text": "t"}\n')
    given = ["--comments", tmp_path / "comments", "--changes", tmp_path / "changes"]
    run("match", "evaluate", *given, "--predictions", tmp_path / "no" / "here").is_one_clear_message("no/here")


def test_a_policy_that_is_wrong_does_not_make_the_matcher_take_another(pulled: Path, tmp_path: Path) -> None:
    (pulled / "config" / "policy.yaml").write_text("matching: {ask_at: 2}\n")
    given = ["--comments", tmp_path / "comments", "--changes", tmp_path / "changes"]
    run("match", "evaluate", *given).is_one_clear_message("policy.yaml:1")


@pytest.mark.parametrize(
    ("feed", "content", "told"),
    [
        ("box", b"when,said\n2026-09-02,canary\n", "date"),
        ("box", b"", "the file is empty"),
        ("box", b"PK\x03\x04canary", "later.csv"),
        ("log", b"Number,Text\n1,canary\n", "later.csv"),
    ],
)
def test_a_file_that_is_not_what_its_map_says_fails_its_pull_and_lands_nothing(
    pulled: Path, feed: str, content: bytes, told: str
) -> None:
    before = run("status", "--json", "--at", TUESDAY).json["totals"]
    (pulled / "inbox" / feed / "later.csv").write_bytes(content)
    answer = run(*(["changes"] if feed == "log" else ["pull", feed]), "--at", TUESDAY)
    assert answer.code == 1
    assert "Traceback" not in answer.err
    assert told in answer.err
    assert "canary" not in answer.err + answer.out
    assert f"{feed}: later.csv: did not land" in answer.out
    assert run("reconcile").code == 0
    after = run("status", "--json", "--at", TUESDAY).json["totals"]
    news = {"pulls", "events_to_relay"}  # that it failed is news
    assert {name: after[name] for name in after.keys() - news} == {name: before[name] for name in before.keys() - news}


def test_a_source_whose_folder_is_gone_fails_and_says_where(pulled: Path) -> None:
    shutil.rmtree(pulled / "inbox" / "box")
    answer = run("pull", "--at", TUESDAY)
    assert answer.code == 1
    assert answer.err.startswith("heardback: box: ")
    assert "the folder does not exist" in answer.err
    assert "exit: export.csv: nothing new" in answer.out


def test_a_name_that_is_wrong_stops_the_pull_before_anything_lands(
    pulled: Path, request: pytest.FixtureRequest
) -> None:
    drop(pulled, "exit", [exit_row(9, "a bench outside")], "later.csv")
    drop(pulled, "log", [change_row(2)], "later.csv")
    unchanged = request.getfixturevalue("unchanged")
    run("pull", "exit", "nowhere").is_one_clear_message("nowhere")
    unchanged()


def test_no_message_of_all_these_carries_what_was_said(pulled: Path) -> None:
    for command in ("quarantine release 1", "loop show L-0001", "status", "verify"):
        answer = run(*command.split())
        assert not any(said in answer.err for said in SAID)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("loop decide L-0001 --outcome done --wording w --by zed", "'zed' is nobody in services.yaml"),
        ("loop move L-0001 release --reason r --by ben --role safeguarding_lead", "does not have the role"),
        ("loop show L-0001 --words --by ruthless", "'ruthless' is nobody in services.yaml"),
        ("safeguarding read L-0001 --by ben", "may not read what is held back"),
        ("safeguarding settle L-0001 --outcome fine --by ruth --reference r", "there is no outcome 'fine'"),
        ("quarantine show 1 --show-text --by ben", "may not see the cells"),
    ],
)
def test_what_somebody_may_not_do(pulled: Path, command: str, told: str) -> None:
    run(*command.split()).is_one_clear_message(told, "→", code=1)


@pytest.mark.parametrize("command", ["loop show L-0001 --words", "quarantine show 1 --show-text"])
def test_who_looks_at_words_says_who_they_are(pulled: Path, command: str) -> None:
    run(*command.split()).is_one_clear_message("say who looks: --by NAME")
