"""A mail's bytes as a row, whatever program wrote them."""

from email.message import EmailMessage
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.domain.table import Table
from heardback.errors import Unreadable
from heardback.sources.mail.message import attachments, message_table

SAID = "The waiting room is freezing – bring a café 😕"


def mail(text: str | None = SAID, html: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "Jo Bloggs <jo@home.example>", "Subject": "My visit", "Message-ID": "<1@home.example>",
                        "Date": "Tue, 03 Nov 2026 09:12:00 +0000", **headers}.items():  # fmt: skip
        message[name.replace("_", "-")] = value
    if text is not None:
        message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html") if text is not None else message.set_content(html, "html")
    return message


def row(message: EmailMessage | bytes) -> dict[str, str]:
    found = table(message).frame.to_dict("records")
    assert len(found) == 1
    return {str(key): str(value) for key, value in found[0].items()}


def table(message: EmailMessage | bytes) -> Table:
    return message_table(message if isinstance(message, bytes) else message.as_bytes(), "INBOX 7")


def marked(message_id: str, said: str, date: str = "2026-11-03T09:12:00+00:00") -> str:
    """What a mail is known by, as the documents say."""
    return f"{message_id} {sha256((date + ''.join(said.split())).encode()).hexdigest()[:12]}"


def test_a_mail_is_a_row_without_its_sender() -> None:
    """
    From: Jo Bloggs <jo@home.example>        message_id         date                       subject   text
    Date: Tue, 03 Nov 2026 09:12 +0000   →   <1@home.example> … 2026-11-03T09:12:00+00:00  My visit  The waiting room…
    """
    assert row(mail()) == {
        "message_id": marked("<1@home.example>", SAID),
        "date": "2026-11-03T09:12:00+00:00",
        "subject": "My visit",
        "text": SAID,
    }
    assert "Bloggs" not in table(mail()).frame.to_csv()


def test_the_plain_text_goes_before_the_html_unless_it_is_blank() -> None:
    assert row(mail("plain", "<p>markup</p>"))["text"] == "plain"
    assert row(mail(" \n", "<p>markup</p>"))["text"] == "markup"
    assert row(mail(None, "<p>markup</p>"))["text"] == "markup"


def test_what_is_attached_is_no_part_of_what_was_written() -> None:
    message = mail()
    message.add_attachment("homework", filename="homework.txt")
    forwarded = mail("somebody else's words")
    message.add_attachment(forwarded)
    assert row(message)["text"] == SAID


def test_quotation_and_signature_go_and_that_is_noted() -> None:
    found = table(mail(f"{SAID}\n\nOn 2 Nov 2026 at 10:00, YJS <y@x> wrote:\n> How was it?\n"))
    assert found.frame["text"].tolist() == [SAID]
    assert [note.code for note in found.notes] == ["mail_trimmed"]
    assert table(mail()).notes == []


@pytest.mark.parametrize("headers", [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated; owner-email=jo@home.example"},
    {"Precedence": "bulk"},
    {"Precedence": "auto_reply"},
    {"Return_Path": "<>"},
    {"X_Autoreply": "yes"},
])  # fmt: skip
def test_an_automatic_reply_is_counted_and_says_nothing(headers: dict[str, str]) -> None:
    found = table(mail("I am on leave", **headers))
    assert found.rows_read == 1
    assert found.frame[["subject", "text"]].to_numpy().tolist() == [["", ""]]
    assert [note.code for note in found.notes] == ["automatic_mail"]


def test_a_bounce_is_counted_and_says_nothing() -> None:
    bounce = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b--\n"
    assert row(bounce)["text"] == ""


def test_a_person_is_no_robot() -> None:
    assert row(mail(Auto_Submitted="no", Precedence="normal", Return_Path="<jo@home.example>"))["text"] == SAID


@pytest.mark.parametrize(("written", "read"), [
    ("Tue, 03 Nov 2026 09:12:00 +0100", "2026-11-03T09:12:00+01:00"),
    ("Tue, 03 Nov 2026 09:12:00 -0000", "2026-11-03T09:12:00+00:00"),
    ("3 Nov 2026 09:12 GMT", "2026-11-03T09:12:00+00:00"),
    ("yesterday", ""),
    ("", ""),
])  # fmt: skip
def test_the_date_is_the_one_that_the_mail_says(written: str, read: str) -> None:
    content = f"Date: {written}\nMessage-ID: <1@x>\n\nsaid\n".encode()
    assert row(content)["date"] == read


def test_mails_that_share_an_id_are_two_unless_they_say_the_same_at_the_same_time() -> None:
    known = row(mail())["message_id"]
    copied = mail()
    copied["List-Id"] = "another way"
    assert row(copied.as_bytes().replace(b"\n", b"\r\n"))["message_id"] == known
    assert row(mail("Something else"))["message_id"] != known
    assert row(mail(Date="Wed, 04 Nov 2026 09:12:00 +0000"))["message_id"] != known


