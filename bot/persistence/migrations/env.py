"""Runs migrations in the transaction of the connection that ``migrate`` hands over."""

from alembic import context

from bot.persistence.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
