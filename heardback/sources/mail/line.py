"""A line to a mailbox: to a checked address, encrypted unless the policy names the host, read and never changed."""

import re
import socket
import ssl
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from difflib import get_close_matches
from functools import cached_property
from imaplib import IMAP4
from typing import Any

from imap_tools import AND, BaseMailBox, U
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError

from heardback.errors import SourceUnavailable
from heardback.sources.mail.login import Account, log_in, refused
from heardback.sources.web.addresses import checked_addresses

SECONDS = 60  # without a byte
AT_ONCE = 200  # messages whose sizes are asked for in one command; a line has its limits
ENVELOPE = 65_536  # bytes of a server's own words beside a message
LEVELS = re.compile(r"[./\\]")  # what servers write between a folder and one within it
SIZE = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)")


class Folder:
    """One folder, open for reading. UIDs rise within one `validity`; with another, all of them begin anew."""

    def __init__(self, box: BaseMailBox, validity: str) -> None:
        self._box, self.validity = box, validity

    def uids_after(self, last: int, sender: str = "", subject: str = "") -> list[int]:
        """Those of the messages that came since; `sender` and `subject` are what must stand in theirs.

        What somebody deleted is left alone, also while the server still keeps it for them.
        """
        criteria = AND(uid=U(str(last + 1), "*"), deleted=False, from_=sender or None, subject=subject or None)
        charset = None if str(criteria).isascii() else "UTF-8"
        # The range n:* always holds the last message, however high n is.
        return sorted({uid for uid in map(int, self._box.uids(criteria, charset)) if uid > last})

    def sizes(self, uids: list[int]) -> dict[int, int]:
        """Bytes by UID, as the server states them; what is gone by now is left out."""
        found: dict[int, int] = {}
        for start in range(0, len(uids), AT_ONCE):
            wanted = ",".join(map(str, uids[start : start + AT_ONCE]))
            for line in self._fetch(wanted, "(UID RFC822.SIZE)"):
                if isinstance(line, bytes) and (told := SIZE.search(line)):
                    uid, size = (told[1], told[2]) if told[1] else (told[4], told[3])
                    found[int(uid)] = int(size)
        return found

    def message(self, uid: int) -> bytes:
        """All of a message, which stays unread for whoever reads the mailbox; b'' where it is gone by now."""
        parts = self._fetch(str(uid), "(UID BODY.PEEK[])")
        return next((part[1] for part in parts if isinstance(part, tuple)), b"")

    def _fetch(self, uids: str, what: str) -> list[Any]:
        """A refusal is none of silence: a mail that was not handed over must not count as gone."""
        status, parts = self._box.client.uid("FETCH", uids, what)
        if status != "OK":
            raise self._box.client.error("refused")
        return parts


class _Line(IMAP4):
    """Connects to the addresses given, not to the name once more; takes in no more than the limit at once."""

    def __init__(self, account: Account, addresses: list[str], most: int) -> None:
        self._addresses, self._most = addresses, most
        self._account = account
        super().__init__(account.host, account.port, SECONDS)
        if account.security == "starttls":
            self._encrypt()

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context()  # imaplib's own does not look at the certificate

    def _encrypt(self) -> None:
        with ExitStack() as on_failure:
            on_failure.callback(_close, self)
            self.starttls(self._context)
            on_failure.pop_all()

    def _create_socket(self, timeout: float | None) -> socket.socket:
        failure: OSError = OSError("no address was tried")
        for address in self._addresses:
            try:
                line = socket.create_connection((address, self._account.port), timeout)
            except OSError as error:
                failure = error
                continue
            if self._account.security == "tls":
                return self._context.wrap_socket(line, server_hostname=self._account.host)
            return line
        raise failure

    def read(self, size: int) -> bytes:
        """A literal, whose length the server states."""
        if size > self._most:
            raise self.abort("larger than announced")
        return super().read(size)


class _Mailbox(BaseMailBox):
    def __init__(self, line: IMAP4) -> None:
        self._line = line
        super().__init__()

    def _get_mailbox_client(self) -> IMAP4:
        return self._line


@contextmanager
def open_folder(account: Account, private_hosts: Collection[str], most: int) -> Iterator[Folder]:
    """A folder opened by EXAMINE, so that nothing in it can change. `most` is in bytes, of one message.

    Raises SourceUnavailable where the host must not be called, does not answer, or does not let us in.
    """
    private = frozenset(host.lower() for host in private_hosts)
    if account.security == "none" and account.host.lower() not in private:
        raise SourceUnavailable(
            "the line is not encrypted, so the password could be read on the way",
            where=account.host,
            do="write 'security: tls' (none is for hosts in network.private_hosts of policy.yaml)",
            permanent=True,
        )
    addresses = checked_addresses(account.host, account.port, private)
    if not addresses:
        do = "correct 'host', or pull again when names are looked up again"
        raise SourceUnavailable("no computer of this name is known", where=account.host, do=do)
    with _understood(account):
        box = _Mailbox(_Line(account, addresses, most + ENVELOPE))
        try:
            yield _opened(box, account)
        finally:
            with suppress(ImapToolsError, IMAP4.error, OSError):
                box.logout()
            _close(box.client)


def _close(line: IMAP4) -> None:
    """Also where nobody is at the other end any more, or it is closed."""
    with suppress(OSError):
        line.shutdown()


def _opened(box: BaseMailBox, account: Account) -> Folder:
    log_in(box, account)
    _examine(box, account)
    _, told = box.client.response("UIDVALIDITY")
    if not told or told[0] is None:
        raise SourceUnavailable(
            "the server keeps no lasting numbers for its messages (UIDVALIDITY)", where=account.where, permanent=True
        )
    return Folder(box, bytes(told[0]).decode("ascii", "replace"))


def _examine(box: BaseMailBox, account: Account) -> None:
    try:
        box.folder.set(account.folder, readonly=True)
    except MailboxFolderSelectError:
        known = [folder.name for folder in box.folder.list()]
        do = f"correct 'folder'{_nearest(account.folder, known)}"
        raise refused("the server has no such folder, or does not show it to us", account, do) from None


def _nearest(wanted: str, known: list[str]) -> str:
    """The folder that may be meant: the same but for the server's own prefix, its sign between names, or a slip."""
    plain = {LEVELS.sub("/", name.lower()): name for name in known}
    sought = LEVELS.sub("/", wanted.lower())
    ending = [name for name in plain if f"/{name}".endswith(f"/{sought}") or f"/{sought}".endswith(f"/{name}")]
    found = ending or get_close_matches(sought, plain, n=1, cutoff=0.8)
    return f": is it '{plain[max(found, key=len)]}'?" if found else ""


@contextmanager
def _understood(account: Account) -> Iterator[None]:
    """What the server or the line says, in our words: the server's own may repeat the user, or a subject."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        do = "if the council signs its own, name its authority's file in SSL_CERT_FILE"
        raise refused("the host's certificate cannot be trusted", account, do) from None
    except ssl.SSLError:
        do = "correct 'security' and 'port': tls is on 993, starttls on 143"
        raise refused("the server does not speak TLS here", account, do) from None
    except (ImapToolsError, IMAP4.error, OSError, UnicodeError) as error:
        raise SourceUnavailable(
            f"the mailbox did not answer to the end ({type(error).__name__})",
            where=account.where,
            do="pull again later; are 'host', 'port' and 'security' right?",
        ) from None
