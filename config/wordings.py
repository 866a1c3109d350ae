"""wordings.yaml: public answers in other words, for an age band or in another language, written by people."""

from collections.abc import Collection
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from config.reading import Document, Fault, Knobs, Where

ENGLISH = "en-GB"
LABELS = ("said", "done", "will", "partly", "cannot", "already", "because")


class Version(Knobs):
    """One way of writing answers. `lang` is its BCP 47 tag; another language than English brings its own `labels`."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1, description="as its readers call it: Soomaali; For 8 to 11")
    lang: str = Field(default=ENGLISH, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    direction: Literal["ltr", "rtl"] = "ltr"
    intro: str = ""
    labels: dict[Literal["said", "done", "will", "partly", "cannot", "already", "because"], str] = {}

    @model_validator(mode="after")
    def _has_its_labels(self) -> Self:
        missing = [label for label in LABELS if label not in self.labels]
        if not self.lang.startswith("en") and missing:
            raise ValueError(f"'labels' lacks {', '.join(missing)}: nothing is translated by a machine")
        return self


class Wording(Knobs):
    """One answer in one version. It holds for the decision of `decided_on` alone: a new one has to be written anew."""

    loop: str = Field(pattern=r"^L-\d+$")
    version: str
    decided_on: date
    said: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    because: str = ""
    approved_by: tuple[str, ...] = Field(min_length=2, description="two different people, who can read it")
    since: date

    @model_validator(mode="after")
    def _was_checked_by_two(self) -> Self:
        if len(set(self.approved_by)) < len(self.approved_by):
            raise ValueError("'approved_by' names one person twice; two different people check a wording")
        return self


class Wordings(Knobs):
    """All of wordings.yaml."""

    versions: tuple[Version, ...] = ()
    entries: tuple[Wording, ...] = ()


def wording_faults(wordings: Wordings, document: Document, people: Collection[str]) -> list[Fault]:
    """Versions that stand twice, wordings of a version that there is not, and people who are not listed."""
    codes = [version.code for version in wordings.versions]
    faults = [
        document.fault(("versions", position, "code"), f"'{code}' stands twice; keep one")
        for position, code in enumerate(codes)
        if code in codes[:position]
    ]
    for position, entry in enumerate(wordings.entries):
        faults += entry_faults(entry, document, wordings, people, ("entries", position))
    return faults


def entry_faults(
    entry: Wording, document: Document, wordings: Wordings, people: Collection[str], at: Where = ()
) -> list[Fault]:
    """What is wrong with one wording, whichever file it stands in."""
    faults = []
    if entry.version not in {version.code for version in wordings.versions}:
        what = f"'{entry.version}' is not among `versions` in wordings.yaml"
        faults.append(document.fault((*at, "version"), what))
    faults += [
        document.fault((*at, "approved_by"), f"'{person}' is not among the people of services.yaml")
        for person in entry.approved_by
        if person not in people
    ]
    return faults
