"""What was learned from invented examples, laid over the encoder's vectors: nearer to how children and officers write.

The encoder's own files stay as they are. Its vectors are turned once (a matrix near the identity), and a comment is
given an expected answer: the changes that answered the invented comments nearest to it, weighed by how near they are.
`adapting` learns both, and `python -m tasks.learn_meaning` writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np

import config
from heardback.errors import ConfigurationError
from heardback.matching.encoder import MODEL

NAME = "matching_adapter.npz"
SHIPPED = Path(config.__file__).parent / NAME
OFFICIAL = "0b5d0bbdc382d250793c1385a52bd014fc5db9a4df5c82c4ad39ddcc555c547a"
NEARNESS = 0.05  # a comment that is this much less alike counts e times less
CELLS = 4_000_000  # comments × invented comments at a time: 16 MB
STEPS, TURN_STEPS = 15, 127  # in the file, of a row's largest entry either way: a cosine moves by less than 0.01


@dataclass(frozen=True)
class Adapter:
    """`turn` is 384 × 384; `said` holds a unit vector for each invented comment and `answers` one for each invented
    change, both turned already; `answered` says which change answered each comment.
    """

    turn: np.ndarray
    said: np.ndarray
    answers: np.ndarray
    answered: np.ndarray

    def turned(self, vectors: np.ndarray) -> np.ndarray:
        """The encoder's vectors turned, each of length 1 again (0 where it was 0)."""
        turned = vectors @ self.turn
        length = np.linalg.norm(turned, axis=1, keepdims=True)
        return np.asarray(turned / np.where(length > 0, length, 1))

    def expected(self, comments: np.ndarray) -> np.ndarray:
        """The answer that each comment's (turned) vector leads to expect, shorter where the examples disagree.

        Comments × 384; a comment's own is the same whatever else is in the batch.
        """
        step = max(1, CELLS // len(self.said))
        parts = [self._expected(comments[at : at + step]) for at in range(0, len(comments), step)]
        return np.concatenate([np.zeros((0, comments.shape[1]), dtype=comments.dtype), *parts])

    def _expected(self, comments: np.ndarray) -> np.ndarray:
        alike = comments @ self.said.T
        alike -= alike.max(axis=1, keepdims=True)
        weights = np.exp(alike / NEARNESS)
        weights /= weights.sum(axis=1, keepdims=True)
        said_something = comments.any(axis=1, keepdims=True)
        return np.asarray(np.where(said_something, weights @ self.answers[self.answered], 0))


def adapter_of(model: str) -> Adapter | None:
    """The shipped adapter where its model is in force, otherwise None. Raises ConfigurationError as `read_adapter`."""
    return read_adapter(SHIPPED) if model == MODEL else None


def read_adapter(path: Path) -> Adapter:
    """Read and unpack it (40 ms). Raises ConfigurationError where it is not, byte for byte, the one that is shipped."""
    try:
        content = path.read_bytes()
    except OSError:
        raise ConfigurationError([f"{path}: the adapter cannot be read; install heardback again"]) from None
    if sha256(content).hexdigest() != OFFICIAL:
        raise ConfigurationError([f"{path}: not the adapter that was shipped; install heardback again"])
    with np.load(BytesIO(content), allow_pickle=False) as held:
        moved = held["moved"].astype(np.float32) * held["scale"]
        said, answers = (_unpacked(held[name]) for name in ("said", "answers"))
        return Adapter(np.eye(len(moved), dtype=np.float32) + moved, said, answers, held["answered"].astype(np.int64))


def packed(adapter: Adapter) -> bytes:
    """As a file, in whole steps. The same adapter makes the same bytes."""
    moved = adapter.turn - np.eye(len(adapter.turn))
    scale = np.abs(moved).max(axis=1, keepdims=True) / TURN_STEPS + 1e-12
    to = BytesIO()
    np.savez_compressed(
        to,
        moved=np.rint(moved / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        said=_in_steps(adapter.said),
        answers=_in_steps(adapter.answers),
        answered=adapter.answered.astype(np.int16),
    )
    return to.getvalue()


def _in_steps(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(np.rint(vectors / np.abs(vectors).max(axis=1, keepdims=True) * STEPS).astype(np.int8))


def _unpacked(steps: np.ndarray) -> np.ndarray:
    """Unit vectors again: only their direction was kept."""
    vectors = steps.astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
