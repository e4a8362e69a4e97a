"""Brings a database to the form that this program needs."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select, text

from bot.domain.errors import ConfigurationError
from bot.persistence.engine import SETTING

_WRITE_NOTHING = text("UPDATE alembic_version SET version_num = version_num")
"""Fails where the database may only be read; BEGIN IMMEDIATE does not."""


def migrate(connection: Connection) -> None:
    """Bring the database to the newest form, in the transaction of the connection.

    Raises:
        ConfigurationError: A newer program has changed the database already.
    """
    if connection.dialect.name == "postgresql":  # on SQLite, BEGIN IMMEDIATE keeps others out
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("migrate"))))
    config = Config()
    config.set_main_option("script_location", "bot.persistence:migrations")
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    if present == scripts.get_current_head():
        connection.execute(_WRITE_NOTHING)
        return
    if present is not None and present not in {s.revision for s in scripts.walk_revisions()}:
        raise ConfigurationError(
            SETTING,
            f"the database is of a newer Herald (schema {present})",
            "Start that Herald, or name another database",
        )
    command.upgrade(config, "head")
