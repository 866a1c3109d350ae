"""Who is signed in: for an hour after their link opened, on that one browser, until they sign out."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from heardback.errors import NotAllowed
from heardback.store import SignIn
from heardback.store.session import reading, transaction
from tasks.sign_in import opened, redeem, sealed
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

SIGNED_IN_FOR = timedelta(hours=1)
SALT = "heardback session"  # a link's token is no cookie, and a cookie opens no link


@dataclass(frozen=True)
class Visit:
    """Somebody who is signed in: their short name, their name, their cookie, and the key that their forms carry."""

    person: str
    name: str
    council: str
    cookie: str
    key: str

    def holds(self, key: str) -> bool:
        """Whether a form was made for this visit; another site cannot know its key."""
        return hmac.compare_digest(self.key.encode(), key.encode())


@step()
def begin_visit(token: str, at: datetime) -> Visit:
    """Use a link up and sign its person in. Raises NotAllowed."""
    let_in = redeem.run(token, at)
    with open_workplace() as work:
        return _visit(work, let_in["person"], let_in["token_uid"])


@step()
def visit_of(cookie: str, at: datetime) -> Visit:
    """Who comes with this cookie. Raises NotAllowed where it is none of ours, too old, or was signed out."""
    with open_workplace() as work:
        token_uid = opened(work, cookie, SALT)
        here = (SignIn.token_uid == token_uid) & (SignIn.used_at > at - SIGNED_IN_FOR) & SignIn.ended_at.is_(None)
        with reading(work.store) as session:
            person = session.scalar(select(SignIn.person).where(here))
        if person is None or person not in work.council.directory.people:
            raise NotAllowed("you are not signed in", do="open the link in your newest message")
        return _visit(work, person, token_uid)


@step()
def end_visit(visit: Visit, at: datetime) -> None:
    """Sign somebody out: their cookie is worth nothing any more, wherever it has been copied to."""
    with open_workplace() as work, transaction(work.store) as session:
        token_uid = opened(work, visit.cookie, SALT)
        session.execute(update(SignIn).where(SignIn.token_uid == token_uid).values(ended_at=at))


def _visit(work: Workplace, person: str, token_uid: str) -> Visit:
    directory = work.council.directory
    key = hmac.new(work.settings.link_key.encode(), f"form {token_uid}".encode(), "sha256").hexdigest()
    return Visit(person, directory.people[person].name, directory.council, sealed(work, token_uid, SALT), key)
