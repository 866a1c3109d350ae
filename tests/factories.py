"""Small true things to test with: a response that landed, its comment, a loop in a wanted state."""

from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy.orm import Session

from heardback.domain.lifecycle import Role
from heardback.ledger import SYSTEM, Actor, Ledger, Opening
from heardback.store import Comment, Pull, RawFile, Response, Revision

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
HEARD = date(2026, 9, 1)
MANAGER = Actor("Dan Okafor", Role.SERVICE_MANAGER)
LEAD = Actor("Ruth Abara", Role.SAFEGUARDING_LEAD)
_numbers = count(1)


def a_pull(session: Session, rows_read: int = 0) -> Pull:
    number = next(_numbers)
    session.add(RawFile(sha256=f"sha-{number}", size=1, kept_at=NOW))
    session.flush()
    pull = Pull(
        pull_uid=f"pull-{number}",
        source_id="yjs-exit",
        kind="responses",
        file_name=f"export-{number}.csv",
        cursor="",
        file_sha256=f"sha-{number}",
        map_sha256="map",
        started_at=NOW,
        finished_at=NOW,
        status="landed",
        rows_read=rows_read,
        blank_rows=0,
        duplicates=0,
        notes=[],
        error="",
    )
    session.add(pull)
    session.flush()
    return pull


def a_comment(session: Session, words: str = "the waiting room is freezing", *, pull: Pull | None = None) -> str:
    """A response with one comment, landed; returns the comment's id."""
    number = next(_numbers)
    home = pull or a_pull(session, rows_read=1)
    session.add(
        Response(
            response_uid=f"response-{number}",
            source_id="yjs-exit",
            tool="limesurvey",
            source_record_id=str(number),
            channel="exit_questionnaire",
            completed_by="self",
            submitted_on=HEARD,
            submitted_at=None,
            date_precision="day",
            received_at=NOW,
            heard_on=HEARD,
            service_code="yjs",
            completion="complete",
            consent_to_publish="yes",
            language="en",
            form_version="",
            revision=1,
            content_hash="hash",
            withdrawn_at=None,
            characteristics={},
        )
    )
    session.flush()
    session.add(
        Revision(
            response_uid=f"response-{number}",
            revision=1,
            pull_uid=home.pull_uid,
            row_number=number,
            sheet="",
            content_hash="hash",
            fate="loop",
            reason="",
            comments=1,
            ratings=0,
            choices=0,
        )
    )
    session.add(
        Comment(
            comment_uid=f"comment-{number}",
            response_uid=f"response-{number}",
            question_code="improve",
            question_text="What should change?",
            repeat_index=0,
            text=words,
            fingerprint=f"print-{number}",
            verdict="clear",
            priority=0,
            screening_version="1",
            reasons=[],
            identifying=[],
            written_in="",
        )
    )
    session.flush()
    return f"comment-{number}"


def a_loop(session: Session, *moves: tuple[str, dict[str, object]], service: str = "yjs") -> str:
    """A loop with one voice, taken through the moves by its manager; returns its number."""
    opening = Opening(service, "exit_questionnaire", HEARD, a_comment(session))
    (loop_uid,) = Ledger(session, SYSTEM, NOW).open([opening])
    for name, details in moves:
        Ledger(session, MANAGER, NOW).move(loop_uid, name, **details)  # type: ignore[arg-type]
    return loop_uid


OWN: tuple[str, dict[str, object]] = ("own", {"owner": "dan", "on": date(2026, 9, 4)})
DECIDE: tuple[str, dict[str, object]] = (
    "decide",
    {"outcome": "done", "wording": "We put a heater in the waiting room.", "on": date(2026, 9, 21)},
)
PROMISE: tuple[str, dict[str, object]] = (
    "decide",
    {"outcome": "will", "wording": "We will fix it.", "by_date": date(2026, 10, 30), "on": date(2026, 9, 21)},
)
TELL: tuple[str, dict[str, object]] = ("tell", {"how": "board", "where": "Marsh Lane office", "on": date(2026, 9, 30)})
