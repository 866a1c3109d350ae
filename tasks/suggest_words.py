"""Words for the thesaurus, from the answers that people have confirmed. No comment is shown, and no word of a few."""

import re
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pandas as pd

from heardback.domain.access import Right
from heardback.domain.identifying.redaction import redactor_of
from heardback.matching.growing import suggest_words
from heardback.matching.terms import Terms
from heardback.store.confirmed import confirmed_answers
from heardback.store.session import reading
from tasks.door import admit
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

HIDDEN = re.compile(r"\[[^\[\]]{1,30} hidden\]")


@step()
def suggest_thesaurus_words(by: str, at: datetime) -> dict[str, Any]:
    """`answers`: how many confirmed pairs were read; `words`: what `suggest_words` proposes. Raises NotAllowed."""
    with open_workplace() as work:
        admit(work, by, Right.THESAURUS, at, "thesaurus")
        with reading(work.store) as session:
            confirmed = confirmed_answers(session)
        words = suggest_words(_without_details(work, confirmed), Terms.of(work.council.thesaurus.groups))
        return {"answers": len(confirmed), "words": [asdict(word) for word in words]}


def _without_details(work: Workplace, confirmed: pd.DataFrame) -> pd.DataFrame:
    """Identifying details are taken out of comments and changes: three people may name one and the same person."""
    hide = redactor_of(work.council).hide
    plain = {text: HIDDEN.sub(" ", hide(text)) for text in pd.unique(confirmed[["said", "done"]].to_numpy().ravel())}
    return confirmed.assign(said=confirmed["said"].map(plain), done=confirmed["done"].map(plain))
