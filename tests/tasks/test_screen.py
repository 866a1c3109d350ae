"""`screen evaluate` and `screen learn`: figures and ids, never words; what was learned is what screens from then on."""

import json
from pathlib import Path

import pytest

from config import gist as gists
from config.weights import ASKS, EXAMPLES, NAME, SHIPPED
from heardback.errors import Unreadable
from tasks.screen import evaluate_screening, learn_weights
from tests.council import write_council

SAID = [
    ("a", "he hits me when mum is out", "disclosure"),
    ("b", "zog came in my room again", "disclosure"),
    ("c", "more pool tables please", "not"),
    ("d", "the ball hits me in goal", "not"),
]


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEARDBACK_CONFIG", str(write_council(tmp_path)))
    return tmp_path


def labelled(folder: Path, rows: list[tuple[str, str, str]], name: str = "said.jsonl") -> Path:
    path = folder / name
    lines = [json.dumps({"id": each, "text": text, "label": label}) for each, text, label in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_misses_and_false_alarms_are_told_by_id_with_recall_and_what_came_of_each(council: Path) -> None:
    out = council / "out.jsonl"
    figures = evaluate_screening(labelled(council, SAID), out)
    assert (figures["recall"]["held"], figures["recall"]["n"], figures["recall"]["share"]) == (1, 2, 0.5)
    assert figures["false_alarms"]["share"] == 0.5
    assert (figures["missed"], figures["held_in_vain"]) == (["b"], ["d"])
    assert figures["edition"].startswith("test-1 weights ")
    held = {"withheld": True, "priority": 1, "reasons": ["hurt by someone"]}
    clear = {"withheld": False, "priority": 4, "reasons": []}
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == [
        {"id": "a", **held}, {"id": "b", **clear}, {"id": "c", **clear}, {"id": "d", **held},
    ]  # fmt: skip
    assert "zog" not in json.dumps(figures) + out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rows", "line"),
    [([SAID[0], ("z", "zog", "perhaps")], 2), ([SAID[0], SAID[0]], 2)],
)
def test_a_line_that_cannot_be_used_is_told_by_its_number_without_its_words(
    council: Path, rows: list[tuple[str, str, str]], line: int
) -> None:
    path = labelled(council, rows)
    with pytest.raises(Unreadable) as refused:
        evaluate_screening(path, None)
    assert f"{path}:{line}" in str(refused.value)
    assert "zog" not in str(refused.value)


@pytest.fixture
def fewer_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thirtieth of the shipped ones: of all it takes most of a minute."""
    few = tmp_path / "few"
    few.mkdir()
    for name in (EXAMPLES, ASKS):
        lines = (SHIPPED / name).read_text(encoding="utf-8").splitlines()[::30]
        (few / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    asks = [{"text": "he hits me"}, {"text": "this is a formal complaint"}, {"text": "one zebra more please"}]
    with (few / ASKS).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"comments": asks}) + "\n")
    monkeypatch.setattr("tasks.screen.SHIPPED", few)


def asks_in(path: Path) -> int:
    """As many as `fewer_examples` leaves."""
    return sum(len(json.loads(line)["comments"]) for line in path.read_text(encoding="utf-8").splitlines()[::30])


@pytest.mark.usefixtures("fewer_examples")
def test_what_a_council_teaches_screens_its_comments_from_then_on(council: Path) -> None:
    path = labelled(council, SAID)
    before = evaluate_screening(path, None)
    own = [(f"own{each}", f"zog came in my room {each}", "disclosure") for each in range(20)]
    learned = learn_weights([labelled(council, own, "own.jsonl")])
    assert Path(learned["file"]) == council / "config" / NAME
    assert (learned["disclosures"] > 100, learned["others"] > 200) == (True, True)
    assert learned["asks"] == asks_in(SHIPPED / ASKS) + 1, "without those in which a phrase of the council's stands"
    assert (council / "config" / gists.NAME).exists()
    after = evaluate_screening(path, None)
    assert "b" in before["missed"]
    assert "b" not in after["missed"]
    assert after["edition"] != before["edition"]
