"""A whole council's configuration: read together, or every fault at once with file and line."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from config.council import read_council
from config.maps import Expectation
from tests.council import BOX, EXIT, LOG, write_council


def told(folder: Path) -> list[str]:
    """Every fault, its file by its place in the configuration folder."""
    council, faults = read_council(folder)
    assert (council is None) == bool(faults)
    return [str(fault).removeprefix(f"{folder}/") for fault in faults]


def edit(path: Path, before: str, after: str) -> int:
    """Change one place of a file; returns its line."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{before} stands {text.count(before)} times"
    path.write_text(text.replace(before, after), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1


def test_a_sound_council_is_read_as_a_whole(tmp_path: Path) -> None:
    council, faults = read_council(write_council(tmp_path))
    assert not faults
    assert council is not None
    assert set(council.sources) == {"exit", "box"}
    assert set(council.registers) == {"log"}
    assert council.directory.owner_of("yjs") == "amira"
    assert council.directory.owner_of("unmapped") == "priya"
    assert council.folder == tmp_path / "config"


def test_a_folder_that_does_not_exist_is_one_fault_and_not_five(tmp_path: Path) -> None:
    (fault,) = told(tmp_path / "nowhere")
    assert "the configuration folder does not exist" in fault
    assert "HEARDBACK_CONFIG" in fault


def test_every_file_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    faults = told(tmp_path / "config")
    assert [fault.split(":")[0] for fault in faults] == [
        "changes.yaml", "policy.yaml", "screening.yaml", "services.yaml", "sources",
    ]  # fmt: skip


def test_faults_of_every_file_are_told_at_once_in_order_of_file_and_line(tmp_path: Path) -> None:
    folder = write_council(tmp_path)
    lines = {
        "changes.yaml": edit(folder / "changes.yaml", "- '%Y-%m-%d'", "- 'YYYY-MM-DD'"),
        "services.yaml": edit(folder / "services.yaml", "owner: amira", "owner: amria"),
        "sources/box.yaml": edit(folder / "sources" / "box.yaml", "service: youth", "service: yuoth"),
        "sources/exit.yaml": edit(folder / "sources" / "exit.yaml", "mode: snapshot", "mood: snapshot"),
    }
    (folder / "policy.yaml").write_text("gate:\n  max_bad_share: 2\ndeadlines:\n  services:\n    yjsx: {}\n")
    (folder / "screening.yaml").write_text("version: 1\n\tdisclosures: []\n")
    faults = told(folder)
    assert [":".join(fault.split(":")[:2]) for fault in faults] == [
        f"changes.yaml:{lines['changes.yaml']}",
        "policy.yaml:2",
        "screening.yaml:2",
        f"services.yaml:{lines['services.yaml']}",
        f"sources/box.yaml:{lines['sources/box.yaml']}",
        f"sources/exit.yaml:{lines['sources/exit.yaml']}",
    ]
    assert "'YYYY-MM-DD' is no format of dates" in faults[0]
    assert "'amria' (owner of yjs) is not among the people" in faults[3]
    assert "'yuoth' is not a service" in faults[4]
    assert "unknown key 'mood'" in faults[5]


def test_a_policy_for_a_service_that_there_is_not_is_told_at_its_line(tmp_path: Path) -> None:
    folder = write_council(tmp_path, policy={"deadlines": {"services": {"yjs": {}, "police": {"own_within": 3}}}})
    line = edit(folder / "policy.yaml", "police:", "police:")
    assert told(folder) == [f"policy.yaml:{line}: 'police' is not a service in services.yaml"]


def test_a_retention_for_a_source_that_there_is_not_is_told_at_its_line(tmp_path: Path) -> None:
    own = {"sources": {code: {"comment_text_months": 12} for code in ("box", "log", "boxx")}}
    faults = told(write_council(tmp_path, policy={"retention": own}))
    assert faults == ["policy.yaml:7: 'boxx' is neither a source nor a register of this council"]


@pytest.mark.parametrize(
    ("services", "at", "what"),
    [
        ({"safeguarding_lead": "nobody"}, "safeguarding_lead: nobody", "'nobody' is not among the people"),
        ({"people": {"amira": {"email": "amira"}}}, "email: amira\n", "'people.amira.email'"),
        ({"people": {"amira": {"slack": "@amira"}}}, "slack: '@amira'", "'people.amira.slack'"),
        ({"council": ""}, "council: ''", "'council'"),
    ],
)
def test_a_directory_that_could_not_be_worked_with_is_told(
    tmp_path: Path, services: dict[str, Any], at: str, what: str
) -> None:
    folder = write_council(tmp_path, services=services)
    line = edit(folder / "services.yaml", at, at)
    (fault,) = told(folder)
    assert fault.startswith(f"services.yaml:{line}: {what}"), fault


@pytest.mark.parametrize(
    ("service", "what"),
    [
        ({"code": "yjs", "name": "Youth Clubs"}, "the service 'yjs' stands twice; keep one"),
        ({"code": "all", "name": "Everybody"}, "'all' means something else; take another code"),
        ({"code": "unmapped", "name": "Nobody"}, "'unmapped' means something else; take another code"),
        (
            {"code": "clubs", "name": "Clubs", "also_called": ["YOUTH justice "]},
            "'youth justice' is a name of yjs already",
        ),
        ({"code": "clubs", "name": "Clubs", "relatives": ["libraries"]}, "'libraries' (relative of clubs)"),
    ],
)
def test_services_that_could_be_confused_are_told(tmp_path: Path, service: dict[str, Any], what: str) -> None:
    people = {"owner": "ben", "deputy": "amira", "head": "hana"}
    first = {"code": "yjs", "name": "Youth Justice", **people}
    folder = write_council(
        tmp_path, services={"services": [first, service | people]}, sources={"box": {"service": "yjs"}}
    )
    assert [what in fault for fault in told(folder)] == [True], told(folder)


def test_a_source_that_is_described_twice_is_told_in_the_second_file(tmp_path: Path) -> None:
    folder = write_council(tmp_path)
    text = (folder / "sources" / "exit.yaml").read_text()
    (folder / "sources" / "second.yml").write_text(text)
    assert told(folder) == ["sources/second.yml:1: the source 'exit' is described twice; keep one"]


def test_a_map_called_yml_counts_and_what_an_editor_left_does_not(tmp_path: Path) -> None:
    folder = write_council(tmp_path)
    (folder / "sources" / "box.yaml").rename(folder / "sources" / "box.yml")
    (folder / "sources" / ".#exit.yaml").write_text("{{{")
    (folder / "sources" / "exit.yaml~").write_text("{{{")
    council, _ = read_council(folder)
    assert council is not None
    assert set(council.sources) == {"exit", "box"}


def test_two_feeds_cannot_share_a_name(tmp_path: Path) -> None:
    folder = write_council(tmp_path, registers=[LOG, deepcopy(LOG), deepcopy(LOG) | {"register": "box"}])
    faults = told(folder)
    assert len(faults) == 3
    assert "'box' names a register and a source" in faults[0]
    assert [fault for fault in faults if "the register 'log' stands twice" in fault] == faults[1:]


@pytest.mark.parametrize(
    ("register", "what"),
    [
        ({"service": "libraries"}, "'libraries' is not a service"),
        (
            {"columns": {name: header for name, header in LOG["columns"].items() if name != "service"}},
            "say the service",
        ),
        ({"dates": []}, "'registers.0.dates'"),
        ({"statuses": {"Complete": "finished"}}, "'registers.0.statuses.Complete'"),
    ],
)
def test_a_register_that_could_not_be_read_is_told(tmp_path: Path, register: dict[str, Any], what: str) -> None:
    folder = write_council(tmp_path, registers=[LOG | register])
    (fault,) = told(folder)
    assert what in fault


def test_a_register_that_serves_every_service_may_say_so(tmp_path: Path) -> None:
    assert told(write_council(tmp_path, registers=[LOG | {"service": "all"}])) == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ({"file": {"path": ""}}, "'file.path'"),
        ({"file": {"encodings": ["utf-9"]}}, "'utf-9' is no encoding"),
        ({"file": {"date_in_name": r"\d+"}}, "brackets must stand around the day"),
        ({"timezone": "Europe/Lundon"}, "no time zone"),
        ({"tool": "limesurvy"}, "no tool that Heardback knows"),
        ({"service": "", "mode": "append"}, "say which service"),
        (
            {"natural_key": ["name"], "questions": [*BOX["questions"], {"column": "name", "role": "identity"}]},
            "identity",
        ),
    ],
)
def test_a_map_that_could_not_be_used_is_told(tmp_path: Path, source: dict[str, Any], what: str) -> None:
    (fault,) = told(write_council(tmp_path, sources={"box": source}))
    assert fault.startswith("sources/box.yaml:")
    assert what in fault


