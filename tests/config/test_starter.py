"""The configuration that a new council starts from is sound as it is."""

from pathlib import Path

import pytest

from config.council import read_council
from heardback.checks.contract import expectation_fault
from heardback.errors import NotFound
from tasks.configuration import SHIPPED, write_starter


def test_what_init_writes_is_a_sound_configuration(tmp_path: Path) -> None:
    written = write_starter(tmp_path / "new")
    council, faults = read_council(tmp_path / "new", expectation_fault)
    assert not faults
    assert council is not None
    assert council.directory.names()["youth club"] == "youth"
    assert {str(path.relative_to(tmp_path / "new")) for path in written} == {
        "services.yaml", "policy.yaml", "changes.yaml", "screening.yaml", "privacy.yaml", "thesaurus.yaml",
        "sources/example-survey.yaml",
    }  # fmt: skip


def test_every_file_of_it_is_commented(tmp_path: Path) -> None:
    for path in write_starter(tmp_path / "new"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# "), path.name
        assert text.count("#") >= 4, path.name


def test_the_register_in_its_comments_is_sound_once_it_is_let_in(tmp_path: Path) -> None:
    write_starter(tmp_path / "new")
    path = tmp_path / "new" / "changes.yaml"
    head, block = path.read_text(encoding="utf-8").split("registers: []\n")
    assert block.startswith("# - register:")
    let_in = "\n".join(line.removeprefix("# ") for line in block.splitlines())
    path.write_text(f"{head}registers:\n{let_in}\n", encoding="utf-8")
    council, faults = read_council(tmp_path / "new")
    assert not faults
    assert council is not None
    assert set(council.registers) == {"service-change-log"}


def test_an_empty_folder_is_filled_and_one_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert write_starter(tmp_path / "empty")
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "policy.yaml").write_text("ours")
    with pytest.raises(NotFound, match="not empty"):
        write_starter(tmp_path / "ours")
    assert [path.name for path in (tmp_path / "ours").iterdir()] == ["policy.yaml"]
    (tmp_path / "file").write_text("ours")
    with pytest.raises(NotFound, match="this is a file"):
        write_starter(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "ours"


def test_the_sample_council_is_sound_with_its_expectations() -> None:
    council, faults = read_council(SHIPPED, expectation_fault)
    assert not faults
    assert council is not None
    assert any(source.expectations for source in council.sources.values())
