"""Who reads a mailbox, and how the server is told: by a password, or by a token (OAuth 2.0)."""

from dataclasses import dataclass, field
from imaplib import IMAP4
from typing import Literal

from imap_tools import BaseMailBox
from imap_tools.errors import MailboxLoginError

from heardback.errors import SourceUnavailable

PASSWORDS = "does the server still take passwords for IMAP? Microsoft 365 wants 'token_url'"
TOKENS = "may the app read this mailbox (at Microsoft: IMAP.AccessAsApp, and the app added to the mailbox)?"
Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True)
class Account:
    """Which mailbox, and who reads it: by a password, or a token (OAuth 2.0); `secret` names the variable behind it."""

    host: str
    port: int
    security: Security
    user: str
    secret: str
    password: str = field(repr=False)
    folder: str
    token: str = field(repr=False, default="")

    @property
    def where(self) -> str:
        """The folder and its host, for messages."""
        return f"{self.folder} at {self.host}"


def log_in(box: BaseMailBox, account: Account) -> None:
    """Say the password, or show the token. Raises SourceUnavailable where the server does not let us in."""
    try:
        if account.token:
            _show_token(box, account)
        else:
            _say_password(box, account)
    except IMAP4.abort:
        raise  # the line broke, which says nothing of the password
    except (MailboxLoginError, IMAP4.error):
        do = f"check 'user' and the secret {account.secret}; {TOKENS if account.token else PASSWORDS}"
        raise refused("the server does not let us in", account, do) from None


def _say_password(box: BaseMailBox, account: Account) -> None:
    """Not where the server says beforehand that it takes none, mostly on a line that is not encrypted (RFC 3501)."""
    offers = set(box.client.capabilities)
    by_command = "LOGINDISABLED" not in offers
    if not by_command and "AUTH=PLAIN" not in offers:
        do = PASSWORDS if account.security != "none" else "write 'security: tls', or 'starttls'"
        raise refused("the server takes no password on this line", account, do)
    plain = account.user.isascii() and account.password.isascii() and by_command
    (box.login if plain else box.login_utf8)(account.user, account.password, initial_folder=None)


def _show_token(box: BaseMailBox, account: Account) -> None:
    """XOAUTH2. A server that refuses says why first, and waits for an empty line; imap-tools would send the token."""
    answers = iter([f"user={account.user}\1auth=Bearer {account.token}\1\1".encode()])
    box.client.authenticate("XOAUTH2", lambda _challenge: next(answers, b""))


def refused(what: str, account: Account, do: str) -> SourceUnavailable:
    """A refusal that stays until somebody changes something."""
    return SourceUnavailable(what, where=account.where, do=do, permanent=True)
