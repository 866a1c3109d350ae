"""How fast the matcher is: 10,000 comments against 1,000 changes, beside others in the same run.

The texts are drawn by a fixed seed: words of a made-up language, as rare and as common as real ones; a comment keeps a
few words of the change that answers it, some misspelt, among words of its own. Recall here only shows that both did the
work; what the matcher finds in real words is measured by `heardback match evaluate`.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from config.policy import MatchingPolicy
from heardback.matching.blocking import Window
from heardback.matching.pool import prepare
from heardback.matching.ranking import rank
from heardback.matching.register import Register
from heardback.matching.suggesting import match
from heardback.matching.text import words_of

NEW, OFTEN = 100, 20  # new comments against a register that is there already, so often
VOCABULARY = 6_000
SAMPLE = 1_000  # for the slowest
RUN = 100_000  # of a million comments so many at a time, against one register
DAYS = 700


@dataclass(frozen=True)
class Drawn:
    """Changes, and the words that they and the comments are drawn from."""

    changes: pd.DataFrame
    written: list[np.ndarray]
    words: np.ndarray
    odds: np.ndarray

    @classmethod
    def of(cls, changes: int, services: int, seed: int = 7) -> Drawn:
        """So many changes of so many services, over two years."""
        dice = np.random.default_rng(seed)
        letters = list("aeioubdfglmnprst")
        words = np.array(["".join(dice.choice(letters, dice.integers(4, 10))) for _ in range(VOCABULARY)])
        odds = 1 / np.arange(3, VOCABULARY + 3)
        odds /= odds.sum()
        written = [dice.choice(words, 30, p=odds) for _ in range(changes)]
        days = pd.Timestamp("2026-01-01") + pd.to_timedelta(dice.integers(0, DAYS, changes), unit="D")
        codes = [f"service_{number:02}" for number in dice.integers(0, services, changes)]
        frame = pd.DataFrame({"change_uid": [f"c{n:05}" for n in range(changes)], "service_code": codes})
        texts = {"title": "", "you_said": "", "we_did": [" ".join(text) for text in written]}
        return cls(frame.assign(changed_on=days, **texts), written, words, odds)

    def comments(self, count: int, seed: int = 8) -> tuple[pd.DataFrame, np.ndarray]:
        """So many comments, and for each the position of the change that answers it."""
        dice = np.random.default_rng(seed)
        answers = dice.integers(0, len(self.written), count)
        own = dice.choice(self.words, (count, 9), p=self.odds)
        said = [
            " ".join([*spoil(dice, dice.choice(self.written[answer], 5)), *more])
            for answer, more in zip(answers, own, strict=True)
        ]
        heard = self.changes["changed_on"].to_numpy()[answers] - dice.integers(0, 200, count).astype("timedelta64[D]")
        services = self.changes["service_code"].to_numpy()[answers]
        frame = pd.DataFrame({"comment_uid": [f"m{n:07}" for n in range(count)], "service_code": services})
        return frame.assign(heard_on=heard, text=said), answers


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


def say(name: str, began: tuple[float, float], note: str) -> None:
    """One line of the result: seconds by the clock, and of processors."""
    clock, busy = time.perf_counter() - began[0], time.process_time() - began[1]
    print(f"{name:<50} {clock:7.2f} s   {busy:7.2f} s of processors   peak {peak():5.0f} MB   {note}")  # noqa: T201


def now() -> tuple[float, float]:
    """Where the clock and the processors stand."""
    return time.perf_counter(), time.process_time()


def ranked(comments: pd.DataFrame, changes: pd.DataFrame | Register, uids: pd.Series, answers: np.ndarray) -> float:
    """Encode, compare, score, judge; returns the share of comments whose best change is the right one."""
    pool = prepare(comments, changes, {}, Window.of(MatchingPolicy()))
    best = rank(pool).changes[:, 0]
    right = uids.to_numpy()[answers[[int(uid[1:]) for uid in pool.comment_uids]]]
    return float((np.array(pool.change_uids)[best] == right).mean())


def one_size(count: int, size: int, services: int = 8) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Draw, rank, and say how long it took."""
    drawn = Drawn.of(size, services)
    comments, answers = drawn.comments(count)
    changes = drawn.changes
    match(comments.head(1), changes.head(1), {}, MatchingPolicy())  # scipy is imported at the first use
    say(f"n = {count:,} comments, {size:,} changes", now(), "texts drawn; they and imports are in every peak")
    began = now()
    recall = ranked(comments, changes, changes["change_uid"], answers)
    say("ranking: encode, compare, score, probability", began, f"recall at 1 {recall:.2f}")
    return comments, changes, answers


def new_ones(size: int = 10_000) -> None:
    """A hundred new comments against a register that is there already; the median of OFTEN such hundreds."""
    drawn = Drawn.of(size, 8)
    comments = drawn.comments(NEW * OFTEN)[0].sort_values("heard_on")  # those of five weeks come together
    began = now()
    register = Register.of(drawn.changes)
    prepare(comments.head(1), register, {}, Window.of(MatchingPolicy()))
    say(f"register: {size:,} changes made ready", began, "")
    clock, busy = [], []
    for start in range(0, NEW * OFTEN, NEW):
        began = now()
        rank(prepare(comments.iloc[start : start + NEW], register, {}, Window.of(MatchingPolicy())))
        clock.append(time.perf_counter() - began[0])
        busy.append(time.process_time() - began[1])
    took = f"{np.median(clock) * 1e3:.0f} ms by the clock, {np.median(busy) * 1e3:.0f} ms of processors"
    print(f"{NEW} new comments against them: {took} (median of {OFTEN})")  # noqa: T201


def million(runs: int = 10, size: int = 20_000, services: int = 40) -> None:
    """A million comments against 20,000 changes of 40 services, a tenth at a time against one register."""
    drawn = Drawn.of(size, services)
    began = now()
    register = Register.of(drawn.changes)
    say(f"register: {size:,} changes of {services} services", began, "")
    for run in range(runs):
        comments, answers = drawn.comments(RUN, seed=run)
        began = now()
        recall = ranked(comments, register, drawn.changes["change_uid"], answers)
        say(f"comments up to {(run + 1) * RUN:,}", began, f"recall at 1 {recall:.2f}")


def beside_others(comments: pd.DataFrame, changes: pd.DataFrame, answers: np.ndarray) -> None:
    """The same work by others, in the same run."""
    began = now()
    best = plain_cosine(comments, changes)
    say("baseline: dense TF-IDF cosine, no dates, reasons", began, f"recall at 1 {(best == answers).mean():.2f}")
    for name, baseline in (("bm25s", by_bm25s), ("scikit-learn TF-IDF", by_sklearn), ("rapidfuzz", by_rapidfuzz)):
        asked = SAMPLE if name == "rapidfuzz" else len(comments)
        began = now()
        best = baseline(comments.head(asked), changes)
        say(f"{name}: {asked:,} comments", began, f"recall at 1 {(best == answers[:asked]).mean():.2f}")


def main(wanted: str = "") -> None:
    """Measure and print; each line says what it is a measure of. `--large` and `--million` take minutes."""
    if wanted == "--million":
        million()
    elif wanted == "--large":
        one_size(100_000, 10_000)
    else:
        comments, changes, answers = one_size(10_000, 1_000)
        began = now()
        offered = match(comments, changes, {}, MatchingPolicy())
        say("match: the same, with a reason for every comment", began, f"{len(offered):,} suggestions and abstentions")
        beside_others(comments, changes, answers)
        new_ones()


if __name__ == "__main__":
    main(*sys.argv[1:2])
