"""The shipped adapter and the invented examples that it was learned from."""

import json
from collections import Counter

import numpy as np

from heardback.matching.adapter import SHIPPED, read_adapter
from tasks.learn_meaning import EXAMPLES, read_examples

LINES = [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]


def flat(texts: list[str]) -> np.ndarray:
    """Stands in for the encoder where only the order of the texts is looked at: their lengths."""
    return np.array([[len(text), 1.0] for text in texts])


def test_the_shipped_adapter_holds_every_shipped_example_in_its_place() -> None:
    adapter = read_adapter(SHIPPED)
    counts = [len(line["comments"]) for line in LINES]
    assert adapter.answered.tolist() == np.repeat(np.arange(len(LINES)), counts).tolist()
    assert len(adapter.answers) == len(LINES) == 600


def test_an_example_is_a_change_and_what_was_said_before_it() -> None:
    examples = read_examples(EXAMPLES, flat)
    first = LINES[0]
    assert examples.said[0, 0] == len(first["comments"][0]["text"])
    assert examples.done[0, 0] == len(" ".join(filter(None, (first["title"], first["you_said"], first["we_did"]))))


def test_examples_are_whole_and_none_is_a_measured_comment() -> None:
    kinds = Counter(comment["kind"] for line in LINES for comment in line["comments"])
    assert kinds.keys() == {"same", "other", "implied"}
    said = {comment["text"].lower() for line in LINES for comment in line["comments"]}
    young = EXAMPLES.parent.parent / "tests" / "matching" / "young_people" / "comments.jsonl"
    measured = {json.loads(line)["text"].lower() for line in young.read_text(encoding="utf-8").splitlines()}
    assert len(said) == sum(kinds.values())
    assert not said & measured
