"""How a phrase of screening.yaml becomes a pattern over what `spelling` has read, and how patterns are found fast."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from heardback.domain.screening.spelling import MOST_LETTERS

PIECE = re.compile(r"\.\.\.|\(|\)\?|\)|\||<\w+>|[^\W_]+\*?|[^\s\w]")
GAP = r"(?: [^ .]++){0,4}"
ANY_ENDING = r"[^ .]*+"
GRAMMAR = {")": "))", ")?": "))?", "|": "|", "...": GAP}
SPLIT_FROM = 6  # letters; a shorter word set apart is too often two other words: be at
RUN_ON_FROM = 3  # letters; the words that hold a shorter one are too many
MOST_KNOWN = 300_000  # words behind two letters of which is remembered what they hold; beyond it the memory begins anew
TELLING = 3  # letters; fewer stand in nearly every comment somewhere
MOST_PARTS = 4  # of a phrase, that are asked for before its pattern is
PART = "-"  # marks the beginning of a word whose letters were set apart


@dataclass
class Phrasebook:
    """The word groups and spellings of a council, and every word that its phrases turned out to use."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)

    def pattern(self, phrases: Iterable[str]) -> re.Pattern[str]:
        """One pattern that finds any of the phrases, word by word; one that finds nothing where there are none."""
        return _compiled(self.sources(phrases))

    def sources(self, phrases: Iterable[str]) -> str:
        """The phrases as the text of one pattern. Every part is bounded, so no comment can make it run away."""
        written = []
        for phrase in phrases:
            pieces = _pieces(phrase)
            written.append("".join(map(self._source, pieces, ["(", *pieces])))
        return "|".join(written)

    def openings(self, phrase: str) -> set[str]:
        """The words, or beginnings of words, with one of which everything that the phrase finds begins."""
        first: set[str] = set()
        opening, outside = True, [True]
        for piece in _pieces(phrase):
            if piece == "(":
                outside.append(opening)
            elif piece == "|":
                opening = outside[-1]
            elif piece in (")", ")?"):
                opening = outside.pop() and piece == ")?"
            elif opening:
                first |= self._first_words(piece)
                opening = False
        return first

    def needed(self, phrase: str) -> list[set[str]]:
        """Of its most telling parts the letters: what the phrase finds holds one of each, spaces left out."""
        parts = sorted(self._wanted(_pieces(phrase)), key=_rarity, reverse=True)
        return [words for words in parts if min(map(len, words)) >= TELLING][:MOST_PARTS]

    def _wanted(self, pieces: Sequence[str]) -> list[set[str]]:
        """The parts that must all be there, each as the letters of which it has one."""
        wanted: list[set[str]] = []
        last = ""  # words that follow each other are one run of letters, up to one of which only the beginning is given
        for part in _parts(pieces):
            if part[0] == "(" or part[0].startswith("<") or part[0] == "...":
                wanted.append(self._of_one(part))
                last = ""
                continue
            wanted = wanted[:-1] if last else wanted
            last += part[0][:-1] if part[0].endswith("*") else "".join(self._read(part[0]))
            wanted.append({last})
            last = "" if part[0].endswith("*") else last
        return wanted

    def _rarest(self, pieces: Sequence[str]) -> set[str]:
        rarest: set[str] = max([{""}, *self._wanted(pieces)], key=_rarity)
        return rarest

    def _of_one(self, part: Sequence[str]) -> set[str]:
        """One of several: the entries of a group of words, or the alternatives of a bracket that must be there."""
        if part[0] == "..." or part[-1] == ")?":
            return {""}
        if part[0] == "(":
            return {word for alternative in _alternatives(part[1:-1]) for word in self._rarest(alternative)}
        return {word for entry in self.groups[part[0][1:-1]] for word in self._rarest(_pieces(entry))}

    def _first_words(self, piece: str) -> set[str]:
        if piece.startswith("<"):
            return {word for entry in self.groups[piece[1:-1]] for word in self.openings(entry)}
        return {self._read(piece)[0].rstrip("*")}

    def _source(self, piece: str, before: str) -> str:
        if piece in GRAMMAR:
            return GRAMMAR[piece]
        # Where words may differ the space stands before them all: tried before each, it made the search 4 times slower.
        space = "" if before in ("(", "|") else " ?"
        if piece == "(":
            return f"(?:{space}(?:"
        if piece.startswith("<"):
            return f"{space}(?:{self.sources(self.groups[piece[1:-1]])})"
        if piece.endswith("*"):
            self.stems.add(piece[:-1])
            return f"{space}{piece[:-1]}{ANY_ENDING}"
        self.words.update(self._read(piece))
        return space + " ?".join(_split(word) for word in self._read(piece))

    def _read(self, piece: str) -> list[str]:
        return self.spellings.get(piece, piece).replace("'", "").lower().split()


