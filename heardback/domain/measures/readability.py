"""How old a reader has to be for a text: Flesch and Kincaid's grade level (1975), as years of age.

Ten lines instead of a library: newer versions of textstat fetch word lists when they are first used. Syllables are
groups of vowels, a silent e left out; that is rough for one word and about right for a sentence.
"""

import re

WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)?")
SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
VOWELS = re.compile(r"[aeiouyà-ÿ]+", re.IGNORECASE)
SILENT = re.compile(r"(?<=[^aeiouyl])e(?:s|d)?$", re.IGNORECASE)
FIRST_GRADE = 5  # children of grade 0 are about five years old
AIM = 9  # the reading age that the board aims at


def reading_age(text: str) -> float:
    """Years of age, to one decimal and at least 5; 5 for a text without words."""
    words = WORD.findall(text)
    if not words:
        return float(FIRST_GRADE)
    sentences = max(1, len(SENTENCE.findall(text)))
    syllables = sum(max(1, len(VOWELS.findall(SILENT.sub("", word)))) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return round(max(0.0, grade) + FIRST_GRADE, 1)
