"""Words sealed where they lie, with keys from the environment: columns of the database, and raw files beside it.

Without a key everything is stored as it is. The key travels with the engine (on its dialect), never in a module.
"""

from base64 import b64decode, b64encode, urlsafe_b64decode
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from hmac import new as hmac
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import JSON, Dialect, Engine, String, Text
from sqlalchemy.types import TypeDecorator

from heardback.errors import ConfigurationError, StoreError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

VARIABLE = "HEARDBACK_SECRET_TEXT_KEY"
NEW_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
SEALED_FILE = b"heardback sealed 1\n"
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
            raise _unopened() from None

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
        raise _unopened()

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
    return _seal(engine.dialect)


def sealed_text(seal: Seal | None, text: str) -> str:
    """A text as it is stored; '' stays '', so that SQL can ask whether there are words."""
    return seal.seal(text.encode()).decode() if seal and text else text


def sealed_cells(seal: Seal | None, cells: dict[str, Any]) -> dict[str, Any]:
    """Cells as they are stored; {} stays {}."""
    from json import dumps

    return {"sealed": seal.seal(dumps(cells).encode()).decode()} if seal and cells else cells


def sealed_mark(seal: Seal | None, digest: str) -> str:
    """A hash of words as it is stored; '' stays ''."""
    return seal.mark(digest) if seal and digest else digest


def sealed_file(seal: Seal | None, content: bytes) -> bytes:
    """A file's bytes as they are kept."""
    return SEALED_FILE + seal.seal(content) if seal else content


def opened_text(seal: Seal | None, stored: str) -> str:
    """The text again. Raises StoreError where no key fits."""
    return seal.open(stored.encode()).decode() if seal and stored else stored


def opened_cells(seal: Seal | None, stored: dict[str, Any]) -> dict[str, Any]:
    """The cells again. Raises StoreError where no key fits."""
    from json import loads

    opened: dict[str, Any] = loads(seal.open(stored["sealed"].encode())) if seal and stored else stored
    return opened


def opened_mark(seal: Seal | None, stored: str) -> str:
    """The hash again. Raises StoreError where no key fits."""
    return seal.unmark(stored) if seal and stored else stored


def opened_file(seal: Seal | None, kept: bytes) -> bytes:
    """The bytes again; those kept before there was a key are as they came. Raises StoreError where no key fits."""
    if not kept.startswith(SEALED_FILE):
        return kept
    if seal is None:
        raise _unopened()
    return seal.open(kept.removeprefix(SEALED_FILE))


class Words(TypeDecorator[str]):
    """A text column that may hold a child's words."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal what is written."""
        return sealed_text(_seal(dialect), value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open what is read."""
        return opened_text(_seal(dialect), value) if value else value


class Cells(TypeDecorator[dict[str, Any]]):
    """A JSON column that may hold a child's words."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        """Seal what is written."""
        return sealed_cells(_seal(dialect), value) if value else value

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        """Open what is read."""
        return opened_cells(_seal(dialect), value) if value else value


class Mark(TypeDecorator[str]):
    """A column with a hash of words, by which the same are found: short words could be guessed from it."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal what is written or looked for."""
        return sealed_mark(_seal(dialect), value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open what is read."""
        return opened_mark(_seal(dialect), value) if value else value


def _seal(dialect: Dialect) -> Seal | None:
    return getattr(dialect, "heardback_seal", None)


def _is_key(written: str) -> bool:
    try:
        return len(urlsafe_b64decode(written.encode())) == KEY_BYTES
    except ValueError:
        return False


def _unopened() -> StoreError:
    what = "sealed words cannot be opened: none of the keys fits, or they were damaged"
    return StoreError(what, where=VARIABLE, do="give the key that they were sealed with, after the one in use")
