"""Links that let one person in, once: signed, with an end, and crossed off in the database when they are used."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, insert, select, update

from heardback.errors import ConfigurationError, NotAllowed
from heardback.store import SignIn
from heardback.store.session import reading, transaction
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

GOOD_FOR = timedelta(days=7)  # a window: by then the next message has a link of its own
SALT = "heardback sign-in"


def sign_in_link(work: Workplace, person: str, nudge_uid: str, at: datetime, page: str = "") -> str:
    """A link for one person in one message; '' where the council has no web address or no key for links.

    `page` is where it leads to, such as `loops/L-0001`; their loops where none is given.
    """
    if not (work.council.policy.link_base and work.settings.link_key):
        return ""
    token_uid = token_urlsafe(18)
    with transaction(work.store) as session:
        row = {"token_uid": token_uid, "person": person, "nudge_uid": nudge_uid, "made_at": at}
        session.execute(insert(SignIn), [row | {"used_at": None, "ended_at": None}])
    onwards = f"?page={page}" if page else ""
    return f"{work.council.policy.link_base.rstrip('/')}/sign-in/{sealed(work, token_uid)}{onwards}"


@step()
def redeem(token: str, at: datetime) -> dict[str, str]:
    """Who a link lets in, from which message, and the link's own key; it is used up by this.

    Raises NotAllowed in the same words for all. It comes after the press of a button, never when a link is opened:
    programs that look through mail open every link.
    """
    with open_workplace() as work:
        token_uid = opened(work, token)
        with transaction(work.store) as session:
            # one statement, so that of two who press at once one is let in
            query = update(SignIn).where(_fresh(token_uid, at)).values(used_at=at)
            row = session.execute(query.returning(SignIn.person, SignIn.nudge_uid)).first()
        if row is None or row.person not in work.council.directory.people:
            raise refusal()
        return {"person": row.person, "nudge_uid": row.nudge_uid, "token_uid": token_uid}


@step()
def whose_link(token: str, at: datetime) -> str:
    """The name of whom a link would let in; it uses nothing up. Raises NotAllowed as `redeem` does."""
    with open_workplace() as work:
        token_uid = opened(work, token)
        with reading(work.store) as session:
            person = session.scalar(select(SignIn.person).where(_fresh(token_uid, at)))
        if person not in work.council.directory.people:
            raise refusal()
        return work.council.directory.people[person].name


def _fresh(token_uid: str, at: datetime) -> ColumnElement[bool]:
    return (SignIn.token_uid == token_uid) & SignIn.used_at.is_(None) & (SignIn.made_at > at - GOOD_FOR)


def sealed(work: Workplace, token_uid: str, salt: str = SALT) -> str:
    """A link's key, signed; by another salt it is something else, and opens nothing that this opens."""
    from itsdangerous import URLSafeSerializer

    return str(URLSafeSerializer(work.settings.link_key, salt=salt).dumps(token_uid))


def opened(work: Workplace, token: str, salt: str = SALT) -> str:
    """What was signed. Raises NotAllowed for a signature that is none of ours, ConfigurationError without a key."""
    from itsdangerous import BadData, URLSafeSerializer

    if not work.settings.link_key:
        raise ConfigurationError(["HEARDBACK_SECRET_LINK_KEY: not set, so no link can be checked"])
    try:
        return str(URLSafeSerializer(work.settings.link_key, salt=salt).loads(token))
    except BadData:
        raise refusal() from None


def refusal() -> NotAllowed:
    """The one answer to every link that does not let anybody in."""
    return NotAllowed("this link does not open anything any more", do="use the link of a newer message")