class Finder:
    """Finds which of many phrases a text holds.

    It tries only those that may begin with one of its words, and of whose other parts it holds a word each; trying them
    all took twenty times as long. A pattern is compiled when it is first tried: all of them take two seconds.
    """

    def __init__(self, book: Phrasebook, phrases: Sequence[str]) -> None:
        self._sources = [book.sources([phrase]) for phrase in phrases]
        self._patterns: dict[int, re.Pattern[str]] = {}
        self._openings: dict[str, int] = defaultdict(int)
        self._parts: dict[str, int] = defaultdict(int)  # by word a bit for each phrase's first part, then its second
        self._every = 0  # the bits of parts that there are not
        for place, phrase in enumerate(phrases):
            needed = book.needed(phrase)
            for word in book.openings(phrase):
                self._index(word, 1 << place)
            for part in range(MOST_PARTS):
                bit = 1 << (place + part * len(phrases))
                self._every |= 0 if needed[part:] else bit
                for word in needed[part] if needed[part:] else ():
                    self._parts[word] |= bit
        self._with_three = _by_rarest_three(self._parts)
        self._candidates: dict[str, int] = {}
        self._following: dict[str, tuple[int, list[str]]] = {}

    def found(self, text: str) -> list[int]:
        """The places, in the list of phrases, of those that this text holds. The text is as `Speller.read` gives it."""
        candidates, known, words = 0, self._candidates, text.split()
        for word in words:
            candidates |= known[word] if word in known else self._remember(word)
        if not candidates:
            return []
        held = self._held(words)
        for part in range(MOST_PARTS):
            candidates &= held >> part * len(self._sources)
        return [place for place in _bits(candidates) if self.holds(text, place)]

    def holds(self, text: str, place: int) -> bool:
        """Whether this text holds the phrase at a place of the list."""
        return self._pattern(place).search(text) is not None

    def _held(self, words: Sequence[str]) -> int:
        """The bits of the parts of which the words hold one, spaces left out: each word with two letters before it."""
        held, last, known, spread = self._every, "", self._following, set[str]()
        for word in words:
            run = last + word
            if run not in known:
                known[run] = self._look_into(run)
            bits, longer = known[run]
            held |= bits
            if longer:
                spread.update(longer)
            last = run[-2:]
        letters = "".join(words) if spread else ""
        for word in spread:
            held |= self._parts[word] if word in letters else 0
        if len(known) > MOST_KNOWN:
            known.clear()
        return held

    def _look_into(self, run: str) -> tuple[int, list[str]]:
        """The bits of the words that stand in a run of letters, and the words of which it may be a piece."""
        bits, longer = 0, []
        for word in {word for three in _threes(run) for word in self._with_three.get(three, ())}:
            if word in run:
                bits |= self._parts[word]
            elif _reaches_over(word, run):
                longer.append(word)
        return bits, longer

    def _pattern(self, place: int) -> re.Pattern[str]:
        if place not in self._patterns:
            self._patterns[place] = _compiled(self._sources[place])
        return self._patterns[place]

    def _index(self, word: str, bit: int) -> None:
        self._openings[word] |= bit
        if len(word) >= SPLIT_FROM:
            for end in range(1, len(word)):
                self._openings[word[:end] + PART] |= bit

    def _remember(self, word: str) -> int:
        """Which phrases may begin with this word: alone, run together with the next one, or as a piece of a word."""
        run_on = (word[:end] for end in range(RUN_ON_FROM, min(len(word), MOST_LETTERS)))
        candidates = 0
        for opening in (word, word + PART, *run_on):
            candidates |= self._openings.get(opening, 0)
        self._candidates[word] = candidates
        return candidates


def _by_rarest_three(words: Iterable[str]) -> dict[str, list[str]]:
    """Words by the three letters in a row, of theirs, that the fewest of all have."""
    often = Counter(three for word in words for three in _threes(word))
    found = defaultdict(list)
    for word in words:
        found[min(_threes(word), key=lambda three: (often[three], three))].append(word)
    return dict(found)


def _reaches_over(word: str, run: str) -> bool:
    """Whether a run of letters is a piece of the word, or ends as it begins, or begins as it ends."""
    ends = range(TELLING, len(word))
    return run in word or any(run.endswith(word[:end]) or run.startswith(word[-end:]) for end in ends)


def _rarity(words: set[str]) -> tuple[int, int]:
    return min(len(word) for word in words), -len(words)


def _compiled(sources: str) -> re.Pattern[str]:
    return re.compile(f" (?:{sources})(?= )" if sources else r"(?!)")


def _parts(pieces: Sequence[str]) -> Iterator[Sequence[str]]:
    """The pieces one by one, and each bracket with all that is in it as one part."""
    start, depth = 0, 0
    for place, piece in enumerate(pieces):
        start = start if depth else place
        depth += (piece == "(") - piece.startswith(")")
        if not depth:
            yield pieces[start : place + 1]


def _alternatives(pieces: Sequence[str]) -> list[list[str]]:
    """What stands between the bars of a bracket, brackets within it left whole."""
    found: list[list[str]] = [[]]
    for part in _parts(pieces):
        if part[0] == "|":
            found.append([])
        else:
            found[-1] += part
    return found


def _pieces(phrase: str) -> list[str]:
    return PIECE.findall(phrase.replace("'", "").lower())


def _split(word: str) -> str:
    return " ?".join(word) if len(word) >= SPLIT_FROM else word


def _threes(letters: str) -> set[str]:
    return {letters[start : start + 3] for start in range(len(letters) - 2)}


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
