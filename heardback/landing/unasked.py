"""Questions of a map that a file has no column for: what stands of them, and where that stops a pull."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.questions import Question
from heardback.domain.plurals import some
from heardback.domain.table import Table, nearest_header
from heardback.errors import PullRefused
from heardback.landing.checked import Mapper
from heardback.sources.mapping.columns import ANSWERS, new_repeats
from heardback.store import Comment, Loop, Membership, Response

ASKED_STILL = (
    "was the question renamed? Write its new header in the map (have files it under either name, "
    "`match: ^(old|new)$`). Is it asked no longer? Write `retired: yes` below it, and what was said stands; taken out "
    "of the map, it goes"
)
MAY_GO = ", or raise gate.max_vanished_share in policy.yaml for this pull"


@dataclass(frozen=True)
class Unasked:
    """The questions of a source's map that a table has no column for.

    A blank answer takes one back; no column says nothing. `lost` are those for comments, which may have been renamed.
    Of all others the answers on record stand: `standing` are their codes. `new_repeats` are the table's columns of
    repeats that the map does not know: a lost one's new names?
    """

    source_id: str
    table: Table
    lost: list[Question]
    standing: frozenset[str]
    new_repeats: list[str]

    @classmethod
    def of(cls, mapper: Mapper) -> Self:
        """By the questions that found their columns, and what was noted of the others."""
        source, outline = mapper.source, mapper.outline
        asked = {place.question.code for place in outline.placed}
        unasked = [question for question in source.questions if question.role in ANSWERS and question.code not in asked]
        lost = [question for question in unasked if question.role == "comment" and not question.retired]
        codes = [(question.code, question.words_code) for question in unasked if question not in lost]
        standing = frozenset(code for pair in codes for code in pair)
        return cls(source.source, mapper.table, lost, standing, new_repeats(outline.notes))

    def require_nothing_goes(self, session: Session, present: Collection[str], max_share: float) -> None:
        """A blank cell takes back what was said; a column that is gone says nothing. Ask before anything is edited.

        `present` are the responses that come. The columns of a repeat are there only where somebody filled them in, so
        up to `max_share` of what was said in one may go (1 in a part of what there is, 0 in what is read again), where
        the table has no others that may be the same under a new name. Raises PullRefused.
        """
        for question in self.lost:
            said = _said_to(session, self.source_id, question.code)
            going = len(said.intersection(present))
            may_go = len(said) * max_share if question.repeats and not self.new_repeats else 0
            if going > may_go:
                raise self._refusal(question, going, may_go=may_go > 0)

    def _refusal(self, question: Question, going: int, *, may_go: bool) -> PullRefused:
        header = question.column or question.match
        near = nearest_header(header, self.table.columns) if question.column else ""
        what = f"'{header}' is not among the columns, and what {some(going, 'response')} here said to it would go{near}"
        do = ASKED_STILL + self._or_another(question) + (MAY_GO if may_go else "")
        return PullRefused(what, where=self.table.name, do=do)

    def _or_another(self, question: Question) -> str:
        """What to do where a repeat's new name is none: no more than a column that nobody has told the map of."""
        if not (question.repeats and self.new_repeats):
            return ""
        return f". Is '{self.new_repeats[0]}' another question? Say so in the map (role: ignore drops it)"


def _said_to(session: Session, source_id: str, code: str) -> set[str]:
    """The responses of a source whose comments on a question could go: what is held back keeps its words."""
    query = (
        select(Comment.response_uid)
        .join(Response, Response.response_uid == Comment.response_uid)
        .join(Membership, (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None))
        .join(Loop, Loop.loop_uid == Membership.loop_uid)
        .where(
            Response.source_id == source_id, Comment.question_code == code, Loop.state.not_in(("withdrawn", "withheld"))
        )
    )
    return set(session.scalars(query))
