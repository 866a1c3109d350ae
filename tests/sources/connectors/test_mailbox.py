"""A shared mailbox over IMAP: batches of GOV.UK Forms and what people write, once each, and nothing changed in it."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from heardback.errors import HeardbackError, SourceUnavailable, Unreadable
from heardback.sources.connectors import drops_of
from heardback.store import SourceState
from heardback.store.session import reading
from tasks.configuration import check_configuration
from tests.desk import Desk, problems_of
from tests.factories import NOW
from tests.sources.connectors.asking import asking_of
from tests.sources.connectors.mailbox_server import PASSWORD, SECRET, Folder, Mailbox, serving

LOCAL = frozenset({"localhost"})
FILES, MAILS = {"attachments": "*.csv"}, {"messages": "yes"}
GOVUK = {
    "tool": "govuk_forms", "channel": "online_survey", "service": "yjs", "dates": ["ISO8601"], "mode": "append",
    "natural_key": ["Reference"],
    "questions": [
        {"column": "Reference", "role": "record_id"},
        {"column": "Submitted at", "role": "submitted_at"},
        {"column": "What should change?", "role": "comment", "code": "improve"},
        {"column": "What was good?", "role": "comment", "code": "like"},
    ],
}  # fmt: skip
INBOX = {
    "tool": "other", "channel": "email", "service": "yjs", "dates": ["ISO8601"], "mode": "append", "max_bad_share": 1,
    "natural_key": ["message_id"], "unmapped": "fail",
    "questions": [
        {"column": "message_id", "role": "record_id"},
        {"column": "date", "role": "submitted_at"},
        {"column": "text", "role": "comment", "code": "wrote"},
        {"column": "subject", "role": "ignore"},
    ],
}  # fmt: skip


def mail(said: str = "hello", *files: tuple[str, str], number: int = 1, **headers: str) -> bytes:
    message = EmailMessage()
    for name, value in {"From": "Jo Bloggs <jo@home.example>", "Subject": "My visit", "Message-ID": f"<{number}@home>",
                        "Date": "Tue, 03 Nov 2026 09:12:00 +0000", **headers}.items():  # fmt: skip
        message[name.replace("_", "-")] = value
    message.set_content(said)
    for name, content in files:
        message.add_attachment(content.encode(), maintype="text", subtype="csv", filename=name)
    return message.as_bytes()


def batch(*rows: str, header: str = "Reference,Submitted at,What should change?") -> str:
    return "\n".join([header, *rows]) + "\n"


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    monkeypatch.setenv(SECRET, PASSWORD)
    with serving() as box:
        yield box


def connection(box: Mailbox, **more: Any) -> dict[str, Any]:
    return {"to": "mailbox", **box.connect, **more}


def letters(box: Mailbox, cursor: str = "", private: frozenset[str] = LOCAL, most: int = 200, **more: Any) -> list[Any]:
    secrets = {SECRET: more.pop("password", PASSWORD)}
    connect = connection(box, **(more if "attachments" in more else {**MAILS, **more}))
    asking = asking_of(connect, secrets, cursor=cursor, private_hosts=private, max_megabytes=most)
    return list(drops_of(asking))


def configure(desk: Desk, box: Mailbox, feed: dict[str, Any], **connect: Any) -> None:
    source = {**feed, "file": {"path": ""}, "connect": connection(box, **connect)}
    desk.configure(sources={"exit": source}, policy={"network": {"private_hosts": ["localhost"]}})


def cursor_of(desk: Desk) -> str:
    with reading(desk.store) as session:
        state = session.get(SourceState, "exit")
        return state.cursor if state else ""


@pytest.mark.usefixtures("quick_gate")
def test_batches_land_in_their_order_also_when_the_headers_change(sqlite_desk: Desk, box: Mailbox) -> None:
    new = "Reference,Submitted at,What should change?,What was good?"
    box.inbox.add(mail("A batch", ("a.csv", batch("R1,2026-11-01T09:00:00+00:00,0x09- more seats"))))
    box.inbox.add(mail("Is anybody there?"))
    longer = batch("R3,2026-11-02T10:00:00+00:00,,the bus", header=new)
    shorter = batch("R2,2026-11-02T09:00:00+00:00,less noise")
    box.inbox.add(mail("Two", ("b.CSV", shorter), ("c.csv", longer), ("d.pdf", "%PDF")))
    configure(sqlite_desk, box, GOVUK, **FILES)
    first, second = sqlite_desk.pull_all(), sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert [file.file for file in first.files] == ["INBOX 1 a.csv", "INBOX 3 b.CSV", "INBOX 3 c.csv"]
    assert [file.fates for file in first.files] == [{"loop": 1}] * 3
    assert second.files == []
    assert sqlite_desk.texts() == ["- more seats", "less noise", "the bus"]
    assert cursor_of(sqlite_desk) == f"{box.inbox.validity}:3"
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.usefixtures("quick_gate")
def test_what_people_write_lands_once_without_who_wrote_it(sqlite_desk: Desk, box: Mailbox) -> None:
    box.inbox.add(mail("The room is freezing\n\nOn 2 Nov 2026 at 09:00, YJS <y@x> wrote:\n> How was it?", number=1))
    box.inbox.add(mail("I am on leave", number=2, Auto_Submitted="auto-replied"))
    box.inbox.add(mail("more pizza please", number=3))
    configure(sqlite_desk, box, INBOX, **MAILS)
    first, second = sqlite_desk.pull_all(), sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert [file.fates for file in first.files] == [{"loop": 1}, {"not_counted": 1}, {"loop": 1}]
    assert "an automatic reply or a bounce is counted" in " ".join(first.files[1].notes)
    assert second.files == []
    assert sqlite_desk.texts() == ["The room is freezing", "more pizza please"]
    assert problems_of(sqlite_desk.store) == []


@pytest.mark.usefixtures("quick_gate")
def test_nothing_in_the_mailbox_is_changed(sqlite_desk: Desk, box: Mailbox) -> None:
    box.inbox.add(mail("The room is freezing", ("a.csv", batch("R1,2026-11-01T09:00:00+00:00,more seats"))))
    configure(sqlite_desk, box, GOVUK, **FILES)
    sqlite_desk.pull_all()
    configure(sqlite_desk, box, INBOX, **MAILS)
    sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert box.changes == []
    assert 'EXAMINE "INBOX"' in box.asked
    assert box.asked[-1] == "LOGOUT"


@pytest.mark.usefixtures("quick_gate")
def test_known_mails_are_known_again_when_the_server_numbers_them_anew(sqlite_desk: Desk, box: Mailbox) -> None:
    first, second = mail("The room is freezing", number=1), mail("more pizza please", number=2)
    box.inbox.mails = {7: first, 9: second}
    configure(sqlite_desk, box, INBOX, **MAILS)
    sqlite_desk.pull_all()
    moved = b"Received: by a new server\n" + second  # other bytes, the same Message-ID
    box.folders["INBOX"] = Folder(1, {1: first, 2: moved, 3: mail("less noise please", number=3)})
    report = sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert [(file.status, file.fates) for file in report.files] == [
        ("unchanged", {}), ("landed", {"duplicate": 1}), ("landed", {"loop": 1}),
    ]  # fmt: skip
    assert cursor_of(sqlite_desk) == "1:3"
    assert sqlite_desk.texts() == ["The room is freezing", "less noise please", "more pizza please"]


@pytest.mark.usefixtures("quick_gate")
def test_a_file_that_does_not_land_is_asked_for_again_and_those_behind_it_land_once(
    sqlite_desk: Desk, box: Mailbox
) -> None:
    box.inbox.add(mail("A", ("a.csv", batch("R1,2026-11-01T09:00:00+00:00,more seats"))))
    box.inbox.add(mail("B", ("b.csv", "Ref,When,Why\nR2,now,so\n")))
    box.inbox.add(mail("C", ("c.csv", batch("R3,2026-11-02T09:00:00+00:00,less noise"))))
    configure(sqlite_desk, box, GOVUK, **FILES)
    assert [file.status for file in sqlite_desk.pull_all().files] == ["landed", "failed", "landed"]
    assert cursor_of(sqlite_desk) == f"{box.inbox.validity}:1"
    again = sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert [file.status for file in again.files] == ["failed", "unchanged"]
    del box.inbox.mails[2]  # somebody moved it to another folder
    last = sqlite_desk.pull_all(at=NOW + timedelta(days=2))
    assert [file.status for file in last.files] == ["unchanged"]
    assert cursor_of(sqlite_desk) == f"{box.inbox.validity}:3"
    assert sqlite_desk.texts() == ["less noise", "more seats"]


@pytest.mark.usefixtures("quick_gate")
@pytest.mark.parametrize("amid", ["LOGIN", "EXAMINE", "SEARCH", "SIZE", "UID FETCH 2", "AUTHENTICATE"])
def test_a_line_that_drops_lands_nothing_and_leaves_the_cursor(sqlite_desk: Desk, box: Mailbox, amid: str) -> None:
    box.inbox.add(mail("The room is freezing", number=1))
    configure(sqlite_desk, box, INBOX, **MAILS)
    sqlite_desk.pull_all()
    box.inbox.add(mail("more pizza please", number=2))
    box.hang_up_on = amid if amid != "LOGIN" else "AUTHENTICATE"  # a password with letters beyond ASCII
    report = sqlite_desk.pull_all(at=NOW + timedelta(days=1))
    assert report.failed
    assert "did not answer to the end" in report.errors[0]
    assert cursor_of(sqlite_desk) == f"{box.inbox.validity}:1"
    box.hang_up_on = ""
    assert [file.fates for file in sqlite_desk.pull_all(at=NOW + timedelta(days=2)).files] == [{"loop": 1}]


@pytest.mark.parametrize("refused", ["UID FETCH 1 (UID BODY", "RFC822.SIZE", "UID SEARCH"])
def test_a_mail_that_is_refused_does_not_count_as_gone(box: Mailbox, refused: str) -> None:
    box.inbox.mails = {1: mail("a"), 2: mail("b")}
    box.refuses = refused
    with pytest.raises(SourceUnavailable, match="did not answer to the end"):
        letters(box)


def test_a_mail_that_is_gone_by_now_is_passed_over(box: Mailbox) -> None:
    box.inbox.mails = {1: mail("a"), 2: mail("b")}
    box.expunged = {1}
    assert [letter.name for letter in letters(box)] == ["INBOX 2"]


def test_the_last_mail_is_not_fetched_again_though_the_server_always_names_it(box: Mailbox) -> None:
    box.inbox.mails = {4: mail("a"), 8: mail("b")}
    (_, newest) = letters(box)
    assert newest.fetch().cursor == f"{box.inbox.validity}:8"
    assert letters(box, cursor=newest.fetch().cursor) == []
    assert "UID SEARCH (UNDELETED UID 9:*)" in box.asked


def test_a_mail_is_kept_as_it_came_and_is_never_the_whole_of_the_source(box: Mailbox) -> None:
    box.inbox.add(mail("The room is freezing"))
    (letter,) = letters(box)
    assert letter.fetch().content == box.inbox.mails[1]
    assert letter.fetch().whole is False
    assert "freezing" not in repr(letter)


def test_the_cursor_moves_with_the_last_file_of_a_mail(box: Mailbox) -> None:
    box.inbox.add(mail("Two", ("a.csv", batch()), ("b.csv", batch())))
    assert [letter.fetch().cursor for letter in letters(box, **FILES)] == ["", f"{box.inbox.validity}:1"]


def test_only_mails_from_somebody_or_about_something_are_looked_at(box: Mailbox) -> None:
    box.inbox.add(mail("a", From="forms@gov.example"))
    box.inbox.add(mail("b", Subject='Your "weekly" batch'))
    box.inbox.add(mail("c", Subject="Weekly", From="forms@gov.example"))
    assert [letter.name for letter in letters(box, **{"from": "FORMS@gov"})] == ["INBOX 1", "INBOX 3"]
    assert [letter.name for letter in letters(box, subject='"weekly"')] == ["INBOX 2"]
    assert [letter.name for letter in letters(box, subject="weekly", **{"from": "forms"})] == ["INBOX 3"]
    box.inbox.add(mail("d", Subject="Adborth wythnosol – tŷ"))
    assert [letter.name for letter in letters(box, subject="tŷ")] == ["INBOX 4"]


def test_a_folder_with_another_name_is_found(box: Mailbox) -> None:
    box.folders['Feedback "kids"'] = Folder(1, {1: mail("a")})
    assert [letter.name for letter in letters(box, folder='Feedback "kids"')] == ['Feedback "kids" 1']


def test_a_mail_that_is_too_large_is_not_fetched_and_the_others_are(box: Mailbox) -> None:
    box.inbox.add(mail("x " * 600_000))
    box.inbox.add(mail("b"))
    large, small = letters(box, most=1)
    with pytest.raises(Unreadable, match="over 1 MB"):
        large.fetch()
    assert small.fetch().cursor.endswith(":2")
    assert not [command for command in box.asked if command.startswith("UID FETCH 1 (UID BODY")]


def test_a_mail_larger_than_the_server_said_is_not_taken_in(box: Mailbox) -> None:
    box.inbox.add(mail("x " * 600_000))
    box.stated_size = 1
    with pytest.raises(SourceUnavailable, match="did not answer to the end"):
        letters(box, most=1)


def test_as_much_comes_at_once_as_one_file_may_be_large(box: Mailbox) -> None:
    for number in range(4):
        box.inbox.add(mail("x " * 300_000, number=number))
    first = letters(box, most=1)
    assert [letter.name for letter in first] == ["INBOX 1", "INBOX 2"]
    assert [letter.name for letter in letters(box, most=1, cursor=first[-1].cursor)] == ["INBOX 3", "INBOX 4"]


def test_a_wrong_password_is_named_by_its_secret_and_not_repeated(box: Mailbox) -> None:
    for password in ("wr0ng", "wröng"):
        with pytest.raises(SourceUnavailable, match="does not let us in") as refused:
            letters(box, password=password)
        assert SECRET in refused.value.do
        assert password not in str(refused.value)
        assert refused.value.permanent
        assert refused.value.__suppress_context__


def test_a_folder_that_is_not_there_is_named(box: Mailbox) -> None:
    with pytest.raises(SourceUnavailable, match="no such folder") as refused:
        letters(box, folder="Inbx")
    assert refused.value.where == "Inbx at localhost"


def test_a_server_without_lasting_numbers_is_refused(box: Mailbox) -> None:
    box.inbox.validity = 0
    with pytest.raises(SourceUnavailable, match="UIDVALIDITY"):
        letters(box)


def test_a_private_address_and_an_open_line_need_the_policys_word(box: Mailbox) -> None:
    with pytest.raises(SourceUnavailable, match="not encrypted"):
        letters(box, private=frozenset())
    with pytest.raises(SourceUnavailable, match="private network"):
        letters(box, private=frozenset(), security="tls")
    assert box.asked == []


def test_a_name_that_is_unknown_and_a_port_where_nobody_listens_may_pass(box: Mailbox) -> None:
    for where, said in (({"host": "nobody.invalid"}, "no computer of this name"), ({"port": 1}, "did not answer")):
        with pytest.raises(SourceUnavailable, match=said) as refused:
            letters(box, private=frozenset({"localhost", "nobody.invalid"}), **where)
        assert not refused.value.permanent


def test_what_is_marked_as_deleted_and_not_yet_gone_is_left_alone(box: Mailbox) -> None:
    for number in (1, 2, 3):
        box.inbox.add(mail(number=number))
    box.inbox.deleted = {2}
    assert [letter.name for letter in letters(box)] == ["INBOX 1", "INBOX 3"]


@pytest.mark.parametrize(("wanted", "do"), [
    ("Forms", "correct 'folder': is it 'INBOX.Forms'?"),  # as Dovecot and Courier put all below INBOX
    ("INBOX/forms", "correct 'folder': is it 'INBOX.Forms'?"),
    ("INBOX.Furms", "correct 'folder': is it 'INBOX.Forms'?"),
    ("INBOX/Clubs/Forms", "correct 'folder'"),
    ("Somewhere else", "correct 'folder'"),
])  # fmt: skip
def test_a_folder_that_stands_under_another_name_is_named(box: Mailbox, wanted: str, do: str) -> None:
    box.folders["INBOX.Forms"] = Folder()
    with pytest.raises(SourceUnavailable, match="no such folder") as refused:
        letters(box, folder=wanted)
    assert refused.value.do == do


def test_a_server_that_says_that_it_takes_no_password_is_sent_none(box: Mailbox) -> None:
    box.offers = "LOGINDISABLED"
    with pytest.raises(SourceUnavailable, match="takes no password on this line") as refused:
        letters(box, password="plain")  # noqa: S106
    assert "'security: tls'" in refused.value.do
    assert box.asked == ["CAPABILITY", "LOGOUT"]
    box.offers = "LOGINDISABLED AUTH=PLAIN"
    with pytest.raises(SourceUnavailable, match="does not let us in"):
        letters(box, password="plain")  # noqa: S106
    assert box.asked[2:] == ["CAPABILITY", "AUTHENTICATE", "LOGOUT"]


@pytest.fixture
def authority(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for localhost that signs itself, as a file to trust and as a server shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.2"))])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, both = tmp_path / "authority.pem", tmp_path / "server.pem"
    trusted.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(private + trusted.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return trusted, context


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_encrypted_line_is_taken_where_the_certificate_is_trusted(
    authority: tuple[Path, ssl.SSLContext], security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, context = authority
    with serving(tls=context, implicit=security == "tls") as box:
        box.inbox.add(mail("a"))
        with pytest.raises(SourceUnavailable, match="certificate cannot be trusted") as refused:
            letters(box, security=security)
        assert refused.value.permanent
        assert not [command for command in box.asked if "LOGIN" in command or "AUTH" in command]
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert [letter.name for letter in letters(box, security=security)] == ["INBOX 1"]


def test_check_names_a_door_that_stays_closed_where_it_is_told_to_ask(
    sqlite_desk: Desk, authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, PASSWORD)
    with serving(tls=authority[1], implicit=True) as box:
        configure(sqlite_desk, box, INBOX, **MAILS, security="tls")
        assert not [told for told in check_configuration().warnings if told.startswith("exit:")]
        assert box.asked == []
        (told,) = [told for told in check_configuration(ask_at=NOW).closed if told.startswith("exit:")]
        assert told.startswith("exit: the host's certificate cannot be trusted (INBOX at localhost)")
        assert "SSL_CERT_FILE" in told
        monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
        assert not [told for told in check_configuration(ask_at=NOW).closed if told.startswith("exit:")]
        assert box.changes == []


def test_check_asks_nobody_whose_secret_is_not_set(
    sqlite_desk: Desk, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(sqlite_desk, box, INBOX, **MAILS)
    monkeypatch.delenv(SECRET)
    told = [told for told in check_configuration(ask_at=NOW).warnings if told.startswith("exit:")]
    assert (told, box.asked) == ([f"exit: the secret {SECRET} is not set"], [])


def test_a_server_that_offers_no_encryption_gets_no_password(box: Mailbox) -> None:
    with pytest.raises(SourceUnavailable):
        letters(box, security="starttls")
    assert box.asked == ["CAPABILITY"]


def test_a_server_that_speaks_no_tls_is_told_from_one_that_is_not_trusted(box: Mailbox) -> None:
    with pytest.raises(HeardbackError, match="does not speak TLS here"):
        letters(box, security="tls")


@pytest.mark.parametrize(("connect", "key", "said"), [
    ({}, "connect", "not both"),
    ({**FILES, **MAILS}, "connect", "not both"),
    ({**MAILS, "security": "ssl"}, "security", "tls"),
    ({**MAILS, "password": "hunter2"}, "password", "never the secret"),
    ({**MAILS, "port": "imap"}, "port", "whole number"),
    ({**MAILS, "sender": "x"}, "sender", "unknown key 'sender'"),
    ({**MAILS, "subject": "a\r\nA2 DELETE INBOX"}, "subject", "pattern"),
])  # fmt: skip
def test_settings_that_cannot_work_are_named_by_their_line(
    sqlite_desk: Desk, box: Mailbox, connect: dict[str, Any], key: str, said: str
) -> None:
    configure(sqlite_desk, box, INBOX, **connect)
    (fault,) = check_configuration().faults
    path = sqlite_desk.folder / "config" / "sources" / "exit.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text.strip().startswith(f"{key}:"))
    assert fault.startswith(f"{path}:{line}: ")
    assert said in fault
    assert "hunter2" not in fault
