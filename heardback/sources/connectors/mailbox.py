"""A shared mailbox by IMAP: files that arrive in it (GOV.UK Forms sends batches so), or what people write to it.

Nothing in it is changed: it is opened by EXAMINE, nothing is marked as read. The cursor is the folder's UIDVALIDITY and
the UID of the last mail; where the former changes, all mails are looked at again, and known ones are known by their
bytes or their Message-ID. What arrives is fetched before anything of it lands, so that no line is held meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Literal, Self

from pydantic import Field, model_validator

from config.reading import Knobs
from config.values import SecretName, WebAddress
from heardback.domain.table import Table
from heardback.errors import HeardbackError, Unreadable
from heardback.sources.connector import Asking, Connector, Drop, Fetched
from heardback.sources.feed import Feed
from heardback.sources.mail.line import Folder, open_folder
from heardback.sources.mail.login import Account
from heardback.sources.mail.message import attachments, message_table
from heardback.sources.mail.token import SCOPE, TokenGiver, access_token
from heardback.sources.tables.reading import read_table

MEGABYTE = 1_000_000
PORTS = {"tls": 993, "starttls": 143, "none": 143}
BETWEEN = ":"
ONE_LINE = r"^[^\r\n\x00]*$"


class Mailbox(Knobs):
    """Which folder of which mailbox, and what counts in it: files by their names, or the mails themselves."""

    host: str = Field(pattern=r"^[A-Za-z0-9.:-]+$", description="imap.example.org")
    security: Literal["tls", "starttls", "none"] = "tls"
    port: int | None = Field(default=None, ge=1, le=65535, description="993 with tls and 143 without, where left out")
    user: str = Field(min_length=1, pattern=ONE_LINE)
    password: SecretName = ""
    token_url: WebAddress | None = Field(default=None, description="in the place of a password: Microsoft 365")
    client_id: str = Field(default="", description="of the app that may read the mailbox")
    client_secret: SecretName = ""
    scope: str = SCOPE
    folder: str = Field(default="INBOX", min_length=1, pattern=ONE_LINE)
    attachments: str = Field(default="", description="files whose names are like this: '*.csv'")
    messages: bool = Field(default=False, description="yes: each mail is what somebody said")
    sender: str = Field(default="", alias="from", pattern=ONE_LINE, description="only mails from whoever is named so")
    subject: str = Field(default="", pattern=ONE_LINE, description="only mails with this in their subject")

    @model_validator(mode="after")
    def _is_let_in_one_way(self) -> Self:
        app = (self.token_url, self.client_id, self.client_secret)
        if bool(self.password) == any(app) or (any(app) and not all(app)):
            raise ValueError("say 'password', or 'token_url', 'client_id' and 'client_secret' together")
        return self

    @model_validator(mode="after")
    def _looks_for_one_thing(self) -> Self:
        if bool(self.attachments) == self.messages:
            raise ValueError("say what counts: 'attachments' (a pattern of file names) or 'messages: yes', not both")
        return self


@dataclass(frozen=True)
class Letter:
    """A file that came by mail, or a mail; or why it could not be had."""

    name: str
    content: bytes = field(repr=False, default=b"")
    cursor: str = ""
    problem: HeardbackError | None = None

    def fetch(self) -> Fetched:
        """Its bytes. Raises Unreadable for a mail that is too large, or cannot be taken apart."""
        if self.problem:
            raise self.problem
        return Fetched(self.content, self.cursor, whole=False)


def drops(settings: Mailbox, asking: Asking) -> Sequence[Drop]:
    """What came since the cursor, in the order in which it came; as much at once as one file may be large.

    The rest comes with the next pull. Raises SourceUnavailable where the mailbox does not answer to the end.
    """
    most = asking.max_megabytes * MEGABYTE
    validity, _, last = asking.cursor.partition(BETWEEN)
    found: list[Letter] = []
    size = 0
    with open_folder(_account(settings, asking), asking.private_hosts, most) as folder:
        after = int(last) if validity == folder.validity else 0
        uids = folder.uids_after(after, settings.sender, settings.subject)
        for letters in _letters(folder, uids, settings, most):
            found += letters
            size += sum(len(letter.content) for letter in letters)
            if size > most:
                break
    return found


def knock(settings: Mailbox, asking: Asking) -> None:
    """Log in and open the folder. Raises SourceUnavailable."""
    with open_folder(_account(settings, asking), asking.private_hosts, MEGABYTE):
        return


def table(content: bytes, name: str, feed: Feed) -> Table:
    """A row for a mail, or the table that the attached file holds."""
    settings = Mailbox.model_validate({key: value for key, value in feed.connect.items() if key != "to"})
    return message_table(content, name) if settings.messages else read_table(content, name, feed.file)


def _account(settings: Mailbox, asking: Asking) -> Account:
    return Account(
        host=settings.host,
        port=settings.port or PORTS[settings.security],
        security=settings.security,
        user=settings.user,
        secret=settings.password or settings.client_secret,
        password=asking.secret(settings.password) if settings.password else "",
        token=access_token(_token_giver(settings), asking) if settings.token_url else "",
        folder=settings.folder,
    )


def _token_giver(settings: Mailbox) -> TokenGiver:
    return TokenGiver(str(settings.token_url), settings.client_id, settings.client_secret, settings.scope)


def _letters(folder: Folder, uids: list[int], settings: Mailbox, most: int) -> Iterator[list[Letter]]:
    """What each mail brings; the cursor moves with the last of it."""
    sizes = folder.sizes(uids)
    for uid in uids:
        if uid not in sizes:
            continue  # deleted since we asked
        name, cursor = f"{settings.folder} {uid}", f"{folder.validity}{BETWEEN}{uid}"
        if sizes[uid] > most:
            yield [Letter(name, problem=_too_large(name, most))]
        elif content := folder.message(uid):
            yield _of_mail(content, name, cursor, settings)


def _of_mail(content: bytes, name: str, cursor: str, settings: Mailbox) -> list[Letter]:
    if settings.messages:
        return [Letter(name, content, cursor)]
    try:
        wanted = [(file, inner) for file, inner in attachments(content, name) if _is_like(file, settings.attachments)]
    except Unreadable as problem:
        return [Letter(name, problem=problem)]
    last = len(wanted) - 1
    return [
        Letter(f"{name} {file}", inner, cursor if position == last else "")
        for position, (file, inner) in enumerate(wanted)
    ]


def _is_like(file: str, pattern: str) -> bool:
    return fnmatch(file.lower(), pattern.lower())


def _too_large(name: str, most: int) -> Unreadable:
    return Unreadable(
        f"the mail is over {most / MEGABYTE:,.0f} MB",
        where=name,
        do="save what counts in it by hand and move it to another folder, or raise gate.max_file_megabytes",
    )


CONNECTOR = Connector(Mailbox, drops, table, knock=knock)
