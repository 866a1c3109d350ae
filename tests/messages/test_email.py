"""E-mail over a real connection: what a letter holds, and what is known when the server misbehaves."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from heardback.errors import SendFailed
from heardback.messages.blocks import digest_message
from heardback.messages.email import EmailSender
from heardback.messages.letter import html_of, plain_of, subject_of
from heardback.messages.message import Message
from tests.messages.smtp_server import FakeMail
from tests.nudge_makers import digest, directory, open_loop

COUNCIL, OURS = "London Borough of Eastmere", "Heardback <heardback@eastmere.example>"
LINK = "https://heardback.example/sign-in/abc"


@pytest.fixture
def mail() -> Iterator[FakeMail]:
    with FakeMail() as server:
        yield server


def message(title: str = "Later opening on Fridays", link: str = LINK) -> Message:
    return replace(
        digest_message(digest(open_loop(title=title)), directory().people["amira"], COUNCIL, ""), sign_in=link
    )


def failure(mail: FakeMail, *troubles: str, url: str = "") -> SendFailed:
    mail.troubles.extend(troubles)
    with pytest.raises(SendFailed) as caught:
        EmailSender(url or mail.url, OURS, COUNCIL, timeout_seconds=1).send(message(), "amira@eastmere.example")
    return caught.value


def test_a_letter_says_the_same_in_plain_text_and_html_under_a_key_of_its_own(mail: FakeMail) -> None:
    receipt = EmailSender(mail.url, OURS, COUNCIL).send(message(), "amira@eastmere.example")
    (letter,) = mail.letters
    assert (letter["To"], letter["Subject"]) == ("amira@eastmere.example", "1 loop waiting for you (1 overdue)")
    assert receipt.ts == letter["Message-ID"] == f"<{message().nudge_uid}@eastmere.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        body = letter.get_body((kind,))
        assert body is not None
        text = body.get_content()
        assert "Later opening on Fridays" in text
        assert "14 people said this" in text
        assert LINK in text


@pytest.mark.parametrize(
    "title", ["<!channel> <script>alert(1)</script>", "<https://evil.example|click>", "*bold* & <b>x</b>"]
)
def test_52_markup_in_a_title_is_inert_in_a_letter(title: str) -> None:
    class Tags(HTMLParser):
        found: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found.append(tag)
            assert dict(attrs).get("href") in (None, LINK)

    Tags.found = []
    Tags().feed(html_of(message(title), COUNCIL))
    assert "script" not in Tags.found
    assert "b" not in Tags.found
    assert "\n" not in subject_of(message(title))
    assert title.split()[0] in plain_of(message(title), COUNCIL)


def test_without_a_web_address_the_letter_says_how_to_answer_and_links_nowhere() -> None:
    page = html_of(message(link=""), COUNCIL)
    assert "href" not in page
    assert "reply to whoever looks after participation" in plain_of(message(link=""), COUNCIL)


def test_a_server_that_breaks_off_after_the_letter_leaves_it_in_doubt(mail: FakeMail) -> None:
    error = failure(mail, "drop")
    assert (error.fate_unknown, error.permanent) == (True, False)
    assert len(mail.letters) == 1


@pytest.mark.parametrize(("trouble", "permanent", "code"), [("refuse", True, "smtp_550"), ("later", False, "smtp_451")])
def test_a_recipient_that_is_refused_was_certainly_not_written_to(
    mail: FakeMail, trouble: str, permanent: bool, code: str
) -> None:
    error = failure(mail, trouble)
    assert (error.fate_unknown, error.permanent, error.code) == (False, permanent, code)
    assert mail.letters == []


def test_a_wrong_password_is_an_alarm_and_is_nowhere_in_it(mail: FakeMail) -> None:
    error = failure(mail, "auth", url=mail.url.replace("smtp://", "smtp://us:s3cret@"))
    assert (error.code, error.permanent) == ("invalid_auth", True)
    assert "s3cret" not in str(error) + repr(error.__context__)


def test_a_server_that_is_not_there_was_not_reached(mail: FakeMail) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{free.getsockname()[1]}"
        error = failure(mail, url=url)
    assert (error.code, error.fate_unknown, error.permanent) == ("unreachable", False, False)


def test_nobody_can_look_for_an_e_mail(mail: FakeMail) -> None:
    with pytest.raises(SendFailed, match="nobody can look"):
        EmailSender(mail.url, OURS, COUNCIL).find("amira@eastmere.example", "digest-1")
