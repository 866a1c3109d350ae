"""Responses deleted where they came from, said or seen by their absence: their words go, their loops' history stays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import pandas as pd
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from config.maps import SourceMap
from config.questions import Question
from heardback.domain.plurals import some
from heardback.domain.table import Note, nearest_header
from heardback.domain.words import Fate
from heardback.errors import PullRefused
from heardback.landing.checked import Mapper
from heardback.landing.edits import withdraw_comments
from heardback.ledger import SYSTEM, Ledger
from heardback.sources.columns import ANSWERS, Placed, new_repeats
from heardback.store import Comment, Loop, Membership, Pull, Response, Revision
from heardback.store.chunks import in_chunks

DELETED = "deleted where it came from"
WHOLE = "check that the export is whole; if it is, raise gate.max_vanished_share in policy.yaml for this pull"
WRITE_IT = (
    "was the question renamed, or the form's language changed? Write its new header in the map (have files it under "
    "either name, `match: ^(old|new)$`), and do not raise gate.max_vanished_share: each would be heard a second time"
)


@dataclass(frozen=True)
class FileOf:
    """The file that a refusal is about.

    `lost` are the columns of the map that it has not, where rows have no id and are known by their answers.
    """

    name: str
    headers: list[str]
    lost: tuple[str, ...] = ()

    @classmethod
    def of(cls, mapper: Mapper) -> Self:
        """Of a table under its map."""
        gone = tuple(note.column for note in mapper.outline.notes if note.code == "missing_column")
        return cls(mapper.table.name, mapper.table.columns, () if mapper.source.natural_key else gone)

    @property
    def why_none_is_known(self) -> str:
        """What a refusal adds where rows are known by their answers, and a column of these is gone."""
        if not self.lost:
            return ""
        near = nearest_header(self.lost[0], self.headers)
        return f". Rows without an id are known by their answers, and '{self.lost[0]}' is not among the columns{near}"


@dataclass(frozen=True)
class Unasked:
    """The questions of a map that a file has no column for. A blank answer takes one back; no column says nothing.

    `lost` are those for comments, which may have been renamed. Of all others the answers on record stand: `standing`
    are their codes. `new_repeats` are the file's columns of repeats that the map does not know: a lost one's new names?
    """

    lost: list[Question]
    standing: frozenset[str]
    new_repeats: list[str]

    @classmethod
    def of(cls, source: SourceMap, placed: Sequence[Placed], notes: Sequence[Note]) -> Self:
        """By the questions that found their columns, and what was noted of the others."""
        asked = {place.question.code for place in placed}
        unasked = [question for question in source.questions if question.role in ANSWERS and question.code not in asked]
        lost = [question for question in unasked if question.role == "comment" and not question.retired]
        codes = [(question.code, question.words_code) for question in unasked if question not in lost]
        return cls(lost, frozenset(code for pair in codes for code in pair), new_repeats(notes))


def find_vanished(
    session: Session, source_id: str, present: Collection[str], max_share: float, file: FileOf
) -> list[str]:
    """Every stored response of a source whose uid is not in `present`. Ask before anything new of it is stored.

    Raises PullRefused where more than `max_share` of what is stored would go (a snapshot cut short looks the same, or
    that of another survey), and where none is present at all.
    """
    stored = select(Response.response_uid).where(Response.source_id == source_id, Response.withdrawn_at.is_(None))
    on_record = set(session.scalars(stored))
    vanished = sorted(on_record.difference(present))
    if vanished and (not present or len(vanished) / len(on_record) > max_share):
        what = (
            f"{len(vanished)} of {len(on_record)} responses on record are not in this snapshot; {max_share:.0%} may go"
        )
        raise PullRefused(
            what + file.why_none_is_known, where=file.name, do=WRITE_IT if file.why_none_is_known else WHOLE
        )
    return vanished


def check_still_asked(
    session: Session,
    source: SourceMap,
    unasked: Unasked,
    present: Collection[str],
    max_share: float,
    file: FileOf,
) -> None:
    """A blank cell takes back what was said; a column that is gone says nothing. Ask before anything is edited.

    `present` are the responses that come. The columns of a repeat are there only where somebody filled them in, so up
    to `max_share` of what was said in one may go (1 in a part of what there is, 0 in what is read again), where the
    file has no others that may be the same under a new name. Raises PullRefused.
    """
    for question in unasked.lost:
        said = _said_to(session, source.source, question.code)
        going = len(said.intersection(present))
        may_go = len(said) * max_share if question.repeats and not unasked.new_repeats else 0
        if going > may_go:
            header = question.column or question.match
            raise PullRefused(
                f"'{header}' is not among the columns, and what {some(going, 'response')} here said to it would go"
                + (nearest_header(header, file.headers) if question.column else ""),
                where=file.name,
                do="was the question renamed? Write its new header in the map (have files it under either name, "
                "`match: ^(old|new)$`). Is it asked no longer? Write "
                "`retired: yes` below it, and what was said stands; taken out of the map, it goes"
                + _or_another(question, unasked.new_repeats)
                + (", or raise gate.max_vanished_share in policy.yaml for this pull" if may_go else ""),
            )


def _or_another(question: Question, new: Sequence[str]) -> str:
    """What to do where a repeat's new name is none: no more than a column that nobody has told the map of."""
    another = f". Is '{new[0]}' another question? Say so in the map (role: ignore drops it)" if new else ""
    return another if question.repeats else ""


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


def withdraw(session: Session, vanished: Sequence[str], at: datetime) -> None:
    """Take back these responses and what was said in them."""
    for chunk in in_chunks(vanished):
        session.execute(update(Response).where(Response.response_uid.in_(chunk)).values(withdrawn_at=at))
        query = (
            select(Comment.comment_uid, Membership.loop_uid)
            .join(Membership, (Membership.comment_uid == Comment.comment_uid) & Membership.left_on.is_(None))
            .where(Comment.response_uid.in_(chunk))
        )
        comments = {str(comment): str(loop) for comment, loop in session.execute(query)}
        withdraw_comments(session, Ledger(session, SYSTEM, at), comments, DELETED)


def withdraw_deleted(session: Session, pull: Pull, deleted: pd.Series, at: datetime) -> int:
    """Take back the responses whose rows say that they were deleted (uid by row number); returns how many.

    Each leaves a revision that is not counted, so that the row is accounted for (G1). A response that never came, or
    was taken back before, leaves none.
    """
    rows = dict(zip(map(str, deleted), map(int, deleted.index), strict=True))
    revisions = [
        _deletion(response, pull, rows[response.response_uid])
        for chunk in in_chunks(sorted(rows))
        for response in session.scalars(
            select(Response).where(Response.response_uid.in_(chunk), Response.withdrawn_at.is_(None))
        )
    ]
    if revisions:
        session.execute(insert(Revision), revisions)
    uids = [str(revision["response_uid"]) for revision in revisions]
    for chunk in in_chunks(uids):
        session.execute(update(Response).where(Response.response_uid.in_(chunk)).values(revision=Response.revision + 1))
    withdraw(session, uids, at)
    return len(revisions)


def _deletion(response: Response, pull: Pull, row_number: int) -> dict[str, object]:
    return {
        "response_uid": response.response_uid,
        "revision": response.revision + 1,
        "pull_uid": pull.pull_uid,
        "row_number": row_number,
        "sheet": "",
        "content_hash": response.content_hash,
        "fate": str(Fate.NOT_COUNTED),
        "reason": DELETED,
        "comments": 0,
        "ratings": 0,
        "choices": 0,
    }
