"""Schools, colleges and nurseries by name: read backwards from the word that says what they are."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from heardback.domain.identifying.lexicon import Lexicon

KIND = re.compile(
    r"\b(?:school|academy|college|nursery|pre-?school|primary|infants?|juniors?|secondary|high|grammar|sixth form"
    r"|comp(?:rehensive)?|pupil referral unit|prep|pru)\b",
    re.IGNORECASE,
)
# "oakmere primary" names one, "thornbury high" only where somebody goes there.
WEAK = frozenset({"high", "prep", "infant", "infants", "junior", "juniors", "secondary", "pru", "comp"})
WORD = re.compile(r"[Ss]t\.|[^\W\d_][\w'’-]*|&")
BEHIND = re.compile(r" ?(?:(?:school|academy|college|nursery|sixth form|centre)\b ?){1,2}", re.IGNORECASE)
SORTS = frozenset({
    "special", "girls", "girls'", "girls’", "boys", "boys'", "boys’", "community", "catholic", "rc", "r.c.", "c",
    "of", "e", "cofe", "ce", "church", "england", "free", "primary", "infant", "infants", "junior", "juniors",
    "high", "grammar", "nursery", "international", "jewish", "islamic", "muslim", "academy", "comprehensive",
    "secondary", "sixth", "form", "lower", "upper", "middle", "and", "&", "va", "vc", "city", "studio", "technical",
    "school", "college", "girls's",
})  # fmt: skip
JOINING = frozenset({"of", "the", "and", "&", "st", "st.", "saint", "our", "lady"})
PLACE_WORDS = frozenset({
    "park", "hill", "lane", "green", "field", "road", "wood", "woods", "house", "bridge", "mill", "grange", "hall",
    "manor", "view", "vale", "brook", "common", "heath", "lodge", "oak", "valley", "river", "spring", "cross",
    "bank", "east", "west", "north", "south",
})  # fmt: skip
REACH = 8
CROWNED = frozenset({"st", "st.", "saint", "king", "queen", "prince", "lord", "lady", "bishop", "archbishop", "our"})
OUR_LADY = ["our", "lady"]
NO_NAME = frozenset({
    "the", "my", "our", "your", "his", "her", "their", "at", "in", "we", "i", "every", "all", "no", "this", "that",
    "when", "if", "from", "to", "for", "and", "of", "after", "before", "not", "why", "is", "any", "some", "more",
    "since", "because", "also",
})  # fmt: skip
PUPIL = re.compile(
    r"\b(?:go|goes|went|going|get|got|move|moved|start|started|starting|been|transfer|transferred) (?:to |at )?$"
    r"|\b(?:at|attends?|attended|joins?|joined|from|year \d{1,2} (?:at|in)|called|left|leaving|in) $",
    re.IGNORECASE,
)
KINDS = "primary|academy|high|grammar|infants|juniors|college|pru"
NOT_IN_A_NAME = (
    "an?|the|my|our|your|his|her|this|that|mainstream|special|primary|secondary|new|old|big|small|local|other|another|every|any|some|near"
    "|next|like|good|bad|nice|really|very|not|because|and|for|from|with|private|art|sixth|junior|infant|catholic|grammar|high"
)
SAINT = re.compile(
    r"\b(?:go|goes|went|attends?|year \d{1,2}|school(?: is|['’]s|:)) (?:to |at |in )?(?P<it>st\.? [a-z][\w'’-]{2,24})\b"
    rf"|\b(?P<lady>our lady (?:of )?(?:[a-z]{{2,}} ){{1,3}}(?:{KINDS})\b)"
    r"|\b(?:year \d{1,2} (?:at|in)|my (?:old |new )?school is|(?:kicked out|excluded|moved|expelled) (?:of|from|to))"
    r"(?: called)? "
    rf"(?P<said>(?:the )?(?:(?!(?:{NOT_IN_A_NAME})\b)[a-z][\w'’-]{{2,24}} ){{1,2}}(?:{KINDS})\b)"
    r"|\bpupils? at (?P<pupil>[A-Z][\w'’-]{2,24})\b",
    re.IGNORECASE,
)


class Word(NamedTuple):
    """A word before a school's kind, as written and in lower case, and where it starts in the text."""

    written: str
    lower: str
    start: int

    @property
    def is_capital(self) -> bool:
        """Whether it is written as a name is. In a text of capitals nothing is."""
        return self.written[0].isupper() and (len(self.written) < 3 or not self.written.isupper())


