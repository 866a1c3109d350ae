"""Many rows into one table at once, past the ORM: as tuples on SQLite, by COPY on PostgreSQL.

A row costs a few microseconds more than the driver's own work; through the ORM it cost ten times that. What a column's
type does to a value (words are sealed, instants made UTC) is done here as it is there, and once for values that recur.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import repeat
from typing import Any

from sqlalchemy import JSON, Column, Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator

from heardback.store.base import Base
from heardback.store.sealed_columns import Cells, Words

Columns = Mapping[str, Sequence[Any]]
NOTHING = "\\N"  # how COPY writes NULL
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert_columns(session: Session, table: type[Base], columns: Columns) -> None:
    """Insert rows given as columns, all equally long; a column that is left out takes its default, or NULL.

    Raises DBAPIError as any statement does, without a value in it.
    """
    rows = len(next(iter(columns.values()), ()))
    if not rows:
        return
    into: Table = table.__table__  # type: ignore[assignment]
    whole = {**_defaults(into, columns, rows), **columns}
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        _execute(connection, into, whole)
    else:
        _copy(connection, into, whole)


def insert_rows(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows given as mappings that all have the same keys."""
    if rows:
        insert_columns(session, table, {name: [row[name] for row in rows] for name in rows[0]})


def _defaults(into: Table, columns: Columns, rows: int) -> dict[str, Sequence[Any]]:
    missing = [column for column in into.columns if column.name not in columns]
    return {
        column.name: [column.default.arg] * rows
        for column in missing
        if isinstance(column.default, ScalarElementColumnDefault)
    }


def _execute(connection: Connection, into: Table, columns: Columns) -> None:
    dialect = connection.dialect
    marks = ", ".join("?" * len(columns))
    bound = [_bound(into.columns[name], values, dialect) for name, values in columns.items()]
    statement = f"INSERT INTO {_names(into, columns, dialect)} VALUES ({marks})"  # noqa: S608  # the table's own names
    connection.exec_driver_sql(statement, list(zip(*bound, strict=True)))


def _names(into: Table, columns: Columns, dialect: Dialect) -> str:
    """As every statement names them; to compile an insert costs more than to insert a handful of rows."""
    quoted = dialect.identifier_preparer.quote
    return f"{quoted(into.name)} ({', '.join(map(quoted, columns))})"


def _bound(column: Column[Any], values: Sequence[Any], dialect: Dialect) -> Iterable[Any]:
    """A column's values as the driver takes them."""
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return values if process is None else _each(values, process, column)


def _copy(connection: Connection, into: Table, columns: Columns) -> None:
    """By COPY, which takes a third of the time of single rows."""
    dialect = connection.dialect
    written = [_written(into.columns[name], values, dialect) for name, values in columns.items()]
    lines = "".join(map("%s\n".__mod__, map("\t".join, zip(*written, strict=True))))
    statement = f"COPY {_names(into, columns, dialect)} FROM STDIN"
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(lines)
    except dialect.loaded_dbapi.Error as error:
        raise _refused(connection, statement, error) from None


def _refused(connection: Connection, statement: str, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy would have raised it; a connection that broke is given up."""
    dialect = connection.dialect
    broken = dialect.is_disconnect(error, None, None)  # type: ignore[arg-type]
    if broken:
        connection.invalidate(error)
    return DBAPIError.instance(
        statement,
        None,
        error,
        dialect.loaded_dbapi.Error,
        True,
        broken,
        dialect,
    )


def _written(column: Column[Any], values: Sequence[Any], dialect: Dialect) -> Iterable[str]:
    """A column's values as COPY reads them."""
    if isinstance(column.type, TypeDecorator):
        decorator = column.type
        values = list(_each(values, lambda value: decorator.process_bind_param(value, dialect), column))
    if all(map(isinstance, values, repeat(str))):
        return _escaped(values)
    return _each(values, _text_of, column)


def _escaped(texts: Sequence[str]) -> Iterable[str]:
    """Few columns have anything to escape, and looking at them all at once costs next to nothing."""
    together = "".join(texts)
    if any(mark in together for mark in "\\\t\n\r"):
        return [text.translate(ESCAPES) for text in texts]
    return texts


def _text_of(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value.translate(ESCAPES)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, bool | int | float) else json.dumps(value).translate(ESCAPES)


def _each(values: Sequence[Any], process: Callable[[Any], Any], column: Column[Any]) -> Iterable[Any]:
    """Every value processed. Sealed words look different each time; all else is worked out once for equal values."""
    if isinstance(column.type, Words | Cells):
        return map(process, values)
    keys: Sequence[Any] = list(map(repr, values)) if isinstance(column.type, JSON) else values
    known = {key: process(value) for key, value in dict(zip(keys, values, strict=True)).items()}
    return map(known.__getitem__, keys)
