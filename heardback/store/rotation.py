"""Sealing every word anew with another key: the columns in one transaction, then the raw files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, bindparam, delete, select, type_coerce, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from heardback.errors import StoreError
from heardback.store import raw_files
from heardback.store.keys import KeyInUse, another_key
from heardback.store.meanings import Meaning
from heardback.store.pulls import QuarantinedRow
from heardback.store.responses import Comment, Response, Revision
from heardback.store.sealing import NEW_KEY, VARIABLE, Seal, lend
from heardback.store.session import engine_at, scrub, transaction

if TYPE_CHECKING:
    from heardback.store.sealed_columns import Sealed

SEALED: Sequence[InstrumentedAttribute[Any]] = (
    Comment.text,
    Comment.fingerprint,
    QuarantinedRow.cells,
    QuarantinedRow.fingerprint,
    Response.content_hash,
    Revision.content_hash,
)


def seal_anew(url: str, seal: Seal | None, raw: Path) -> dict[str, int]:
    """`rotate` for the database at a URL; what stood in its own files before is written over."""
    engine = engine_at(url)
    try:
        done = rotate(engine, seal, raw)
        scrub(engine)
        return done
    finally:
        engine.dispose()


def rotate(engine: Engine, seal: Seal | None, raw: Path) -> dict[str, int]:
    """Seal everything anew with the key in use; returns how many values of each column, and files, were sealed.

    The database in one transaction, then the raw files one by one: killed between them, it can be run again.
    Raises StoreError where no key is set, or none opens what is there.
    """
    if seal is None:
        raise StoreError(f"{VARIABLE} is not set: there is no key to seal with", do=f"make one: {NEW_KEY}")
    lend(engine, seal)
    with transaction(engine) as session:
        state = session.get_one(KeyInUse, 1)
        if state.key_id not in ("", *seal.ids):
            raise another_key(engine, seal, state.key_id)
        done = {} if state.key_id == seal.key_id else _seal_columns(session, seal if state.key_id else None, seal)
        state.key_id = seal.key_id
    return {**done, "raw files": raw_files.seal_anew(raw, seal)}


def _seal_columns(session: Session, before: Seal | None, after: Seal) -> dict[str, int]:
    session.execute(delete(Meaning))  # made again from the words when they are matched next
    done = {column: _seal_column(session, column, before, after) for column in SEALED}
    return {f"{column.class_.__tablename__}.{column.key}": values for column, values in done.items()}


def _seal_column(session: Session, column: InstrumentedAttribute[Any], before: Seal | None, after: Seal) -> int:
    """Every value of a column; it is read and written as what lies in it, without its own seal."""
    kind: Sealed[Any] = column.type
    plain, keys = kind.impl_instance, list(column.class_.__table__.primary_key)
    rows = session.execute(select(*keys, type_coerce(column, plain).label("stored"))).all()
    changed = [
        {f"key_{place}": value for place, value in enumerate(row[:-1])}
        | {"sealed": kind.as_stored(after, kind.as_said(before, row[-1]))}
        for row in rows
        if row[-1]
    ]
    same = [key == bindparam(f"key_{place}") for place, key in enumerate(keys)]
    table = column.class_.__table__
    statement = update(table).where(*same).values({column.key: type_coerce(bindparam("sealed", type_=plain), plain)})
    if changed:
        session.connection().execute(statement, changed)
    return len(changed)
