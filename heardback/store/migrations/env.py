"""How Alembic reaches the database: on the connection that `store.session.migrate` hands over, or by URL."""

from alembic import context
from sqlalchemy import Connection

from heardback.store import Base


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


_migrate(context.config.attributes["connection"])
