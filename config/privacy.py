"""privacy.yaml, which a council need not write, and the lists of names that Heardback ships."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from config.reading import Knobs

NAMES = Path(__file__).parent / "names"


class PrivacyLists(Knobs):
    """What a council adds to the shipped lists. Capitals do not matter in any of them."""

    given_names: tuple[str, ...] = ()
    never_names: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShippedLists:
    """Words in lower case, each list as the head of its file under config/names describes it."""

    given_names: frozenset[str]
    word_names: frozenset[str]
    surnames: frozenset[str]
    ordinary_words: frozenset[str]
    not_people: frozenset[str]


@lru_cache(maxsize=1)  # files of the package: they change with a release alone
def shipped_lists() -> ShippedLists:
    """The lists of config/names, read once."""
    return ShippedLists(**{name: _words_of(name) for name in ShippedLists.__dataclass_fields__})


def _words_of(name: str) -> frozenset[str]:
    lines = (NAMES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
