"""What a text is made of: its words, their stems, and runs of four letters that survive a typo."""

import re
import unicodedata
from collections.abc import Sequence

import Stemmer

LETTERS = 4
APOSTROPHES = "’'`"
END = "\0"

_MARKUP = re.compile(r"<[^<>\0]{1,200}>")  # never from one text into the next
_SHORT_HYPHEN = re.compile(r"\b(\w{1,2})-(?=\w)")
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_END = re.compile(rf"[^\W_]+|{END}")

# "no", "not", "more", "less" and "stop" are missing on purpose: they carry the wish.
STOP_WORDS = frozenset(
    _WORD.findall("""
    a about after all also am an and any are as at be because been being but by can could did do does doing done for
    from get got had has have having he her here hers him his how i if im in into is it its itself just lets like me my
    of on one or our out own really s she should so some such t than that the their them then there these they thing
    this those to too u up us very was we were what when where which while who whom why will with would ya you your
    yours
    """)
)


def normalise(text: str) -> str:
    """Lower case, one form of every character, no markup; "wi-fi" and "wifi", "didn't" and "didnt" become one."""
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()
    plain = _MARKUP.sub(" ", plain) if "<" in plain else plain
    for apostrophe in APOSTROPHES:
        plain = plain.replace(apostrophe, "")
    return _SHORT_HYPHEN.sub(r"\1", plain) if "-" in plain else plain


def words_of_each(texts: Sequence[str]) -> list[str]:
    """The words of many texts in one list, END after each text's: they are read as one, which takes half the time."""
    together = END.join([*texts, ""])
    if together.count(END) > len(texts):
        together = END.join([*(text.replace(END, " ") for text in texts), ""])
    return _WORD_OR_END.findall(normalise(together))


def every_word_of(text: str) -> list[str]:
    """All words in order, stop words too: runs of letters and digits."""
    return words_of_each([text])[:-1]


def words_of(text: str) -> list[str]:
    """The words that mean something, in order: those of `every_word_of` without the stop words."""
    return [word for word in every_word_of(text) if word not in STOP_WORDS]


def stems_of(words: Sequence[str]) -> list[str]:
    """The stem of each word, in the words' order. A stemmer of its own per call, because PyStemmer's are not
    safe across threads.
    """
    return [str(stem) for stem in Stemmer.Stemmer("english", 0).stemWords(list(words))]
