"""What the matcher may use beside the words: the thesaurus, the encoder with its kept vectors, what people judged."""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.policy import MatchingPolicy
from heardback.errors import ConfigurationError
from heardback.matching.bridges import Bridges
from heardback.matching.decision import Judgement
from heardback.matching.encoder import Encoder
from heardback.matching.in_force import encoder_in_force
from heardback.matching.learning import LEAST_JUDGED, Judged, learn
from heardback.matching.meaning import Once, pieces_of
from heardback.matching.network import DIMENSIONS
from heardback.matching.pool import Knowledge
from heardback.store import LearnedJudgement
from heardback.store.judgements import confirmed_links, judged_candidates, last_learned, refused_changes
from heardback.store.meanings import Kept, keep_meanings, kept_meanings
from heardback.store.session import reading, transaction
from tasks.workplace import Workplace

KEPT_AS = np.float16  # half the bytes; a cosine moves by less than 0.001


def knowledge_of(work: Workplace, comments: pd.DataFrame, changes: pd.DataFrame) -> Knowledge:
    """What may be used for these comments and changes; what nobody has encoded yet is encoded and kept."""
    encoder = encoder_in_force(work.council.policy.matching, work.council.folder)
    with reading(work.store) as session:
        confirmed, refused = confirmed_links(session), refused_changes(session)
        learned = _in_force(session, encoder.name if encoder else "")
    # where no change is on record there is nothing to compare with: the first register is when encoding begins
    needed = encoder if len(changes) else None
    encode = _vectors(work.store, needed, _texts(comments, changes, confirmed)) if needed else None
    bridges = Bridges.of(work.council.thesaurus)
    return Knowledge(bridges, encode, encoder.name if encoder else "", confirmed, learned, refused)


def learn_anew(work: Workplace, at: datetime) -> Judgement | None:
    """Fit the judgement anew where enough was judged since the last time; what is better is kept, as a new version.

    Returns it, or None where the present one stays.
    """
    model = encoder_in_force(work.council.policy.matching, work.council.folder)
    name = model.name if model else ""
    hand = Judgement.by_hand(with_meaning=bool(name))
    with reading(work.store) as session:
        rows = judged_candidates(session, hand.version, len(hand.weights))
        present = _in_force(session, name) or hand
    if len(rows) < LEAST_JUDGED or len(rows) - present.judged < LEAST_JUDGED:
        return None
    judged = Judged(
        np.array(rows["features"].tolist()), rows["right"].to_numpy(dtype=bool), rows["loop_uid"].to_numpy(dtype=str)
    )
    better, before, after = learn(judged, present, hand, f"{hand.version}-learned-{len(rows)}")
    if better is present:
        return None
    losses = {"loss_before": before, "loss_after": after}
    with transaction(work.store) as session:
        session.add(
            LearnedJudgement(
                version=better.version, model=name, weights=list(better.weights), constant=better.constant,
                judged=better.judged, made_at=at, **losses,
            )
        )  # fmt: skip
    return better


def _in_force(session: Session, model: str) -> Judgement | None:
    """What was learned last; weights of an earlier matcher, whose features were others, are never taken for these."""
    row = last_learned(session, model, Judgement.by_hand(with_meaning=bool(model)).version)
    return Judgement(row.version, tuple(row.weights), row.constant, row.judged) if row else None


def _texts(comments: pd.DataFrame, changes: pd.DataFrame, confirmed: pd.DataFrame) -> dict[str, list[str]]:
    """The pieces of every comment and change, by its id."""
    said = pd.concat([comments[["comment_uid", "text"]], confirmed[["comment_uid", "text"]]])
    texts = {uid: pieces_of(text or "") for uid, text in said.itertuples(index=False)}
    fields = changes[["change_uid", "title", "you_said", "we_did"]].fillna("")
    return texts | {uid: pieces_of(*rest) for uid, *rest in fields.itertuples(index=False)}


def _vectors(store: Engine, encoder: Encoder, texts: dict[str, list[str]]) -> Once:
    """An encoder that knows every piece of these texts: from the database, or encoded now and kept there."""
    with reading(store) as session:
        kept = kept_meanings(session, encoder.name, texts)
    known: dict[str, np.ndarray] = {}
    for owner, row in kept.items():
        if row.text_hash == _hash(texts[owner]):
            known |= zip(texts[owner], _unpacked(row.vectors), strict=True)
    missing = [owner for owner in texts if owner not in kept or kept[owner].text_hash != _hash(texts[owner])]
    once = Once(_rounded(encoder), known=known)
    if missing:
        once(sorted({piece for owner in missing for piece in texts[owner]}))
        new = {owner: Kept(_hash(texts[owner]), once(texts[owner]).astype(KEPT_AS).tobytes()) for owner in missing}
        with transaction(store) as session:
            keep_meanings(session, encoder.name, new)
    return once


def _rounded(encoder: Encoder) -> Callable[[Sequence[str]], np.ndarray]:
    """As the vectors are kept: so the first run says what every later one says."""
    return lambda texts: encoder.encode(texts).astype(KEPT_AS).astype(np.float32)


def _unpacked(vectors: bytes) -> np.ndarray:
    return np.frombuffer(vectors, dtype=KEPT_AS).reshape(-1, DIMENSIONS).astype(np.float32)


def _hash(pieces: Sequence[str]) -> str:
    return sha256("\x1f".join(pieces).encode()).hexdigest()


def in_force(policy: MatchingPolicy, folder: Path) -> str:
    """One line for `heardback check`: how this council's comments are matched."""
    try:
        encoder = encoder_in_force(policy, folder)
    except ConfigurationError as error:
        return f"matching is by words: {error.faults[0]}"
    if encoder is None:
        return "matching is by words; the sentence encoder is not installed, and what is said otherwise is missed"
    return f"matching is by words and meaning ({encoder.name}, in {encoder.folder.name})"
