"""screening.yaml: the phrases that hold a comment back, divert it, or say that it asks for nothing."""

import re
from pathlib import Path
from typing import Self

from pydantic import Field, InstanceOf, field_validator, model_validator

from config.reading import Fault, Knobs, read_model
from config.weights import Weights, read_weights

PIECE = re.compile(r"\.\.\.|[()|]|\)\?|\?|<\w+>|[^\W_]+\*?|\S")


def phrase_fault(phrase: str) -> str:
    """What is wrong with the writing of a phrase; empty where nothing is."""
    depth = 0
    for piece in PIECE.findall(phrase.replace("'", "")):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if depth < 0:
            return "a bracket closes that was never opened"
        if piece == "|" and not depth:
            return "alternatives stand between brackets: (hits|slaps) me"
        if piece == "*":
            return "'*' stands at the end of a word: suicid*"
        if len(piece) == 1 and piece.isascii() and not piece.isalnum() and piece not in "()|?":
            return f"'{piece}' means nothing in a phrase; the top of the file shows how one is written"
    if phrase.startswith("...") or phrase.endswith("..."):
        return "'...' stands between words"
    return "a bracket is never closed" if depth else ""


class Phrase(Knobs):
    """Words that, met in a comment, mean something. How one is written: the top of screening.yaml."""

    phrase: str = Field(min_length=2)
    reason: str = Field(min_length=3, description="what staff see instead of the child's words")
    priority: int = Field(default=2, ge=1, le=3, description="1 is read first")
    alone: bool = Field(default=True, description="false: its reason adds to what the words weigh")

    @field_validator("phrase")
    @classmethod
    def _is_well_written(cls, phrase: str) -> str:
        if fault := phrase_fault(phrase):
            raise ValueError(fault)
        return phrase


class LikenessMarks(Knobs):
    """When a comment is held back that no phrase finds: by how much it reads like the examples of disclosures.

    The marks are log-odds: 0 is as much like the disclosures as like the other examples.
    """

    hold_at: float = Field(default=-1.9, ge=-10, le=10)
    sentence_less: float = Field(
        default=2.0, ge=0, le=20, description="by how much more one sentence alone must weigh than a whole comment"
    )
    soon_at: float = Field(default=1.0, ge=-10, le=10, description="from here on it is read with priority 2, not 3")
    reason: str = Field(default="reads like a disclosure", min_length=3)

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.soon_at < self.hold_at:
            raise ValueError(f"'soon_at' ({self.soon_at}) must not be under 'hold_at' ({self.hold_at})")
        return self


class ScreeningPhrases(Knobs):
    """Every list is a council's own; the version is kept with what it held back.

    `weights` do not stand in the file: they were learned from examples, and `read_screening` brings them.
    """

    version: str
    word_groups: dict[str, tuple[str, ...]] = Field(default={}, description="<name> in a phrase: any of these")
    spellings: dict[str, str] = Field(default={}, description="another way of writing a word: how it is read")
    misspelt: tuple[str, ...] = Field(default=(), description="understood with one slip too")
    not_slips: tuple[str, ...] = Field(default=(), description="right as they stand, though a slip from one of those")
    harmless: tuple[str, ...] = Field(default=(), description="set aside before the phrases are looked for")
    disclosures: tuple[Phrase, ...] = Field(min_length=1)
    about_staff: tuple[str, ...] = Field(default=(), description="reasons that accuse staff: kept from their service")
    likeness: LikenessMarks = LikenessMarks()
    weights: InstanceOf[Weights] | None = Field(default=None, exclude=True, repr=False)
    complaints: tuple[Phrase, ...] = ()
    non_answers: tuple[str, ...] = ()
    praise: tuple[str, ...] = ()
    wishes: tuple[str, ...] = Field(default=(), description="signs that praise asks for something too")
    given_names: tuple[str, ...] = ()
    word_names: tuple[str, ...] = Field(default=(), description="names that are words too: Grace, Will")
    schools: tuple[str, ...] = Field(default=(), description="schools and places that a pattern would not know")

    @property
    def edition(self) -> str:
        """What is kept with each comment: the version of the list, and which weights were used beside it."""
        return f"{self.version} weights {self.weights.digest}" if self.weights else self.version

    @model_validator(mode="after")
    def _groups_exist(self) -> Self:
        plain = (*self.harmless, *self.non_answers, *self.praise, *self.wishes)
        entries = [entry for group in self.word_groups.values() for entry in group]
        if any("<" in entry for entry in entries):
            raise ValueError("a word group holds words, not other groups")
        for phrase in (*plain, *entries):
            if fault := phrase_fault(phrase):
                raise ValueError(f"'{phrase}': {fault}")
        listed = [held.phrase for held in (*self.disclosures, *self.complaints)]
        for phrase in (*listed, *plain):
            if unknown := set(re.findall(r"<(\w+)>", phrase)) - set(self.word_groups):
                raise ValueError(f"'{phrase}' names a word group that does not exist: {', '.join(sorted(unknown))}")
        return self

    @model_validator(mode="after")
    def _reasons_exist(self) -> Self:
        reasons = {self.likeness.reason, *(phrase.reason for phrase in self.disclosures)}
        if unknown := [reason for reason in self.about_staff if reason not in reasons]:
            raise ValueError(f"'{unknown[0]}' under about_staff is the reason of no phrase that holds a comment back")
        return self


def read_screening(folder: Path) -> tuple[ScreeningPhrases | None, list[Fault]]:
    """The phrases of a configuration folder, with the weights that go beside them; None where anything is wrong."""
    phrases, _, faults = read_model(ScreeningPhrases, folder / "screening.yaml")
    weights, weight_faults = read_weights(folder)
    if phrases is None or weights is None:
        return None, [*faults, *weight_faults]
    return phrases.model_copy(update={"weights": weights}), []
