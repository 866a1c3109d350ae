"""thesaurus.yaml: words that mean the same in children's services, and wishes that contradict each other.

The shipped file stands under every council's own: a council's groups are added to the shipped ones, those of a shipped
name to that group, and `leave_out` drops shipped groups that mislead here. A council with nothing to add needs no file.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pydantic import Field, field_validator

from config.reading import Fault, Knobs, Where, read_model

SHIPPED = Path(__file__).parent / "thesaurus.yaml"

_ALIKE = str.maketrans({"’": "", "'": "", "`": "", "-": " "})


def plain(term: str) -> str:
    """How a term is compared: capitals, apostrophes, hyphens and spaces make no difference."""
    return " ".join(term.casefold().translate(_ALIKE).split())


class WordGroup(Knobs):
    """One meaning and the words for it. The name is the first of them; a word may be several words in a row."""

    name: str = Field(min_length=2, max_length=60)
    words: tuple[str, ...] = ()

    @field_validator("words")
    @classmethod
    def _are_words(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        if wordless := [word for word in words if not re.search(r"[^\W_]", word)]:
            raise ValueError(f"'{wordless[0]}' holds no letter and no digit; remove it")
        return words

    @property
    def terms(self) -> tuple[str, ...]:
        """The name and the words as they are compared, each once, in the order of the file."""
        return tuple(dict.fromkeys(plain(term) for term in (self.name, *self.words)))

    def joined(self, other: "WordGroup") -> "WordGroup":
        """This group with the words of another behind its own."""
        return WordGroup(name=self.name, words=(*self.words, *other.words))


class Thesaurus(Knobs):
    """Groups of words for one meaning, wishes of the same build, and which two wishes contradict each other."""

    groups: tuple[WordGroup, ...] = ()
    wishes: tuple[WordGroup, ...] = ()
    opposites: tuple[tuple[str, str], ...] = ()
    leave_out: tuple[str, ...] = Field(default=(), description="shipped groups or wishes that mislead here")

    @property
    def edition(self) -> str:
        """What can be kept with a suggestion: it differs wherever what the thesaurus says differs."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:12]


def read_thesaurus(folder: Path) -> tuple[Thesaurus | None, list[Fault]]:
    """The shipped thesaurus with what a configuration folder adds to it; None where anything is wrong."""
    shipped, faults = _shipped()
    path = folder / SHIPPED.name
    if shipped is None or not path.exists() or path.samefile(SHIPPED):
        return shipped, list(faults)
    own, faults = _read(path, shipped)
    return (_added(shipped, own), []) if own else (None, faults)


@lru_cache(maxsize=1)  # a file of the package: it changes with a release alone
def _shipped() -> tuple[Thesaurus | None, list[Fault]]:
    return _read(SHIPPED, Thesaurus())


def _read(path: Path, beneath: Thesaurus) -> tuple[Thesaurus | None, list[Fault]]:
    thesaurus, document, faults = read_model(Thesaurus, path)
    if thesaurus and document:
        faults = [document.fault(where, what) for where, what in _problems(thesaurus, beneath)]
    return (None if faults else thesaurus), faults


def _problems(own: Thesaurus, beneath: Thesaurus) -> Iterator[tuple[Where, str]]:
    yield from _group_problems("groups", own.groups)
    yield from _group_problems("wishes", own.wishes)
    known = {wish.name for wish in (*own.wishes, *beneath.wishes)} - set(own.leave_out)
    for position, pair in enumerate(own.opposites):
        for side in (0, 1):
            if pair[side] not in known:
                yield ("opposites", position, side), f"'{pair[side]}' is the name of none of the wishes"
        if pair[0] == pair[1]:
            yield ("opposites", position), f"'{pair[0]}' cannot contradict itself"
    shipped = {group.name for group in (*beneath.groups, *beneath.wishes)}
    for position, name in enumerate(own.leave_out):
        if name not in shipped:
            yield ("leave_out", position), f"'{name}' is the name of no shipped group or wish"


def _group_problems(section: str, groups: Sequence[WordGroup]) -> Iterator[tuple[Where, str]]:
    names: set[str] = set()
    for position, group in enumerate(groups):
        if group.name in names:
            yield (section, position, "name"), f"the group '{group.name}' stands twice; put its words together"
        names.add(group.name)
        if len(group.terms) < 2:
            yield (section, position), f"the group '{group.name}' has one word; it takes two to say the same"
        for place in _repeated((group.name, *group.words)):
            where = (section, position, "words", place - 1)
            yield where, f"'{group.words[place - 1]}' stands twice in the group '{group.name}'; keep one"


def _repeated(terms: Iterable[str]) -> list[int]:
    """Where a term stands that stood before, as it is compared."""
    seen: set[str] = set()
    places = []
    for place, term in enumerate(map(plain, terms)):
        if term in seen:
            places.append(place)
        seen.add(term)
    return places


def _added(shipped: Thesaurus, own: Thesaurus) -> Thesaurus:
    """The shipped thesaurus and a council's own as one."""
    wishes = _joined(shipped.wishes, own.wishes, own.leave_out)
    names = {wish.name for wish in wishes}
    pairs = dict.fromkeys((*shipped.opposites, *own.opposites))
    return Thesaurus(
        groups=_joined(shipped.groups, own.groups, own.leave_out),
        wishes=wishes,
        opposites=tuple(pair for pair in pairs if names.issuperset(pair)),
    )


def _joined(shipped: Sequence[WordGroup], own: Sequence[WordGroup], without: Sequence[str]) -> tuple[WordGroup, ...]:
    by_name = {group.name: group for group in shipped if group.name not in without}
    for group in own:
        by_name[group.name] = by_name[group.name].joined(group) if group.name in by_name else group
    return tuple(by_name.values())
