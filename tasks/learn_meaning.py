"""`python -m tasks.learn_meaning`: the adapter of the sentence encoder, learned from config/matching_examples.jsonl."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from heardback.errors import ConfigurationError
from heardback.matching.adapter import SHIPPED, packed
from heardback.matching.adapting import Examples, learn_adapter
from heardback.matching.encoder import open_encoder
from heardback.matching.meaning import pieces_of

EXAMPLES = SHIPPED.parent / "matching_examples.jsonl"


def read_examples(path: Path, encode: Callable[[Sequence[str]], np.ndarray]) -> Examples:
    """Invented changes, one in each line, with the comments that it answers: {title, you_said, we_did, comments}."""
    changes = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    done = [pieces_of(change["title"], change["you_said"], change["we_did"])[0] for change in changes]
    said = [(comment["text"], at) for at, change in enumerate(changes) for comment in change["comments"]]
    return Examples.of([text for text, _ in said], done, [at for _, at in said], encode)


def learn_meaning(to: Path = SHIPPED) -> str:
    """Learn the adapter and write it (about 20 s of processor time); returns the sha256 that `adapter.OFFICIAL` names.

    Raises ConfigurationError where the model is not installed.
    """
    encoder = open_encoder()
    if encoder is None:
        raise ConfigurationError(["the sentence encoder is not installed; nothing can be learned for it"])
    content = packed(learn_adapter(read_examples(EXAMPLES, encoder.encode)))
    to.write_bytes(content)
    return sha256(content).hexdigest()


if __name__ == "__main__":
    print(learn_meaning())  # noqa: T201  this is what it is for
