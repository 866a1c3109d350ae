"""Erase what one response said, on request: by its id, or by the code that its writer chose."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.access import Right
from heardback.errors import MoveRefused, NotFound
from heardback.landing.codes import LEAST_CHARACTERS, check_code_key, code_hash
from heardback.landing.erasing import Wish, check_may_erase, erase, raw_files_holding
from heardback.store import Comment, Membership, Response
from heardback.store.retention import forget_raw_files
from heardback.store.session import reading, scrub, transaction
from tasks.door import admit
from tasks.pull import intake_of
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

LEAST_NAME, SHOWN = 6, 20
A_CODE, UNKNOWN = "a deletion code", "a response that is not there"
YOURS = """what Heardback does not keep is yours to erase: the answer in its tool, the exports in their folders,
backups, board packs that you have sent out; the public board is without it from the next `heardback board` on"""


@dataclass(frozen=True)
class Erased:
    """What went of a response. `scrubbed` is False where a reader held the database open: the next run finishes it."""

    response_uid: str
    source: str
    comments: int
    quarantined: list[int]
    raw_files: list[str]
    scrubbed: bool = True
    still_yours: str = YOURS


@step(retries=2)
def erase_response(named: str, by: str, at: datetime, reason: str = "") -> Erased:
    """Erase a response by its id or the beginning of it, as SOURCE:RECORD, or as the one in a loop (L-0042).

    Raises NotAllowed, NotFound, and MoveRefused where it is held or waits for a trained reader.
    """
    with open_workplace() as work:
        with reading(work.store) as session:
            found = responses_called(session, named)
        # a record's number in its tool is not put on record for good, and a stranger is not told whether it is there
        person = admit(work, by, Right.ERASE, at, found[0].response_uid if len(found) == 1 else UNKNOWN)
        return _erase(work, the_one(found, named), person.name, at, reason)


@step(retries=2)
def erase_by_code(code: str, by: str, at: datetime, reason: str = "") -> Erased:
    """Erase the response whose writer chose this code. Who tried a code is on record, before it is looked up.

    Raises NotFound for a code that nobody has, and MoveRefused for one that several have: children choose alike.
    """
    with open_workplace() as work:
        person = admit(work, by, Right.ERASE, at, A_CODE)
        check_code_key(work.settings.code_key)
        with reading(work.store) as session:
            found = _by_code(session, work, code)
        if not found:
            raise NotFound(f"no response has this code (one has at least {LEAST_CHARACTERS} characters)")
        if len(found) > 1:
            raise MoveRefused(f"{len(found)} responses have this code: {_ids(found)}", do="name the one: --response ID")
        return _erase(work, found[0], person.name, at, reason or "by its writer's code")


def responses_called(session: Session, named: str) -> list[Response]:
    """The responses that may be meant; more than one where the name is too short."""
    if named.upper().startswith("L-"):
        in_loop = select(Comment.response_uid).join(Membership, Membership.comment_uid == Comment.comment_uid)
        in_loop = in_loop.where(Membership.loop_uid == named.upper(), Membership.left_on.is_(None))
        query = select(Response).where(Response.response_uid.in_(in_loop))
    elif ":" in named:
        source_id, _, record_id = named.partition(":")
        query = select(Response).where(Response.source_id == source_id, Response.source_record_id == record_id)
        query = query.where(Response.source_record_id != "")
    else:
        query = select(Response).where(Response.response_uid.startswith(named, autoescape=True))
    return list(session.scalars(query.limit(SHOWN))) if len(named) >= LEAST_NAME else []


def the_one(found: list[Response], named: str) -> Response:
    """The one of these. Raises NotFound where there is none, or several, whose ids it says."""
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(f"{len(found)} responses are called so: {_ids(found)}", where=named, do="give the id of one")
    do = f"give its id, at least {LEAST_NAME} characters of it, SOURCE:RECORD, or a loop's number"
    raise NotFound("there is no such response", where=named, do=do)


def _ids(found: list[Response]) -> str:
    return ", ".join(f"{one.response_uid[:12]} ({one.source_id}, {one.heard_on})" for one in found)


def _by_code(session: Session, work: Workplace, code: str) -> list[Response]:
    hashes = [code_hash(code, source_id, work.settings.code_key) for source_id in work.council.sources]
    return list(session.scalars(select(Response).where(Response.deletion_code.in_(hashes))))


def _erase(work: Workplace, response: Response, by: str, at: datetime, reason: str) -> Erased:
    """Rows in one transaction; then the raw files, then what the database's own files hold. It can be run again."""
    uid, source_id = response.response_uid, response.source_id
    with transaction(work.store) as session:
        check_may_erase(session, uid, source_id)
        comments, rows = erase(session, work.council.sources.get(source_id), Wish(uid, source_id, by, reason, at))
    with reading(work.store) as session:
        files = raw_files_holding(session, intake_of(work, at), source_id, uid, response.content_hash)
    forget_raw_files(work.settings.raw, files)
    return Erased(uid, source_id, comments, rows, files, scrub(work.store))
