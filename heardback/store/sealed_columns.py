"""Columns whose values are sealed as they are written and opened as they are read, by the keys lent to their engine."""

from json import dumps, loads
from typing import Any, TypeVar

from sqlalchemy import JSON, Dialect, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator

from heardback.store.sealing import Seal, lent_to

Value = TypeVar("Value")


class Sealed(TypeDecorator[Value]):
    """What is empty stays so, sealed or not: SQL can ask whether there are words."""

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> Value | None:
        """Seal what is written, or looked for."""
        return self.as_stored(lent_to(dialect), value)

    def process_result_value(self, value: Value | None, dialect: Dialect) -> Value | None:
        """Open what is read."""
        return self.as_said(lent_to(dialect), value)

    def as_stored(self, seal: Seal | None, value: Value | None) -> Value | None:
        """A value as it is stored by these keys."""
        return self._sealed(seal, value) if seal and value else value

    def as_said(self, seal: Seal | None, stored: Value | None) -> Value | None:
        """The value again. Raises StoreError where no key fits."""
        return self._opened(seal, stored) if seal and stored else stored

    def _sealed(self, seal: Seal, value: Value) -> Value:
        raise NotImplementedError

    def _opened(self, seal: Seal, stored: Value) -> Value:
        raise NotImplementedError


class Words(Sealed[str]):
    """A text that may hold a child's words."""

    impl, cache_ok = Text, True

    def _sealed(self, seal: Seal, value: str) -> str:
        return seal.seal(value.encode()).decode()

    def _opened(self, seal: Seal, stored: str) -> str:
        return seal.open(stored.encode()).decode()


class Cells(Sealed[dict[str, Any]]):
    """A JSON object that may hold a child's words."""

    impl, cache_ok = JSON, True

    def _sealed(self, seal: Seal, value: dict[str, Any]) -> dict[str, Any]:
        return {"sealed": seal.seal(dumps(value).encode()).decode()}

    def _opened(self, seal: Seal, stored: dict[str, Any]) -> dict[str, Any]:
        opened: dict[str, Any] = loads(seal.open(stored["sealed"].encode()))
        return opened


class Mark(Sealed[str]):
    """A hash of words, by which the same are found: short words could be guessed from it."""

    impl, cache_ok = String, True

    def _sealed(self, seal: Seal, value: str) -> str:
        return seal.mark(value)

    def _opened(self, seal: Seal, stored: str) -> str:
        return seal.unmark(stored)


class SealedBytes(Sealed[bytes]):
    """Bytes made from a child's words."""

    impl, cache_ok = LargeBinary, True

    def _sealed(self, seal: Seal, value: bytes) -> bytes:
        return seal.seal(value)

    def _opened(self, seal: Seal, stored: bytes) -> bytes:
        return seal.open(stored)
