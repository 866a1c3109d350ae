"""screening.yaml: the phrases that hold a comment back, divert it, or say that it asks for nothing."""

from pydantic import Field

from config.reading import Knobs


class Phrase(Knobs):
    """Words that, met in a comment, mean something. `*` at a word's end stands for any ending."""

    phrase: str = Field(min_length=2)
    reason: str
    priority: int = Field(default=2, ge=1, le=3, description="1 is read first")


class ScreeningPhrases(Knobs):
    """Every list is a council's own; the version is kept with what it held back."""

    version: str
    disclosures: tuple[Phrase, ...] = Field(min_length=1)
    complaints: tuple[Phrase, ...] = ()
    non_answers: tuple[str, ...] = ()
    praise: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
