"""Tables that only grow: what the database itself refuses, whoever asks it to."""


def append_only(table: str, key: str, dialect: str) -> tuple[str, ...]:
    """The statements that make a table append-only, `key` being its primary key.

    A migration that rebuilds the table runs them again: Alembic's batch mode drops triggers without a word.
    """
    return _sqlite(table, key) if dialect == "sqlite" else _postgresql(table)


def _sqlite(table: str, key: str) -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    there = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608  (names of ours, from this package)
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        # INSERT OR REPLACE deletes without firing the DELETE trigger
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}",
    )


def _postgresql(table: str) -> tuple[str, ...]:
    run = f"EXECUTE FUNCTION {table}_append_only()"
    body = f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END; $$ LANGUAGE plpgsql"
    return (
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger AS {body}",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {run}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}",
    )
