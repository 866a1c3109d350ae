"""E-mail for people without Slack, and for when Slack fails for good: plain and HTML, with a link that opens once."""

import smtplib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from email.message import EmailMessage
from email.utils import formatdate
from ipaddress import ip_address
from ssl import create_default_context
from urllib.parse import unquote, urlsplit

from heardback.errors import SendFailed
from heardback.messages.letter import html_of, plain_of, subject_of
from heardback.messages.message import Message, Receipt

SUBMISSION, IMPLICIT_TLS = 587, 465
OK, GO_ON, FOR_GOOD = 250, 354, 500
ADVICE = "check HEARDBACK_SMTP_URL and HEARDBACK_MAIL_FROM; it is tried again"


class EmailSender:
    """Sends by SMTP, at most once. Holds the password of the URL and never shows it.

    `url`: smtp://user:password@host:587 (STARTTLS where it is offered; no password goes out without) or smtps://.
    """

    def __init__(self, url: str, sent_from: str, council: str, timeout_seconds: int = 20) -> None:
        self._url, self._from, self._council = urlsplit(url), sent_from, council
        self._timeout = timeout_seconds

    def send(self, message: Message, address: str) -> Receipt:
        """Hand the letter to the mail server once. Raises SendFailed; after the last byte, with `fate_unknown`."""
        letter = self._letter(message, address)
        with self._server() as server:
            _offer(server, self._from, address)
            _hand_over(server, letter)
        return Receipt(address, str(letter["Message-ID"]))

    def find(self, address: str, nudge_uid: str) -> Receipt | None:  # noqa: ARG002  nobody can look into a mailbox
        """Never known: an e-mail cannot be looked for, so one in doubt is not sent again."""
        raise SendFailed("nobody can look for an e-mail", where="SMTP", do="ask whoever it was for", code="no_history")

    def _letter(self, message: Message, address: str) -> EmailMessage:
        letter = EmailMessage()
        letter["Subject"], letter["From"], letter["To"] = subject_of(message), self._from, address
        letter["Date"] = formatdate(localtime=False)
        # the key of the nudge: whoever gets it twice all the same has one in their mailbox
        letter["Message-ID"] = f"<{message.nudge_uid}@{self._from.rpartition('@')[2].strip('>')}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(plain_of(message, self._council))
        letter.add_alternative(html_of(message, self._council), subtype="html")
        return letter

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        failure = None
        with ExitStack() as at_the_end:
            try:
                server = at_the_end.enter_context(closing(self._connected()))
                self._introduce(server)
            except smtplib.SMTPAuthenticationError:
                failure = SendFailed("the mail server refused our name or password", where="SMTP", do=ADVICE,
                                     permanent=True, code="invalid_auth")  # fmt: skip
            except (OSError, smtplib.SMTPException) as error:
                failure = SendFailed(f"the mail server was not reached ({type(error).__name__})", where="SMTP",
                                     do=ADVICE, code="unreachable")  # fmt: skip
            if failure:  # raised out here, so that no words of the server's stand in its chain
                raise failure
            yield server

    def _connected(self) -> smtplib.SMTP:
        host, ours = self._url.hostname or "localhost", self._from.rpartition("@")[2].strip(">") or "localhost"
        if self._url.scheme == "smtps":
            port, context = self._url.port or IMPLICIT_TLS, create_default_context()
            return smtplib.SMTP_SSL(host, port, ours, timeout=self._timeout, context=context)
        return smtplib.SMTP(host, self._url.port or SUBMISSION, ours, timeout=self._timeout)

    def _introduce(self, server: smtplib.SMTP) -> None:
        is_private = self._url.scheme == "smtps" or _is_loopback(self._url.hostname or "localhost")
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=create_default_context())
            server.ehlo()
            is_private = True
        if self._url.username and is_private:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))


def _offer(server: smtplib.SMTP, sent_from: str, address: str) -> None:
    failure = None
    try:
        server.ehlo_or_helo_if_needed()
        for what, (code, _) in (("sender", server.mail(sent_from)), ("recipient", server.rcpt(address))):
            if code >= OK + 2:
                raise _refused(what, code)
    except (OSError, smtplib.SMTPException) as error:
        failure = SendFailed(f"the mail server broke off ({type(error).__name__})", where="SMTP", do=ADVICE,
                             code="unreachable")  # fmt: skip
    if failure:
        raise failure


def _hand_over(server: smtplib.SMTP, letter: EmailMessage) -> None:
    failure, code = None, OK
    try:
        code, _ = server.data(letter.as_bytes())
    except smtplib.SMTPDataError as error:  # it refused before the first byte
        code = error.smtp_code
    except (OSError, smtplib.SMTPException) as error:
        failure = SendFailed(f"the mail server broke off amid the letter ({type(error).__name__})", where="SMTP",
                             do="ask whoever it was for", code="broken_off", fate_unknown=True)  # fmt: skip
    if failure:
        raise failure
    if code != OK:
        raise _refused("letter", code)


def _refused(what: str, code: int) -> SendFailed:
    do = "correct the person's e-mail address in services.yaml" if what == "recipient" else ADVICE
    told = f"the mail server refused the {what} ({code})"
    return SendFailed(told, where="SMTP", do=do, permanent=code >= FOR_GOOD, code=f"smtp_{code}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
