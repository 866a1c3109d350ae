"""How fast the matcher is: 10,000 comments against 1,000 changes, beside others in the same run.

The texts are drawn by a fixed seed: words of a made-up language, as rare and as common as real ones; a comment keeps a
few words of the change that answers it, some misspelt, among words of its own. Recall here only shows that both did the
work; what the matcher finds in real words is measured by `heardback match evaluate`.
"""

import resource
import sys
import time

import numpy as np
import pandas as pd

from config.policy import MatchingPolicy
from heardback.matching.blocking import Window
from heardback.matching.pool import prepare
from heardback.matching.ranking import rank
from heardback.matching.suggesting import match
from heardback.matching.text import words_of

COMMENTS, CHANGES, NEW, SERVICES = 10_000, 1_000, 100, 8
VOCABULARY = 6_000
SAMPLE = 1_000  # for the slowest


def draw(seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Comments, changes, and for each comment the position of the change that answers it."""
    dice = np.random.default_rng(seed)
    words = np.array(["".join(dice.choice(list("aeioubdfglmnprst"), dice.integers(4, 10))) for _ in range(VOCABULARY)])
    odds = 1 / np.arange(3, VOCABULARY + 3)
    odds /= odds.sum()
    written = [dice.choice(words, 30, p=odds) for _ in range(CHANGES)]
    answers = dice.integers(0, CHANGES, COMMENTS)
    said = [[*spoil(dice, dice.choice(written[answer], 5)), *dice.choice(words, 9, p=odds)] for answer in answers]
    changed = pd.Timestamp("2026-01-01") + pd.to_timedelta(dice.integers(0, 700, CHANGES), unit="D")
    heard = changed[answers] - pd.to_timedelta(dice.integers(0, 200, COMMENTS), unit="D")
    services = np.array([f"service_{number}" for number in range(SERVICES)])
    at = dice.integers(0, SERVICES, CHANGES)
    comments = pd.DataFrame(
        {"comment_uid": [f"m{n:05}" for n in range(COMMENTS)], "service_code": services[at[answers]]}
    )
    comments = comments.assign(heard_on=heard, text=[" ".join(text) for text in said])
    changes = pd.DataFrame({"change_uid": [f"c{n:04}" for n in range(CHANGES)], "service_code": services[at]})
    texts = {"title": "", "you_said": "", "we_did": [" ".join(text) for text in written]}
    return comments, changes.assign(changed_on=changed, **texts), answers


def spoil(dice: np.random.Generator, words: np.ndarray) -> list[str]:
    """One word in five loses a letter."""
    return [word[:2] + word[3:] if dice.random() < 0.2 else word for word in words]


def plain_cosine(comments: pd.DataFrame, changes: pd.DataFrame) -> np.ndarray:
    """The baseline: TF-IDF vectors in one dense numpy array each, one product, the best change of each comment."""
    texts = [words_of(text) for text in [*changes["we_did"], *comments["text"]]]
    columns = {word: column for column, word in enumerate(sorted({word for text in texts for word in text}))}
    counts = np.zeros((len(texts), len(columns)), dtype=np.float32)
    for row, text in enumerate(texts):
        np.add.at(counts[row], [columns[word] for word in text], 1)
    counts *= np.log(len(texts) / (1 + (counts > 0).sum(axis=0)))
    counts /= np.linalg.norm(counts, axis=1, keepdims=True)
    return np.asarray((counts[len(changes) :] @ counts[: len(changes)].T).argmax(axis=1))


def by_bm25s(comments: pd.DataFrame, changes: pd.DataFrame) -> np.ndarray:
    """bm25s as its makers show it, the best of twenty."""
    import bm25s  # type: ignore[import-untyped]

    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(changes["we_did"].tolist(), show_progress=False), show_progress=False)
    asked = bm25s.tokenize(comments["text"].tolist(), show_progress=False)
    found, _ = retriever.retrieve(asked, k=20, show_progress=False, n_threads=2)
    return np.asarray(found[:, 0])


def by_sklearn(comments: pd.DataFrame, changes: pd.DataFrame) -> np.ndarray:
    """TF-IDF of words, a sparse product."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]

    vectorizer = TfidfVectorizer(sublinear_tf=True)
    done = vectorizer.fit_transform(changes["we_did"])
    return np.asarray((vectorizer.transform(comments["text"]) @ done.T).toarray().argmax(axis=1))


def by_rapidfuzz(comments: pd.DataFrame, changes: pd.DataFrame) -> np.ndarray:
    """token_set_ratio of every pair, on two cores."""
    from rapidfuzz import fuzz, process

    return np.asarray(
        process.cdist(comments["text"], changes["we_did"], scorer=fuzz.token_set_ratio, workers=2).argmax(axis=1)
    )


def peak() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def say(name: str, seconds: float, note: str) -> None:
    """One line of the result."""
    print(f"{name:<44} {seconds:6.2f} s   peak {peak():5.0f} MB   {note}")  # noqa: T201


def main() -> None:
    """Measure and print; each line says what it is a measure of."""
    comments, changes, answers = draw()
    policy = MatchingPolicy()
    say(f"n = {COMMENTS:,} comments, {CHANGES:,} changes", 0, "texts drawn; import of everything included in the peak")
    match(comments.head(1), changes.head(1), {}, policy)  # scipy is imported at the first use
    started = time.perf_counter()
    pool = prepare(comments, changes, {}, Window.of(policy))
    ranking = rank(pool)
    seconds = time.perf_counter() - started
    uids = np.array(pool.change_uids)[ranking.changes[:, 0]]
    right = uids == changes["change_uid"].to_numpy()[answers[[int(uid[1:]) for uid in pool.comment_uids]]]
    say("ranking: encode, block, score, probability", seconds, f"recall at 1 {right.mean():.2f}")
    started = time.perf_counter()
    offered = match(comments, changes, {}, policy)
    seconds = time.perf_counter() - started
    say("match: the same, with a reason for every comment", seconds, f"{len(offered):,} suggestions and abstentions")
    started = time.perf_counter()
    match(comments.head(NEW), changes, {}, policy)
    say(f"match: {NEW} new comments", time.perf_counter() - started, "")
    started = time.perf_counter()
    best = plain_cosine(comments, changes)
    say(
        "baseline: dense TF-IDF cosine, no dates, reasons",
        time.perf_counter() - started,
        f"recall at 1 {(best == answers).mean():.2f}",
    )
    for name, baseline in (("bm25s", by_bm25s), ("scikit-learn TF-IDF", by_sklearn), ("rapidfuzz", by_rapidfuzz)):
        asked = SAMPLE if name == "rapidfuzz" else COMMENTS
        started = time.perf_counter()
        best = baseline(comments.head(asked), changes)
        seconds = time.perf_counter() - started
        say(f"{name}: {asked:,} comments", seconds, f"recall at 1 {(best == answers[:asked]).mean():.2f}")


if __name__ == "__main__":
    main()
