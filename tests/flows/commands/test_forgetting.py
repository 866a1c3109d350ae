"""What `heardback forget` says: which rule makes what due, what is held, who erased; and never a word."""

from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.flows.commands.conftest import SAID, TUESDAY, run

IN_THREE_YEARS = "2029-12-01T10:00"


def test_a_dry_run_says_what_is_due_by_which_rule_and_until_when_it_is_in_backups(pulled: Path) -> None:
    answer = run("forget", "--dry-run", "--at", IN_THREE_YEARS)
    assert answer.code == 0, answer.err
    for told in ("due to be forgotten: ", "comment_text_months: 36", "raw_files_months: 12", "quarantine_months: 12",
                 "validation_months: 24", "words in backups until 01 March 2030",
                 "kept, for a trained reader has not settled them: 1 comment"):  # fmt: skip
        assert told in answer.out
    assert not any(said in answer.out for said in (*SAID, "cold again"))


def test_a_dry_run_has_every_id_in_its_json(pulled: Path) -> None:
    found = run("forget", "--dry-run", "--at", IN_THREE_YEARS, "--json").json
    assert {(due["kind"], due["source"]): len(due["ids"]) for due in found["why"]} == {
        ("comments", "box"): 1, ("comments", "exit"): 1, ("raw files", ""): 3, ("quarantined rows", "exit"): 1,
        ("verdicts", "box"): 1, ("verdicts", "exit"): 1,
    }  # fmt: skip
    assert [len(uid) for uid in found["kept"]["unread"]] == [64]
    assert found["done"] is False


def test_a_response_is_erased_by_its_record_and_the_line_says_what_is_left_to_do(pulled: Path) -> None:
    answer = run("forget", "--response", "exit:1", "--by", "ruth", "--reason", "asked", "--at", TUESDAY)
    assert answer.code == 0, answer.err
    assert "of exit: 1 comment, " in answer.out
    assert "the answer in its tool" in answer.out
    assert SAID[0] not in answer.out
    for command in ("reconcile", "verify", "check"):
        assert run(command).code == 0


def test_what_is_held_is_listed_refused_and_let_go(pulled: Path) -> None:
    run("forget", "--hold", "exit", "--by", "ruth", "--reason", "an inquiry", "--at", TUESDAY)
    dry = run("forget", "--dry-run", "--at", IN_THREE_YEARS)
    assert "under a legal hold:" in dry.out
    assert "Ruth Abara" in dry.out
    refused = run("forget", "--response", "exit:1", "--by", "ruth", "--at", TUESDAY)
    refused.is_one_clear_message("under a legal hold", "--lift exit", code=refused.code)
    assert refused.code != 0
    lifted = run("forget", "--lift", "exit", "--by", "ruth", "--reason", "over", "--at", TUESDAY)
    assert "source exit: no longer held" in lifted.out


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--response", "exit:1"), "--by NAME"),
        (("--response", "exit:1", "--hold", "exit", "--by", "ruth"), "one at a time"),
        (("--response", "exit:1", "--by", "ruth", "--dry-run"), "one at a time"),
        (("--hold", "exit", "--by", "ruth"), "for a reason"),
        (("--response", "exit:1", "--by", "dee"), "may not erase"),
        (("--code", "whatever-code", "--by", "ruth"), "the key that codes of deletion are hashed with is not set"),
    ],
)
def test_what_cannot_be_done_is_one_clear_message(
    pulled: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], told: str
) -> None:
    monkeypatch.delenv("HEARDBACK_SECRET_CODE_KEY", raising=False)
    answer = run("forget", *given, "--at", TUESDAY)
    answer.is_one_clear_message(told, code=answer.code)
    assert answer.code != 0


def test_a_code_may_come_by_the_input_and_so_stands_in_no_history_of_a_shell(
    pulled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARDBACK_SECRET_CODE_KEY", "k" * 32)
    monkeypatch.setattr("sys.stdin", StringIO("blue-otter-7\n"))
    answer = run("forget", "--code", "-", "--by", "ruth", "--at", TUESDAY)
    answer.is_one_clear_message("no response has this code", code=answer.code)
    assert "otter" not in answer.err


def test_words_are_sealed_by_the_command_and_check_says_so_without_the_key(
    pulled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Fernet.generate_key().decode()
    assert "words lie as they are" in run("check").out
    monkeypatch.setenv("HEARDBACK_SECRET_TEXT_KEY", key)
    run("status").is_one_clear_message("not sealed yet", "heardback migrate --rotate-key")
    sealed = run("migrate", "--rotate-key", "--json")
    assert sealed.json["sealed"]["comment.text"] == 3
    home = pulled / "var"
    assert not [path for path in home.rglob("*") if path.is_file() and SAID[0].encode() in path.read_bytes()]
    checked = run("check")
    assert "words are sealed with a key" in checked.out
    assert run("loop", "show", "L-0001").code == 0
    assert key not in sealed.out + sealed.err + checked.out + checked.err


def test_a_key_that_is_none_is_a_fault_of_the_configuration_that_quotes_nothing(
    pulled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARDBACK_SECRET_TEXT_KEY", "canary-key")
    answer = run("check")
    assert answer.code == 1
    assert "HEARDBACK_SECRET_TEXT_KEY: one of the keys is no Fernet key" in answer.out
    assert "canary-key" not in answer.out + answer.err
