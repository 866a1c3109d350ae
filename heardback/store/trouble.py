"""What a database says when it cannot be used, in plain words: what happened, where, what to do, and if it passes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from heardback.errors import StoreError

T = TypeVar("T")
AGAIN, RIGHTS = "run this again", "check the address and its rights"
TRIES = 4  # a deadlock is over at once; a PostgreSQL that restarts is back within the 7 s that the waits come to
# PostgreSQL's own codes (SQLSTATE). What it stops with, and while it starts, begins with 08 or 57P.
LOCKED, FULL, CROSSED, AWAY = ("55P03",), ("53100",), ("40001", "40P01"), ("08", "57P")
TWICE, TWICE_IN = "23505", "UNIQUE constraint failed: "
FIRST_WRITTEN = ("raw_file", "pull", "source_state")  # by a pull: where two that pull one file at once meet


def retried(work: Callable[[], T], wait: Callable[[float], None]) -> T:
    """Do a whole transaction again where the database says that it may come through; `wait` is given the seconds.

    The work begins at its beginning each time, so it must look for itself whether it was done already: a connection
    that broke amid a commit does not say.
    """
    again = Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, StoreError) and error.passing),
        stop=stop_after_attempt(TRIES),
        wait=wait_exponential_jitter(initial=1, max=8, jitter=0.5),
        sleep=wait,
        reraise=True,
    )
    return again(work)


@contextmanager
def plain_words(url: str) -> Iterator[None]:
    """Whatever the database raises within becomes a StoreError that quotes no value of a statement."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise _unusable(url, error) from None
        if _key_twice_in(error) in FIRST_WRITTEN:  # the second finds all of it landed when it looks again
            raise _told(url, "another run wrote the same rows; nothing was changed", AGAIN, passing=True) from None
        if "not a database" in str(error.orig):
            raise _told(url, "the database cannot be opened (the file is not a database)", RIGHTS) from None
        # The parameters of a statement may hold a child's words: only the driver's class of error goes on.
        raise StoreError(f"the database refused a statement ({type(error.orig).__name__})", where=shown(url)) from None


def _key_twice_in(error: DBAPIError) -> str:
    """The table in which a key would stand twice; '' where something else is wrong."""
    if getattr(error.orig, "sqlstate", None) == TWICE:
        return str(error.orig.diag.table_name)  # type: ignore[union-attr]  # psycopg's error says
    found = str(error.orig)
    return found.removeprefix(TWICE_IN).partition(".")[0] if found.startswith(TWICE_IN) else ""


def shown(url: str) -> str:
    """A database's address as it may be shown."""
    return make_url(url).render_as_string(hide_password=True)


def _unusable(url: str, error: DBAPIError) -> StoreError:
    reason, code = str(error.orig), str(getattr(error.orig, "sqlstate", None) or "")
    if code in CROSSED:  # before the words are looked at: a deadlock's own text says "blocked"
        return _told(url, "another run wrote to the same rows; nothing was changed", AGAIN, passing=True)
    if "locked" in reason or code in LOCKED:
        return _told(url, "the database is locked by another process", f"wait for it to end, or stop it, and {AGAIN}")
    if "disk is full" in reason or "disk I/O" in reason or code in FULL:
        return _told(url, "the disk is full; nothing was changed", f"make room and {AGAIN}")
    if error.connection_invalidated or code.startswith(AWAY) or "starting up" in reason:
        return _told(url, "the connection to the database was lost", f"see that it is up, and {AGAIN}", passing=True)
    what, away = f"the database cannot be opened ({reason.splitlines()[0]})", reason.startswith("connection ")
    no_answer = away and "FATAL" not in reason  # so begins what a server says that turns us away
    return _told(url, what, f"see that it is up, and {AGAIN}; or {RIGHTS}" if no_answer else RIGHTS, passing=away)


def _told(url: str, what: str, do: str, *, passing: bool = False) -> StoreError:
    return StoreError(what, where=shown(url), do=do, passing=passing)
