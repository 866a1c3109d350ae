"""What was compiled stays compiled: each step opens an engine of its own, and each engine would compile all anew."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache


def remember_statements() -> None:
    """From now on all engines of this process, and of those forked from it, share what they compiled.

    SQLAlchemy keeps it by dialect. Two dialects of one kind and one key compile alike, so they are taken for one.
    """
    compiled: LRUCache[Any, Any] = LRUCache(2_000)

    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", share)
    DefaultDialect.__eq__ = lambda one, other: _kind(one) == _kind(other)
    DefaultDialect.__hash__ = lambda one: hash(_kind(one))


def _kind(dialect: object) -> tuple[object, ...]:
    return type(dialect), getattr(dialect, "heardback_seal", None), getattr(dialect, "server_version_info", None)
