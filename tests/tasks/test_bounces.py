"""A letter that comes back into the shared inbox is a failure for good: another way, or the exception list (G17)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message

import pytest
from sqlalchemy import select

from heardback.sources.mail.bounces import Bounce, bounces_in
from heardback.store import Nudge
from heardback.store.session import reading
from tasks.nudge import nudge
from tasks.pull import pull_source
from tests.council import SERVICES, exit_row
from tests.desk import Desk
from tests.messages.smtp_server import FakeMail
from tests.sources.connectors.mailbox_server import PASSWORD, SECRET, Mailbox, serving

pytestmark = pytest.mark.usefixtures("quick_gate")
TUESDAY = datetime(2026, 9, 8, 10, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
ADDRESS = "amira@northmere.example"
INBOX = {
    "source": "inbox", "name": "Feedback inbox", "tool": "mailbox", "channel": "email", "service": "yjs",
    "dates": ["ISO8601"], "mode": "append", "natural_key": ["message_id"],
    "questions": [
        {"column": "message_id", "role": "record_id"}, {"column": "date", "role": "submitted_on"},
        {"column": "subject", "role": "ignore"}, {"column": "text", "role": "comment", "code": "text"},
    ],
}  # fmt: skip
ENVELOPE = """From: MAILER-DAEMON@mx.example
To: heardback@northmere.example
Subject: Undelivered Mail Returned to Sender
Date: Tue, 08 Sep 2026 10:01:00 +0000
Message-ID: <returned@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=b
"""


def returned(
    letter: Message, address: str = ADDRESS, *, action: str = "failed", status: str = "5.1.1", whole: bool = True
) -> bytes:
    """What a mail server sends back, as RFC 3464 has it: words for people, fields for programs, and the mail."""
    head = f"From: x@y\nMessage-ID: {letter['Message-ID']}\n"
    came_back = ("message/rfc822", letter.as_string()) if whole else ("text/rfc822-headers", head)
    told = f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 no"
    parts = [
        ("text/plain", "I'm sorry to have to inform you"),
        ("message/delivery-status", f"Reporting-MTA: dns; mx.example\n\n{told}\n"),
        came_back,
    ]
    body = "".join(f"--b\nContent-Type: {kind}\n\n{said}\n" for kind, said in parts)
    return f"{ENVELOPE}\n{body}--b--\n".encode()


def a_letter(message_id: str = "<digest-1@northmere.example>") -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["Message-ID"] = "heardback@northmere.example", message_id
    letter.set_content("3 loops")
    return letter


@pytest.mark.parametrize("whole", [True, False])
def test_a_report_names_the_letter_the_address_and_the_reason_by_number(whole: bool) -> None:
    found = bounces_in(returned(a_letter(), "Amira@Northmere.example", whole=whole))
    assert found == [Bounce("<digest-1@northmere.example>", "amira@northmere.example", "5.1.1")]


@pytest.mark.parametrize(
    "mail",
    [
        returned(a_letter(), action="delayed", status="4.4.1"),
        returned(a_letter(), action="delivered", status="2.0.0"),
        returned(a_letter(), action="failed", status="4.2.2"),
        returned(a_letter("")),
        a_letter().as_bytes(),
        b"Content-Type: text/plain\n\nI like the words multipart/report; report-type=delivery-status",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\nnothing of the kind",
        b"",
    ],
    ids=["a delay", "delivered", "not for good", "of no letter", "a letter", "words", "broken", "nothing"],
)
def test_whatever_else_comes_by_mail_is_no_bounce(mail: bytes) -> None:
    assert bounces_in(mail) == []


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMail]:
    with FakeMail() as server:
        monkeypatch.setenv("HEARDBACK_SMTP_URL", server.url)
        monkeypatch.setenv("HEARDBACK_MAIL_FROM", "heardback@northmere.example")
        yield server


@pytest.fixture
def inbox(sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A council whose inbox is pulled; L-0001 waits for Amira, who has an e-mail address and nothing else."""
    monkeypatch.setenv(SECRET, PASSWORD)
    with serving() as box:
        people = {code: {**one, "slack": ""} for code, one in SERVICES["people"].items()}
        connect = {"to": "mailbox", **box.connect, "messages": True}
        policy = {"network": {"private_hosts": ["localhost"]}}
        source = {**INBOX, "connect": connect}
        sqlite_desk.configure(services={"people": people}, sources={"inbox": source}, policy=policy)
        sqlite_desk.pull(exit_row(1, "The room is freezing"), at=TUESDAY)
        yield box


def state_of(desk: Desk) -> tuple[str, str]:
    with reading(desk.store) as session:
        one = session.scalars(select(Nudge)).one()
        return one.state, one.via


def test_her_loops_stand_on_the_exception_list_and_the_address_is_not_written_to_again(
    sqlite_desk: Desk, inbox: Mailbox, mail: FakeMail
) -> None:
    assert nudge(TUESDAY).sent == ["amira"]
    inbox.inbox.add(returned(mail.letters[0]))
    assert pull_source("inbox", TUESDAY + HALF_AN_HOUR).failed is False
    assert state_of(sqlite_desk) == ("failed", "none")
    report = nudge(TUESDAY + 2 * HALF_AN_HOUR)
    assert (report.failed, report.unreachable, report.exceptions) == (["amira"], ["amira"], ["L-0001"])
    assert len(mail.letters) == 1
    assert sqlite_desk.states() == ["heard"], "a bounce is nobody's comment"


def test_with_another_address_she_is_told_in_the_same_window(
    sqlite_desk: Desk, inbox: Mailbox, mail: FakeMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudge(TUESDAY)
    inbox.inbox.add(returned(mail.letters[0]))
    pull_source("inbox", TUESDAY + HALF_AN_HOUR)
    people = {code: {**one, "slack": ""} for code, one in SERVICES["people"].items()}
    people["amira"]["email"] = "amira.sayed@northmere.example"
    sqlite_desk.configure(services={"people": people})
    report = nudge(TUESDAY + 2 * HALF_AN_HOUR)
    assert (report.sent, report.exceptions) == (["amira"], [])
    assert [letter["To"] for letter in mail.letters] == [ADDRESS, "amira.sayed@northmere.example"]


def test_after_a_month_it_is_tried_again(sqlite_desk: Desk, inbox: Mailbox, mail: FakeMail) -> None:
    nudge(TUESDAY)
    inbox.inbox.add(returned(mail.letters[0]))
    pull_source("inbox", TUESDAY)
    assert nudge(TUESDAY + timedelta(days=28)).unreachable == ["amira"]
    assert "amira" in nudge(TUESDAY + timedelta(days=35)).sent


@pytest.mark.parametrize("forged", ["of another letter", "about another address"])
def test_nobody_silences_an_address_by_a_mail_that_they_made_up(
    sqlite_desk: Desk, inbox: Mailbox, mail: FakeMail, forged: str
) -> None:
    nudge(TUESDAY)
    letter = a_letter() if forged == "of another letter" else mail.letters[0]
    inbox.inbox.add(returned(letter, ADDRESS if forged == "of another letter" else "hana@northmere.example"))
    pull_source("inbox", TUESDAY + HALF_AN_HOUR)
    assert state_of(sqlite_desk) == ("sent", "email")