def find_schools(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """A name before the kind of school it is, in capitals or not; "our old school" and "primary school" have none."""
    done, found = 0, set()
    for kind in KIND.finditer(text):
        if kind.start() < done:
            continue
        behind = BEHIND.match(text, kind.end())
        done = behind.end() - (text[behind.end() - 1] == " ") if behind else kind.end()
        words = _words_before(text, kind.start())
        if _is_a_pupils(words, kind.group()):
            continue
        name = _capitals(words, kind.group(), lexicon) or _small(words, text[kind.start() : done], text, lexicon)
        if name:
            found.add((name[0].start, done))
    yield from sorted(found | {match.span(match.lastgroup or 0) for match in SAINT.finditer(text)})


def _is_a_pupils(words: list[Word], kind: str) -> bool:
    """Tiana Cole-Brown's school is hers; St Bride's school is one."""
    owned = bool(words) and words[-1].lower.endswith(("'s", "’s")) and kind[0].islower()
    return owned and not {word.lower for word in words} & CROWNED


def _words_before(text: str, end: int) -> list[Word]:
    """The last words before a place, as far back as single spaces part them, without the sort of school that it is."""
    window = text[max(0, end - REACH * 16) : end]
    words: list[Word] = []
    edge = len(window)
    for found in reversed(list(WORD.finditer(window))[-REACH:]):
        if window[found.end() : edge] != " ":
            break
        edge = found.start()
        words.insert(0, Word(found.group(), found.group().lower(), end - len(window) + found.start()))
    while words and words[-1].lower in SORTS:
        words.pop()
    return words


def _capitals(words: list[Word], kind: str, lexicon: Lexicon) -> list[Word]:
    """The capitals right before it ("Our Lady of Grace"); a lone ordinary one opens a sentence, and is no name."""
    first = len(words)
    while first and (words[first - 1].is_capital or words[first - 1].lower in JOINING):
        first -= 1
    name = words[first:]
    while name and (
        not name[0].is_capital or (name[0].lower in NO_NAME and [word.lower for word in name[:2]] != OUR_LADY)
    ):
        name = name[1:]
    telling = [word for word in name if word.is_capital and not lexicon.is_ordinary(word.lower.rstrip("."))]
    if telling or (len(name) > 1 and kind[0].isupper()) or (first and len(name) == 1 and kind[0].isupper()):
        return name
    return []


def _small(words: list[Word], kind: str, text: str, lexicon: Lexicon) -> list[Word]:
    """Without capitals: a word that is none of the language's, with "st" before it or "park" behind."""
    if not words or (kind.lower() in WEAK and not PUPIL.search(text[max(0, words[-1].start - 24) : words[-1].start])):
        return []
    place = len(words) - 1
    if words[place].lower in PLACE_WORDS:
        place -= 1
    if place < 0 or not _is_strange(words[place].lower, lexicon):
        saint = len(words) > 1 and words[-2].lower.rstrip(".") == "st"
        return words[-2:] if saint else []
    return words[place - 1 :] if place and words[place - 1].lower.rstrip(".") == "st" else words[place:]


def _is_strange(word: str, lexicon: Lexicon) -> bool:
    person = lexicon.is_given(word) or lexicon.is_given(re.sub(r"['’]?s$", "", word))
    return len(word) > 2 and not person and word not in lexicon.words and not lexicon.is_ordinary(word)
