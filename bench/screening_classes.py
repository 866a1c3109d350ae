"""Writes config/screening_classes.tsv: words that are used alike, so that screening weighs a word that no example used.

Each whole word that the sentence encoder knows, and each word of the examples, goes through the encoder alone; the
vectors are cut to their 64 main directions and put into classes by k-means. The encoder is needed here and never where
comments are screened. Run it again only with another encoder or for new words, and learn the weights anew behind it:
the numbers of the classes change.
"""

import json
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans  # type: ignore[import-untyped]
from sklearn.decomposition import PCA  # type: ignore[import-untyped]

from config.screening import read_screening
from config.weights import CLASSES, EXAMPLES, SHIPPED
from heardback.domain.screening import read_aloud
from heardback.matching.encoder import MODEL, TOKENS, find_model, open_encoder

HOW_MANY, DIRECTIONS, SEED = 1_000, 64, 0
ROOT = Path(__file__).parents[1]


def known_words(folder: Path) -> list[str]:
    """The encoder's whole words and those of the examples as screening reads them, in order."""
    tokens = json.loads((folder / TOKENS).read_text(encoding="utf-8"))["model"]["vocab"]
    lines = (SHIPPED / EXAMPLES).read_text(encoding="utf-8").splitlines()
    phrases, faults = read_screening(ROOT / "config")
    if phrases is None:
        raise SystemExit(str(faults[0]))
    read, _ = read_aloud([json.loads(line)["text"] for line in lines], phrases)
    used = {word for text in read for word in text.split() if word.isalpha()}
    return sorted(used.union(word for word in tokens if re.fullmatch("[a-z]{2,}", word)))


def classed(vectors: np.ndarray) -> list[int]:
    """The class of each vector."""
    main = PCA(DIRECTIONS, random_state=SEED).fit_transform(vectors)
    main /= np.linalg.norm(main, axis=1, keepdims=True)
    found: list[int] = KMeans(HOW_MANY, n_init=1, max_iter=30, random_state=SEED).fit_predict(main).tolist()
    return found


def main() -> None:
    """Write the file, one class a line, its words in order."""
    folder, encoder = find_model(), open_encoder()
    if folder is None or encoder is None:
        raise SystemExit("the encoder's files are not there")
    words = known_words(folder)
    classes: dict[int, list[str]] = defaultdict(list)
    for word, number in zip(words, classed(encoder.encode(words)), strict=True):
        classes[number].append(word)
    ordered = pd.Series({min(members): " ".join(members) for members in classes.values()}).sort_index()
    lines = [f"{number}\t{members}" for number, members in enumerate(ordered, start=1)]
    head = f"# Words that {MODEL} holds to be alike, by bench/screening_classes.py. Not for editing.\n# class\twords\n"
    (SHIPPED / CLASSES).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
