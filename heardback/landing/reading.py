"""What each comment is read for by itself, whoever else said what: so it does not matter which process reads it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import pandas as pd

from config.council import Council
from config.screening import ScreeningPhrases
from heardback.domain.identifying.redaction import Redactor, redactor_of
from heardback.domain.languages import written_in
from heardback.domain.screening.judging import judge
from heardback.matching.grouping import fingerprints

Made = TypeVar("Made")


@dataclass(frozen=True)
class Reading:
    """How a council reads its comments: its phrases, what finds identifying details, the languages that it names."""

    phrases: ScreeningPhrases
    redactor: Redactor
    languages: tuple[str, ...]

    def of(self, texts: pd.Series) -> pd.DataFrame:
        """For each text, under the same index: what `judge` says, identifying, written_in, fingerprint, about_staff and
        screening_version.
        """
        read = judge(texts, self.phrases).assign(
            identifying=self.redactor.kinds_in(texts),
            written_in=written_in(texts, self.languages),
            fingerprint=fingerprints(texts).fillna(""),
            screening_version=self.phrases.edition,
        )
        about_staff = {*self.phrases.about_staff}
        return read.assign(about_staff=[not about_staff.isdisjoint(reasons) for reasons in read["reasons"]])

    def begin(self, texts: pd.Series) -> Callable[[], pd.DataFrame]:
        """What gives what `of` says; nothing is read before it is called."""
        return partial(self.of, texts)

    def ahead(self, parts: Iterator[Made]) -> Iterator[Made]:
        """Parts as they are made: nobody reads one before its turn."""
        return parts


def reading_of(council: Council) -> Reading:
    """How a council reads its comments."""
    return Reading(council.screening, redactor_of(council), council.policy.matching.languages)
