"""The keys that words are sealed with where they lie: in columns of the database (`sealed_columns`) and in raw files.

Without a key everything is stored as it is. The key travels with the engine (on its dialect), never in a module.
"""

from base64 import b64decode, b64encode, urlsafe_b64decode
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from hmac import new as hmac
from typing import TYPE_CHECKING, Self

from sqlalchemy import Dialect, Engine

from heardback.errors import ConfigurationError, StoreError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

VARIABLE = "HEARDBACK_SECRET_TEXT_KEY"
NEW_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
KEY_BYTES = 32


@dataclass(frozen=True)
class Seal:
    """Fernet keys, the first of them in use; what the others sealed can still be opened. Never shown in a repr."""

    keys: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, written: str) -> Self | None:
        """The seal of keys as they stand in the environment, one or several with commas; None where there is none.

        Raises ConfigurationError where one is no Fernet key, without quoting it, or `cryptography` is not installed.
        """
        keys = tuple(key.strip() for key in written.split(",") if key.strip())
        if not keys:
            return None
        if not all(_is_key(key) for key in keys):
            raise ConfigurationError([f"{VARIABLE}: one of the keys is no Fernet key; make one: {NEW_KEY}"])
        try:
            import cryptography.fernet  # noqa: F401  (an optional extra, and 0.05 s)
        except ImportError:
            what = (
                f"{VARIABLE} is set, and the library that seals is not installed: pip install 'heardback[encryption]'"
            )
            raise ConfigurationError([what]) from None
        return cls(keys)

    @property
    def key_id(self) -> str:
        """What the key in use is known by in the database; nothing can be worked out from it."""
        return self.ids[0]

    @property
    def ids(self) -> tuple[str, ...]:
        """The same for every key."""
        return tuple(hmac(key.encode(), b"heardback key id", sha256).hexdigest()[:16] for key in self.keys)

    def seal(self, plain: bytes) -> bytes:
        """Sealed with the key in use; the same bytes twice look different."""
        return self._fernets.encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """Opened with whichever key fits. Raises StoreError where none does."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernets.decrypt(sealed)
        except InvalidToken:
            raise unopened() from None

    def mark(self, digest: str) -> str:
        """A hash of words sealed so that equal ones stay equal: without the key nobody can try guesses at it."""
        return b64encode(self._markers[0].encrypt(digest.encode(), None)).decode()

    def unmark(self, marked: str) -> str:
        """The hash again. Raises StoreError where no key fits."""
        from cryptography.exceptions import InvalidTag

        for marker in self._markers:
            try:
                return marker.decrypt(b64decode(marked), None).decode()
            except (InvalidTag, ValueError):
                continue
        raise unopened()

    @cached_property
    def _fernets(self) -> "MultiFernet":
        from cryptography.fernet import Fernet, MultiFernet

        return MultiFernet([Fernet(key) for key in self.keys])

    @cached_property
    def _markers(self) -> "list[AESSIV]":
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        return [AESSIV(hmac(key.encode(), b"heardback marks", sha256).digest()) for key in self.keys]


def lend(engine: Engine, seal: Seal | None) -> None:
    """From now on this engine's columns are sealed and opened with these keys."""
    engine.dialect.heardback_seal = seal  # type: ignore[attr-defined]


def seal_of(engine: Engine) -> Seal | None:
    """The keys of an engine's columns, None where words are stored as they are."""
    return lent_to(engine.dialect)


def lent_to(dialect: Dialect) -> Seal | None:
    """The same by the dialect, which is all that a column's type is told."""
    return getattr(dialect, "heardback_seal", None)


def _is_key(written: str) -> bool:
    try:
        return len(urlsafe_b64decode(written.encode())) == KEY_BYTES
    except ValueError:
        return False


def unopened() -> StoreError:
    """What to say of words for which there is no key."""
    what = "sealed words cannot be opened: none of the keys fits, or they were damaged"
    return StoreError(what, where=VARIABLE, do="give the key that they were sealed with, after the one in use")
