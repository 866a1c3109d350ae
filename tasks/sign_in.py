"""Links that let one person in, once: signed, with an end, and crossed off in the database when they are used."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import insert, update

from heardback.errors import ConfigurationError, NotAllowed
from heardback.store import SignIn
from heardback.store.session import transaction
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

GOOD_FOR = timedelta(days=7)  # a window: by then the next message has a link of its own
SALT = "heardback sign-in"


def sign_in_link(work: Workplace, person: str, nudge_uid: str, at: datetime) -> str:
    """A link for one person in one message; '' where the council has no web address or no key for links."""
    if not (work.council.policy.link_base and work.settings.link_key):
        return ""
    token_uid = token_urlsafe(18)
    with transaction(work.store) as session:
        row = {"token_uid": token_uid, "person": person, "nudge_uid": nudge_uid, "made_at": at, "used_at": None}
        session.execute(insert(SignIn), [row])
    return f"{work.council.policy.link_base.rstrip('/')}/sign-in/{_sealed(work, token_uid)}"


@step()
def redeem(token: str, at: datetime) -> dict[str, str]:
    """Who a link lets in, and from which message; it is used up by this. Raises NotAllowed in the same words for all.

    Whoever serves the link asks for a press of a button first: programs that look through mail open every link.
    """
    with open_workplace() as work:
        token_uid = _opened(work, token)
        with transaction(work.store) as session:
            fresh = (SignIn.token_uid == token_uid) & SignIn.used_at.is_(None) & (SignIn.made_at > at - GOOD_FOR)
            # one statement, so that of two who press at once one is let in
            query = update(SignIn).where(fresh).values(used_at=at).returning(SignIn.person, SignIn.nudge_uid)
            row = session.execute(query).first()
        if row is None or row.person not in work.council.directory.people:
            raise _refusal()
        return {"person": row.person, "nudge_uid": row.nudge_uid}


def _sealed(work: Workplace, token_uid: str) -> str:
    from itsdangerous import URLSafeSerializer

    return str(URLSafeSerializer(work.settings.link_key, salt=SALT).dumps(token_uid))


def _opened(work: Workplace, token: str) -> str:
    from itsdangerous import BadData, URLSafeSerializer

    if not work.settings.link_key:
        raise ConfigurationError(["HEARDBACK_SECRET_LINK_KEY: not set, so no link can be checked"])
    try:
        return str(URLSafeSerializer(work.settings.link_key, salt=SALT).loads(token))
    except BadData:
        raise _refusal() from None


def _refusal() -> NotAllowed:
    return NotAllowed("this link does not open anything any more", do="use the link of a newer message")
