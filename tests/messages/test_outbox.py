"""The folder in Slack's place."""

import json
from pathlib import Path

import pytest

from heardback.errors import SendFailed
from heardback.messages.blocks import digest_message
from heardback.messages.message import Message
from heardback.messages.outbox import FolderSender
from tests.nudge_makers import digest, directory, open_loop


def message(title: str = "Später öffnen") -> Message:
    made = digest(open_loop(title=title))
    return digest_message(made, directory().people["amira"], "London Borough of Eastmere", "")


def test_the_file_is_named_by_the_key_and_holds_exactly_what_slack_would_get(tmp_path: Path) -> None:
    folder = FolderSender(tmp_path / "var" / "outbox")
    receipt = folder.send(message(), "UAMIRA")
    (file,) = (tmp_path / "var" / "outbox").iterdir()
    assert file.name == receipt.ts == f"{message().nudge_uid}.json"
    assert json.loads(file.read_text(encoding="utf-8")) == message().payload("UAMIRA")


def test_a_message_that_stands_there_is_found_and_not_written_again(tmp_path: Path) -> None:
    folder = FolderSender(tmp_path)
    first = folder.send(message("First"), "UAMIRA")
    assert folder.send(message("Second"), "UAMIRA") == first == folder.find("UAMIRA", message().nudge_uid)
    assert "First" in (tmp_path / first.ts).read_text(encoding="utf-8")
    assert folder.find("UAMIRA", "digest-2026-W01-00") is None


def test_half_a_file_left_by_a_kill_is_not_taken_for_a_message(tmp_path: Path) -> None:
    folder = FolderSender(tmp_path)
    (tmp_path / f"{message().nudge_uid}.part").write_text("{", encoding="utf-8")
    assert folder.find("UAMIRA", message().nudge_uid) is None
    folder.send(message(), "UAMIRA")
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]


def test_a_folder_that_cannot_be_written_to_is_worth_trying_again(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands in the way", encoding="utf-8")
    with pytest.raises(SendFailed, match="cannot be written") as caught:
        FolderSender(tmp_path / "outbox").send(message(), "UAMIRA")
    assert (caught.value.permanent, caught.value.fate_unknown) == (False, False)
    assert "Später" not in str(caught.value)
