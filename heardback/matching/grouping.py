"""Comments that say the same in nearly the same words share a fingerprint, and may share a loop."""

from hashlib import blake2b

import pandas as pd

from heardback.matching.text import stems_of, words_of

LEAST_STEMS = 2  # "good", "no idea": alike without meaning the same


def fingerprints(texts: pd.Series) -> pd.Series:
    """A fingerprint for each text (index kept), missing where the text says too little to be the same as another.

    Capitals, punctuation, endings, stop words and a word said twice do not count; the order of the words and "not" do.
    It can be guessed back to a short comment: keep it only where the comment's words may be kept, and delete both.
    """
    said = [words_of(text) for text in texts.fillna("").astype(str)]
    different = sorted({word for words in said for word in words})
    stem_of = dict(zip(different, stems_of(different), strict=True))
    found = [_fingerprint([stem_of[word] for word in words]) for words in said]
    return pd.Series(found, index=texts.index, dtype="str")


def _fingerprint(stems: list[str]) -> str | None:
    if len(set(stems)) < LEAST_STEMS:
        return None
    once = [stem for stem, before in zip(stems, ["", *stems], strict=False) if stem != before]
    return blake2b(" ".join(once).encode(), digest_size=16).hexdigest()