def test_a_code_is_used_once_in_a_role_and_may_be_shared_between_roles(tmp_path: Path) -> None:
    more = [{"column": "b", "role": "comment", "code": "rate"}, {"column": "c", "role": "comment", "code": "like"}]
    folder = write_council(tmp_path, sources={"exit": {"questions": [*EXIT["questions"], *more]}})
    text = (folder / "sources" / "exit.yaml").read_text()
    line = text[: text.rindex("code: like")].count("\n") + 1
    assert told(folder) == [
        f"sources/exit.yaml:{line}: the code 'like' is used by two questions of role comment; give each its own"
    ]


def test_a_column_is_a_comment_once_for_its_words_would_count_twice(tmp_path: Path) -> None:
    column = next(question["column"] for question in EXIT["questions"] if question["role"] == "comment")
    again = {"column": column, "role": "comment", "code": "again"}
    folder = write_council(tmp_path, sources={"exit": {"questions": [*EXIT["questions"], again]}})
    (fault,) = told(folder)
    assert f"'{column}' is a comment already" in fault


def test_an_answer_that_stands_for_no_service_is_told_at_the_line_of_the_answer(tmp_path: Path) -> None:
    asked = [dict(question) for question in EXIT["questions"]]
    asked[2]["values"] = {"YJS": "yjs", "Library": "libraries"}
    folder = write_council(tmp_path, sources={"exit": {"questions": asked}})
    line = edit(folder / "sources" / "exit.yaml", "Library:", "Library:")
    assert told(folder) == [f"sources/exit.yaml:{line}: 'libraries' is not a service in services.yaml"]


