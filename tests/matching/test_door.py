"""Matching from Python: what `heardback.matching` offers by name, as docs/matching.md shows it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from heardback import matching
from heardback.errors import ConfigurationError

CHECKOUT = Path(__file__).parents[2]
COMMENTS = [
    {"id": "c1", "service": "hub", "date": "2026-01-05", "text": "The reception is cold.", "gold": ["d1"]},
    {"id": "c2", "service": "hub", "date": "2026-01-06", "text": "More football please.", "gold": []},
]
CHANGES = [
    {"id": "d1", "service": "hub", "date": "2026-02-01", "we_did": "We put heaters in the reception.", "you_said": ""},
    {"id": "d2", "service": "hub", "date": "2026-02-01", "we_did": "The bus pass is valid for a year.", "you_said": ""},
]


@pytest.fixture
def labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, rows in (("comments", COMMENTS), ("changes", CHANGES)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path


def test_the_example_of_the_documents_runs(labelled: Path) -> None:
    example = re.search(
        r"```python\n(.*?)```", (CHECKOUT / "docs" / "matching.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert example
    names: dict[str, object] = {}
    exec(example[1], names)  # noqa: S102  # the document's own lines
    assert names["figures"]["recall_at_1"] == 1.0  # type: ignore[index]
    first = names["suggestions"][0]  # type: ignore[index]
    assert (first.comment_uid, first.change_uid) == ("c1", "d1")
    assert sum(part.value for part in first.contributions) == pytest.approx(first.score)


def test_files_are_measured_as_the_command_measures_them(labelled: Path) -> None:
    command = [sys.executable, "-c", "from flows.cli import main; main()", "match", "evaluate", "--no-model", "--json"]
    command += ["--comments", "comments.jsonl", "--changes", "changes.jsonl"]
    printed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    figures = matching.evaluate("comments.jsonl", "changes.jsonl", model=False)
    timed = ("seconds", "encoding", "explaining", "peak_memory_mb")
    assert {name: value for name, value in printed.items() if name not in timed} == {
        name: value for name, value in json.loads(json.dumps(figures)).items() if name not in timed
    }


def test_a_councils_own_policy_is_in_force(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("matching: {ask_at: 0.11}\n", encoding="utf-8")
    policy, knowledge = matching.configured(tmp_path, model=False)
    assert policy.ask_at == 0.11
    assert knowledge.encode is None and knowledge.bridges is not None


def test_a_fault_in_the_policy_is_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("matching:\n  ask_at: often\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"policy\.yaml:2"):
        matching.configured(tmp_path)


def test_nothing_is_read_before_it_is_asked_for() -> None:
    asked = "import sys, heardback.matching; print('scipy' in sys.modules, 'pandas' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]
    with pytest.raises(AttributeError, match="no_such_door"):
        matching.no_such_door  # noqa: B018


def test_frames_match_without_any_knowledge() -> None:
    comments = pd.DataFrame(COMMENTS).rename(
        columns={"id": "comment_uid", "service": "service_code", "date": "heard_on"}
    )
    changes = pd.DataFrame(CHANGES).rename(
        columns={"id": "change_uid", "service": "service_code", "date": "changed_on"}
    )
    policy, _ = matching.configured(model=False)
    found = matching.match(comments, changes.assign(title=""), {}, policy)
    assert [suggestion.change_uid for suggestion in found if suggestion.comment_uid == "c1"][:1] == ["d1"]
