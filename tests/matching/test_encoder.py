"""The sentence encoder: equal to an independent reading of the same files, checked, and quiet about what it reads."""

import sys
from pathlib import Path
from shutil import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erf

from heardback.errors import ConfigurationError
from heardback.matching import encoder
from heardback.matching.encoder import MiniLM, find_model, open_encoder

FOLDER = find_model()
TEXTS = [
    "the reception felt cold and scary",
    "",
    "🙂🙂🙂",
    "Wi-fi pls!!",
    "Can you open later on a Thursday? I finish college at five and the bus takes an hour.",
    "зачем вы закрыли клуб",
]


@pytest.fixture(scope="module")
def model() -> MiniLM:
    found = open_encoder()
    assert found is not None, "the package with the model's files is part of the set-up (model.lock)"
    return found


def slow(texts: list[str]) -> np.ndarray:
    """The same model written out again, in float64, one text at a time, with scipy's erf: nothing shared with it."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    assert FOLDER is not None
    weights = {name: each.astype(float) for name, each in load_file(FOLDER / "model.safetensors").items()}
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def dense(name: str, states: np.ndarray) -> np.ndarray:
        return np.asarray(states @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])

    def norm(name: str, states: np.ndarray) -> np.ndarray:
        spread = np.sqrt(states.var(axis=1, keepdims=True) + 1e-12)
        around = (states - states.mean(axis=1, keepdims=True)) / spread
        return np.asarray(around * weights[f"{name}.LayerNorm.weight"] + weights[f"{name}.LayerNorm.bias"])

    def one(text: str) -> np.ndarray:
        ids = tokenizer.encode(text).ids
        words = weights["embeddings.word_embeddings.weight"][ids]
        places = weights["embeddings.position_embeddings.weight"][: len(ids)]
        states = norm("embeddings", words + places + weights["embeddings.token_type_embeddings.weight"][0])
        for number in range(6):
            layer = f"encoder.layer.{number}"
            queries, keys, values = (dense(f"{layer}.attention.self.{n}", states) for n in ("query", "key", "value"))
            heads = []
            for head in range(12):
                part = slice(32 * head, 32 * head + 32)
                raw = np.exp(queries[:, part] @ keys[:, part].T / np.sqrt(32))
                heads.append(raw / raw.sum(axis=1, keepdims=True) @ values[:, part])
            mixed = dense(f"{layer}.attention.output.dense", np.hstack(heads))
            states = norm(f"{layer}.attention.output", mixed + states)
            wide = dense(f"{layer}.intermediate.dense", states)
            wide = wide * (1 + erf(wide / np.sqrt(2))) / 2
            states = norm(f"{layer}.output", dense(f"{layer}.output.dense", wide) + states)
        mean = states.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean))

    return np.array([one(text) for text in texts])


def test_the_vectors_are_those_of_an_independent_implementation(model: MiniLM) -> None:
    texts = [text for text in TEXTS if text]
    np.testing.assert_allclose(model.encode(texts), slow(texts), atol=2e-6)


def test_likeness_is_what_the_model_card_of_its_makers_shows(model: MiniLM) -> None:
    """sbert.net, "Quickstart", Sentence Transformer: the table it prints for these three sentences."""
    vectors = model.encode(["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."])
    shown = [[1.0000, 0.6660, 0.1046], [0.6660, 1.0000, 0.1411], [0.1046, 0.1411, 1.0000]]
    np.testing.assert_allclose(vectors @ vectors.T, shown, atol=5e-5)


def test_every_vector_has_length_one_and_an_empty_text_none(model: MiniLM) -> None:
    vectors = model.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 1, 1, 1, 1], abs=1e-5)
    assert model.encode([]).shape == (0, 384)


@settings(max_examples=3, deadline=None)
@given(st.permutations(TEXTS))
def test_what_else_is_in_the_batch_moves_no_vector(model: MiniLM, order: list[str]) -> None:
    alone = {text: model.encode([text])[0] for text in TEXTS}
    for text, vector in zip(order, model.encode(order), strict=True):
        np.testing.assert_allclose(vector, alone[text], atol=1e-6)


def test_a_long_text_costs_no_more_than_the_256_tokens_that_are_read(model: MiniLM) -> None:
    page = "open later please " * 120
    assert len(page) < encoder.MOST_CHARACTERS
    endless = model.encode([page * 30, "x" * 30_000])
    np.testing.assert_allclose(endless[0], model.encode([page])[0], atol=1e-6)


def test_batches_hold_texts_of_one_length_and_every_place_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "BATCH_TOKENS", 8)
    tokens = [[0] * length for length in (4, 2, 3, 4, 4, 20, 3)]
    batches = list(encoder._batches(tokens))
    assert batches == [[2, 6], [0, 3], [4], [5]]


def test_a_file_that_is_not_the_official_one_is_refused_before_it_is_read(tmp_path: Path) -> None:
    assert FOLDER is not None
    copy(FOLDER / "tokenizer.json", tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    found = open_encoder(tmp_path)
    assert found is not None
    with pytest.raises(ConfigurationError, match=r"model\.safetensors: not the official file of all-MiniLM-L6-v2"):
        found.encode(["hello"])


def test_a_named_folder_without_the_files_is_a_fault_and_no_package_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match=r"the model's model\.safetensors is not there"):
        open_encoder(tmp_path)
    monkeypatch.setattr(encoder, "PACKAGE", "no_such_package")
    assert open_encoder() is None


def test_finding_the_model_imports_nothing_of_its_package(model: MiniLM) -> None:
    model.encode(["hello"])
    assert encoder.PACKAGE not in sys.modules
    assert "torch" not in sys.modules
