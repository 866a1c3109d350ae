"""Answers that a map marks as a concern ("I do not feel safe"): what else the response says is then held back."""

from collections.abc import Iterator

import pandas as pd

from config.maps import SourceMap
from config.questions import Question
from heardback.domain.record import COMMENT
from heardback.sources.mapping.comments import comment_uids
from heardback.sources.mapping.facts import look_up

RAISED = ("response_uid", "priority", "reason", "about_staff")
WORDLESS = "Nothing was written here. The answer to this question is one that the map marks."


def concerns_in(source: SourceMap, ratings: pd.DataFrame, choices: pd.DataFrame) -> pd.DataFrame:
    """One row for each marked answer: RAISED with priority 1 to 3, question_code and question_text."""
    pieces = [pd.DataFrame(columns=[*RAISED, "question_code", "question_text"])]
    for question in source.questions:
        answers = choices if question.role == "choice" else ratings
        pieces += _marked(question, answers[answers["question_code"] == question.code])
    return pd.concat(pieces, ignore_index=True)


def with_wordless(comments: pd.DataFrame, raised: pd.DataFrame) -> pd.DataFrame:
    """The comments, and one for each response that has a marked answer and no words: somebody has to read that too.

    It holds a sentence of ours, under the code of the question that raised it.
    """
    alone = raised[~raised["response_uid"].isin(comments["response_uid"])]
    urgent = alone.sort_values("priority", kind="stable").drop_duplicates("response_uid")
    added = urgent.assign(text=WORDLESS, heading="", repeat_index=0, question_code="concern_" + urgent["question_code"])
    added = added.reindex(columns=list(COMMENT)).assign(comment_uid=comment_uids(added))
    return pd.concat([comments, added], ignore_index=True) if len(added) else comments


def _marked(question: Question, answers: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for concern in question.concerns:
        if question.role == "choice":
            found = answers["option_code"].isin(question.codes_of(concern.answers))
        else:
            found = look_up(answers["raw_value"].astype("str"), dict.fromkeys(concern.answers, "yes")).notna()
        yield answers.loc[found, ["response_uid", "question_code"]].assign(
            priority=concern.priority,
            reason=concern.reason,
            about_staff=concern.about_staff,
            question_text=question.text or question.column,
        )