def test_expectations_are_asked_about_and_told_at_their_line(tmp_path: Path) -> None:
    rules = [
        {"expect": "expect_this", "column": "a", "reason": "r"},
        {"expect": "expect_that", "column": "a", "reason": "r"},
    ]
    folder = write_council(tmp_path, sources={"box": {"expectations": rules}})
    asked: list[Expectation] = []

    def fault_of(expectation: Expectation) -> str:
        asked.append(expectation)
        return "nobody has it" if expectation.expect == "expect_that" else ""

    line = edit(folder / "sources" / "box.yaml", "expect_that", "expect_that")
    _, faults = read_council(folder, fault_of)
    assert [(fault.line, fault.what) for fault in faults] == [(line, "nobody has it")]
    assert [rule.expect for rule in asked] == ["expect_this", "expect_that"]


def test_a_group_that_speaks_through_nothing_or_of_nothing_is_told_with_its_line(tmp_path: Path) -> None:
    group = {"code": "club", "name": "Club", "sources": ["exit", "carrier_pigeon"], "services": ["navy"]}
    place = write_council(tmp_path, services={"groups": [group, deepcopy(group)]})
    _, faults = read_council(place)
    told = [fault.what for fault in faults]
    assert "'carrier_pigeon' is not a source of this council; correct its code" in told
    assert "'navy' is not a service here; correct its code" in told
    assert "'club' stands twice; keep one" in told
    assert all(fault.line > 1 for fault in faults)
