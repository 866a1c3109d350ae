"""What a report reads beside the loops."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from heardback.store import Change, ChangeRevision, Match, Pull, QuarantinedRow, Response
from heardback.store.evidence import evidence_of, judged_matches, last_heard, pulls_until, quarantined_since
from heardback.store.session import reading, transaction
from tests.factories import HEARD, NOW, a_comment, a_loop, a_pull

LATER = NOW + timedelta(days=1)
BEFORE_ALL = datetime(2026, 8, 1, tzinfo=UTC)


def a_change(session: Session, number: int, evidence: str = "") -> str:
    change_uid = f"log:{number}"
    session.add(
        Change(
            change_uid=change_uid, register_id="log", record_id=str(number), service_code="yjs", changed_on=HEARD,
            title="Heater", you_said="", we_did="", status="done", owner="", due_on=None, recommendation="", action="",
            evidence=evidence, revision=1, content_hash="hash", pull_uid=a_pull(session).pull_uid, row_number=number,
            recorded_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    return change_uid


def a_match(session: Session, change_uid: str, standing: str, matcher: str = "1", at: datetime = NOW) -> None:
    session.add(
        Match(
            loop_uid=a_loop(session), change_uid=change_uid, comment_uid="", probability=0.9, score=1.0, band="suggest",
            reasons=[], matcher=matcher, standing=standing, proposed_at=NOW, judged_by="",
            judged_at=None if standing == "proposed" else at,
        )
    )  # fmt: skip
    session.flush()


def a_quarantined_row(session: Session, pull: Pull, state: str = "open", decided_at: datetime | None = None) -> None:
    session.add(
        QuarantinedRow(
            pull_uid=pull.pull_uid, source_id=pull.source_id, file_name=pull.file_name, sheet="", row_number=2,
            cells={}, reasons=[], state=state, decided_by="", decided_at=decided_at, note="",
        )
    )  # fmt: skip
    session.flush()


def test_judged_are_the_suggestions_that_people_confirmed_or_rejected_by_then(store: Engine) -> None:
    with transaction(store) as session:
        change_uid = a_change(session, 1)
        for standing in ("confirmed", "confirmed", "rejected", "proposed"):
            a_match(session, change_uid, standing)
        a_match(session, change_uid, "confirmed", matcher="person")  # nobody suggested it
        assert judged_matches(session, LATER) == (2, 3)
        assert judged_matches(session, NOW) == (0, 0)


def test_evidence_is_what_the_register_said_at_the_time(store: Engine) -> None:
    with transaction(store) as session:
        edited, bare = a_change(session, 1, "61 of 74 meetings."), a_change(session, 2)
        for revision, evidence, on in ((1, "A pilot.", NOW), (2, "40 of 74 meetings.", LATER)):
            content = {"evidence": evidence}
            pull_uid = a_pull(session).pull_uid
            session.add(
                ChangeRevision(change_uid=edited, revision=revision, pull_uid=pull_uid, content=content, replaced_at=on)
            )
    with reading(store) as session:
        assert evidence_of(session, [edited, bare], NOW) == {edited: "A pilot."}
        assert evidence_of(session, [edited, bare], LATER) == {edited: "40 of 74 meetings."}
        assert evidence_of(session, [edited, bare], LATER + timedelta(hours=1)) == {edited: "61 of 74 meetings."}
        assert evidence_of(session, [], LATER) == {}


def test_a_source_was_last_heard_on_the_newest_day_up_to_the_one_asked_about(store: Engine) -> None:
    with transaction(store) as session:
        a_comment(session)
        session.execute(update(Response).values(heard_on=date(2026, 9, 20)))
        a_comment(session)
    with reading(store) as session:
        assert last_heard(session, date(2026, 9, 19)) == {"yjs-exit": HEARD}
        assert last_heard(session, date(2026, 9, 20)) == {"yjs-exit": date(2026, 9, 20)}
        assert last_heard(session, date(2026, 8, 31)) == {}


def test_a_pull_counts_from_its_day_or_where_it_brought_something_heard_before(store: Engine) -> None:
    with transaction(store) as session:
        brought, empty = a_pull(session, rows_read=1), a_pull(session)
        a_comment(session, pull=brought)
        register = a_pull(session)
        register.kind = "changes"
    with reading(store) as session:
        assert pulls_until(session, HEARD, BEFORE_ALL) == {brought.pull_uid}
        assert pulls_until(session, date(2026, 8, 31), BEFORE_ALL) == set()
        assert pulls_until(session, NOW.date(), LATER) == {brought.pull_uid, empty.pull_uid}


def test_the_oldest_row_in_quarantine_is_one_that_was_still_open_then(store: Engine) -> None:
    with transaction(store) as session:
        assert quarantined_since(session, LATER) is None
        released, waiting = a_pull(session), a_pull(session)
        released.started_at = NOW - timedelta(days=9)
        a_quarantined_row(session, released, "released", decided_at=NOW)
        a_quarantined_row(session, waiting)
    with reading(store) as session:
        assert quarantined_since(session, NOW - timedelta(days=1)) == NOW - timedelta(days=9)
        assert quarantined_since(session, LATER) == NOW
        assert quarantined_since(session, BEFORE_ALL) is None