def test_text_that_bears_a_files_name_and_a_mail_forwarded_whole_are_read_where_nothing_else_is_said() -> None:
    named = mail()
    named.set_param("name", "text_0.txt")
    assert row(named)["text"] == SAID
    forwarded = mail("")
    forwarded.add_attachment(mail(None, f"<p>{SAID}</p>"))
    assert row(forwarded)["text"] == SAID
    assert row(b"Content-Type: multipart/mixed\n\nsaid without parts\n")["text"] == "said without parts"


@pytest.mark.parametrize("kind", ["application/pkcs7-mime", "application/ms-tnef", "text/calendar"])
def test_a_mail_of_which_nothing_can_be_read_says_so(kind: str) -> None:
    (note,) = table(f"Content-Type: {kind}; name=a\n\nMIAG\n".encode()).notes
    assert note.code == "mail_unread"
    assert table(b"Subject: nothing\n\n").notes == []


def test_a_mail_without_an_id_is_known_by_its_bytes() -> None:
    first, other = b"Subject: a\n\nsaid\n", b"Subject: b\n\nsaid\n"
    assert row(first)["message_id"] == row(first)["message_id"] != row(other)["message_id"]


def test_an_encoded_subject_is_read_and_a_broken_one_left_as_it_is() -> None:
    assert row(b"Subject: =?utf-8?q?caf=C3=A9?=\n\nsaid\n")["subject"] == "café"
    assert row(b"Subject: =?utf-8?b?a?=\n\nsaid\n")["subject"] == "=?utf-8?b?a?="
    assert row(b"Subject: =?no-such?q?x?=\n\nsaid\n")["subject"] == "=?no-such?q?x?="


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
def test_letters_are_read_in_the_charset_that_the_mail_names(charset: str) -> None:
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert row(head.encode() + "café".encode(charset))["text"] == "café"


@pytest.mark.parametrize(("said", "meant", "words"), [
    ("gb2312", "gb18030", "這裡很冷"), ("shift_jis", "cp932", "①寒い"), ("ks_c_5601-1987", "cp949", "똠방"),
    ("koi8-r", "koi8-r", "Здесь холодно"), ("utf-7", "utf-7", "Büro"), ("iso-2022-jp", "iso-2022-jp", "寒いです"),
])  # fmt: skip
def test_the_older_name_of_a_charset_means_what_programs_mean_by_it(said: str, meant: str, words: str) -> None:
    head = f"Content-Type: text/plain; charset={said}\nContent-Transfer-Encoding: 8bit\n\n"
    assert row(head.encode() + words.encode(meant))["text"] == words


def test_html_may_name_its_charset_in_its_own_head() -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><body>Холодно'
    assert row(b"Content-Type: text/html\n\n" + page.encode("cp1251"))["text"] == "Холодно"


@pytest.mark.parametrize("charset", ["undefined", "idna", "zip", "x-unknown", "unknown-8bit"])
def test_a_charset_that_can_never_be_read_costs_no_mail(charset: str) -> None:
    head = f"Content-Type: text/plain; charset={charset}\n\n"
    assert row(head.encode() + "café".encode())["text"] == "café"


def test_a_charset_that_is_wrong_or_unknown_loses_no_letter() -> None:
    assert row("Content-Type: text/plain; charset=us-ascii\n\ncafé\n".encode())["text"] == "café"
    assert row("Content-Type: text/plain; charset=no-such\n\ncafé\n".encode())["text"] == "café"
    assert row(b"Content-Type: text/plain; charset=utf-8\n\ncaf\xe9\n")["text"] == "café"


def test_attachments_come_with_their_names_those_of_a_forwarded_mail_too() -> None:
    inner = mail()
    inner.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="b.csv")
    outer = mail()
    outer.add_attachment(b"x,y\n", maintype="text", subtype="csv", filename="../../a\x1b.csv")
    outer.add_attachment(inner)
    assert attachments(outer.as_bytes(), "INBOX 7") == [(".._.._a.csv", b"x,y\n"), ("b.csv", b"a,b\n")]


def test_a_mail_within_mails_without_end_is_unreadable() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(3000))
    with pytest.raises(Unreadable):
        attachments(deep, "INBOX 7")
    with pytest.raises(Unreadable) as refused:
        message_table(deep, "INBOX 7")
    assert refused.value.where == "INBOX 7"


HEADERS = st.sampled_from([
    "Content-Type", "Content-Disposition", "Date", "Subject", "Message-ID", "Content-Transfer-Encoding", "Precedence",
])  # fmt: skip
VALUES = st.text(st.characters(max_codepoint=300, exclude_characters="\r\n"), max_size=60) | st.sampled_from([
    "multipart/mixed; boundary=b", "text/html; charset=x", "attachment; filename*0=a; filename*=utf-8''%", "base64",
    "text/plain; charset*=utf-8''%e9", "=?utf-8?b?=?=", "quoted-printable", "message/rfc822", "multipart/report",
])  # fmt: skip


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=5), st.binary(max_size=80))
def test_any_bytes_are_a_row_or_refused(headers: list[tuple[str, str]], body: bytes) -> None:
    content = "".join(f"{name}: {value}\n" for name, value in headers).encode("utf-8", "replace") + b"\n" + body
    for read in (message_table, attachments):
        try:
            read(content, "INBOX 7")
        except Unreadable as refused:
            assert refused.__suppress_context__
