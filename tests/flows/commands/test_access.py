"""Roles × commands: nobody is let in whom the table of rights does not name, and every asking is on record."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from flows.cli import make_app
from heardback.domain.access import RIGHTS, Right, Somebody, role_for
from heardback.domain.lifecycle import Role
from tasks.access_page import access_page
from tasks.guard import MOVES, NAMED, UNNAMED, guarded
from tests.council import drop, exit_row
from tests.flows.commands.conftest import SAID, TUESDAY, Answer, run
from tests.ready_made import ReadyMade

CHECKOUT = Path(__file__).parents[3]
ANGRY = "this is a formal complaint about them"
# One person for each role, one who is nobody, and one who manages another service.
PEOPLE: dict[str, frozenset[Role]] = {
    "amira": frozenset({Role.SERVICE_MANAGER}),
    "yan": frozenset(),
    "dot": frozenset({Role.DATA_TEAM}),
    "gil": frozenset({Role.GRANTED_WORDS}),
    "ruth": frozenset({Role.SAFEGUARDING_LEAD}),
    "pam": frozenset({Role.PARTICIPATION_OFFICER}),
    "col": frozenset({Role.COMPLAINTS_MANAGER}),
    "qas": frozenset({Role.QUALITY_BOARD}),
    "ada": frozenset({Role.ADMINISTRATOR}),
    "Nobody At All": frozenset(),
}
# Loops: L-0001 of the youth clubs, L-0002 a wish about Youth Justice, L-0003 held back, L-0004 a complaint.
ASKED = {
    "loop list --by": "loop list --by {who}",
    "loop show --by": "loop show L-0002 --by {who}",
    "loop alike": "loop alike --by {who}",
    "loop show --words": "loop show L-0002 --words --by {who}",
    "quarantine show --show-text": "quarantine show 1 --show-text --by {who}",
    "quarantine release --by": "quarantine release 1 --by {who} --at {at}",
    "safeguarding queue": "safeguarding queue --by {who} --at {at}",
    "safeguarding read": "safeguarding read L-0003 --by {who} --at {at}",
    "safeguarding take": "safeguarding take L-0003 --by {who} --at {at}",
    "safeguarding settle": "safeguarding settle L-0003 --outcome needs_more --reference r --by {who} --at {at}",
    "complaints read": "complaints read L-0004 --by {who} --at {at}",
    "complaints accept": "complaints accept L-0004 --reference r --by {who} --at {at}",
    "complaints extend": "complaints extend L-0004 --reason r --by {who} --at {at}",
    "complaints end": "complaints end L-0004 --outcome upheld --reference r --by {who} --at {at}",
    "match suggest-words": "match suggest-words --by {who} --at {at}",
    "forget --response": "forget --response L-0002 --reason r --by {who} --at {at}",
    "forget --code": "forget --code zebra-crossing-42 --reason r --by {who} --at {at}",
    "forget --hold": "forget --hold L-0002 --reason r --by {who} --at {at}",
    "forget --lift": "forget --lift L-0002 --reason r --by {who} --at {at}",
}
# Whoever manages some service may ask for a list, and gets what is theirs.
OVER_NO_SERVICE = {"loop list --by", "loop alike"}
RECORDED_AS = {"safeguarding take": "acknowledge"}  # what was asked for, where it is not the right's own name


def staff(folder: Path) -> None:
    """The council with one person for each role, and a complaint."""
    path = folder / "config" / "services.yaml"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = [name for name in PEOPLE if name not in ("amira", "ruth", "Nobody At All")]
    written["people"] |= {name: _person(name) for name in names}
    written["services"][0] |= {"owner": "amira", "deputy": "amira", "head": "amira"}
    written["services"][1] |= {"owner": "yan", "deputy": "yan", "head": "yan"}
    written |= {"safeguarding_deputy": "ruth", "fallback_owner": "pam"}
    written["roles"] = {
        "data_team": ["dot"], "granted_words": ["gil"], "complaints_manager": ["col"], "quality_board": ["qas"],
        "administrator": ["ada"],
    }  # fmt: skip
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    drop(folder, "exit", [exit_row(9, ANGRY)], "later.csv")
    assert run("pull", "exit", "--at", TUESDAY).code == 0


@pytest.fixture
def staffed(pulled: Path, ready_made: ReadyMade) -> Path:
    return ready_made.fill_folder(pulled, staff)


def _person(name: str) -> dict[str, str]:
    return {"name": f"{name.title()} Person", "role": "Officer", "email": f"{name}@northmere.example"}


def asked(folder: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "var" / "heardback.db")) as database:
        return database.execute("SELECT actor, role, wanted, allowed FROM access ORDER BY entry_id").fetchall()


def ask(command: str, who: str) -> Answer:
    words = [word.format(who="\0", at=TUESDAY) for word in ASKED[command].split()]
    return run(*[who if word == "\0" else word for word in words])


def every_command(command: Any, path: str = "") -> Iterator[str]:
    for name, child in getattr(command, "commands", {}).items():
        if not hasattr(child, "commands") or child.invoke_without_command:
            yield f"{path}{name}"
        yield from every_command(child, f"{path}{name} ")


def test_a_command_that_no_table_names_is_not_there() -> None:
    commands = set(every_command(typer.main.get_command(make_app())))
    assert commands - guarded() == set(), "say in tasks/guard.py what it asks of whoever runs it"
    assert guarded() <= commands


def test_every_role_has_a_person_and_every_guarded_command_is_asked_here() -> None:
    assert {role for roles in PEOPLE.values() for role in roles} == set(Role) - {Role.SYSTEM}
    assert set(ASKED) == set(NAMED)
    assert set(RIGHTS) == set(Right)


@pytest.mark.parametrize("command", sorted(NAMED))
def test_each_command_lets_in_the_roles_of_its_right_and_nobody_else(staffed: Path, command: str) -> None:
    right = NAMED[command]
    expected = {who: bool(roles & RIGHTS[right]) for who, roles in PEOPLE.items()}
    if command in OVER_NO_SERVICE:
        expected["yan"] = expected["amira"]
    for who in sorted(PEOPLE, key=lambda name: expected[name]):  # the refused first, while nothing has changed
        before = len(asked(staffed))
        answer = ask(command, who)
        (entry,) = asked(staffed)[before:]
        assert (entry[2], bool(entry[3])) == (RECORDED_AS.get(command, right.name.lower()), expected[who]), command
        if not expected[who]:
            answer.is_one_clear_message(code=1)
            assert not any(words in answer.err for words in (*SAID, ANGRY))
            assert entry[1] == ""


@pytest.mark.parametrize("command", sorted(NAMED))
def test_without_a_name_a_guarded_command_does_nothing(staffed: Path, command: str) -> None:
    if command.endswith("--by"):
        return
    words = [word.format(at=TUESDAY, who="\0") for word in ASKED[command].split()]
    place = words.index("\0")
    answer = run(*words[: place - 1], *words[place + 1 :])
    answer.is_one_clear_message("--by", code=2)
    assert asked(staffed) == []


def test_the_words_that_are_let_out_are_those_that_were_asked_for(staffed: Path) -> None:
    assert SAID[0] in ask("loop show --words", "amira").out
    assert SAID[1] in ask("safeguarding read", "ruth").out
    assert ANGRY in ask("complaints read", "col").out
    assert "cold again" in ask("quarantine show --show-text", "gil").out


@pytest.mark.parametrize("number", ["L-0003", "L-0001", "L-0004", "L-9999"])
@pytest.mark.parametrize("words", [[], ["--words"]])
def test_guessing_the_number_of_what_is_not_theirs_is_refused_and_on_record(
    staffed: Path, number: str, words: list[str]
) -> None:
    """Held back, another service's, a complaint about theirs: refused in the same words (fault 55, G8, G15)."""
    answer = run("loop", "show", number, *words, "--by", "amira")
    if number == "L-9999":
        answer.is_one_clear_message("there is no loop", code=answer.code)
        return
    what = "see what was said" if words else "see where loops stand"
    answer.is_one_clear_message(f"Amira Sayed may not {what}", code=1)
    assert not any(said in answer.err for said in (*SAID, ANGRY, number))
    assert asked(staffed)[-1] == ("Amira Sayed", "", "words" if words else "loops", 0)


