"""all-MiniLM-L6-v2 in plain numpy: six layers of attention over tokens, their mean, made one long. Nobody is called."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tokenizers import Tokenizer

WEIGHTS, TOKENS = "model.safetensors", "tokenizer.json"
DIMENSIONS = 384
MOST_TOKENS = 256  # what the model was trained for; the rest of a longer text is left out
LAYERS, HEADS = 6, 12
EPSILON = 1e-12
BLOCK = 32_768
_P = np.float32(0.3275911 * 0.5**0.5)
_TERMS = np.array([1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592], dtype=np.float32) / 2


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