@pytest.mark.parametrize("move", ["decide", "tell", "match", "reject", "merge", "split", "move"])
def test_no_move_reaches_another_services_loop_and_the_attempt_is_on_record(staffed: Path, move: str) -> None:
    more = {
        "decide": ["--outcome", "done", "--wording", "Done"], "tell": ["--how", "board", "--where", "Club"],
        "match": ["log:1"], "reject": ["log:1"], "merge": ["L-0002"], "split": ["x"], "move": ["own", "owner=amira"],
    }[move]  # fmt: skip
    answer = run("loop", move, "L-0001", *more, "--by", "amira", "--at", TUESDAY)
    answer.is_one_clear_message("does not have the role service_manager for this loop", code=1)
    wanted = "own" if move == "move" else move
    assert asked(staffed)[-1] == ("amira", "", wanted, 0)
    assert f"loop {move}" in MOVES


def test_a_list_for_a_manager_holds_their_own_service_and_nothing_that_is_set_aside(staffed: Path) -> None:
    listed = run("loop", "list", "--by", "amira", "--json").json["loops"]
    assert [loop["loop_uid"] for loop in listed] == ["L-0002"]
    listed = run("loop", "list", "--by", "yan", "--json").json["loops"]
    assert {loop["service_code"] for loop in listed} == {"youth"}
    assert len(run("loop", "list", "--by", "ruth", "--json").json["loops"]) == 4


@pytest.mark.parametrize("command", ["loop list", "loop show L-0002", "loop show L-0003", "loop show L-0004",
                                     "quarantine list", "quarantine show 1", "complaints list", "status", "reconcile",
                                     "verify", "nudge --dry-run", "forget --dry-run"])  # fmt: skip
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_command_that_names_nobody_shows_no_word(staffed: Path, command: str, form: list[str]) -> None:
    assert command.split(" L-")[0].split(" --")[0].removesuffix(" 1") in UNNAMED
    answer = run(*command.split(), *form)
    assert answer.code == 0, answer.err
    assert not any(said in answer.out + answer.err for said in (*SAID, ANGRY, "cold again"))


def test_whoever_has_no_role_has_no_right() -> None:
    nobody = Somebody("x", "X", frozenset())
    assert [role_for(nobody, right) for right in Right] == [None] * len(Right)


def test_the_page_of_access_is_what_the_tables_say() -> None:
    written = (CHECKOUT / "docs" / "access.md").read_text(encoding="utf-8")
    assert written == access_page(), "python -m tasks.access_page > docs/access.md"
