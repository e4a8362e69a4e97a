"""Can the database be used: its form, its file, writing to it."""

import asyncio
import stat
from collections.abc import Iterable
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.doctor.findings import Finding, error, note, ok, warning
from bot.domain.errors import ConfigurationError
from bot.persistence.engine import SETTING, blocking_engine, is_sqlite, parse_url

NAME = "database"
_VERSION = text("SELECT version_num FROM alembic_version")
_WRITE_NOTHING = text("UPDATE alembic_version SET version_num = version_num")
_OWNER_ONLY = "chmod 600"


async def look_at_record(url: str) -> Iterable[Finding]:
    """Look at the database as it is; nothing is made and nothing is changed."""
    return await asyncio.to_thread(_look, parse_url(url))


def _absent(file: Path) -> Finding:
    if not file.absolute().parent.is_dir():
        seen = f"{SETTING} names {file}, and there is no such folder"
        return error(NAME, seen, f"mkdir -p {file.absolute().parent}")
    return note(NAME, f"{file} is not there yet: the first start makes it")


def _look(url: URL) -> list[Finding]:
    if is_sqlite(url) and not Path(str(url.database)).exists():
        return [_absent(Path(str(url.database)))]
    try:
        with blocking_engine(url).connect() as connection:
            found = _form(connection)
            mode = _mode(connection, url)
            connection.rollback()
    except DBAPIError as problem:
        return [_unusable(url, problem)]
    except ModuleNotFoundError:
        remedy = "Install Herald with its extra: herald[postgres]"
        raise ConfigurationError(SETTING, "PostgreSQL needs psycopg", remedy) from None
    return [found, *mode, *_permissions(url)]


def _form(connection: Connection) -> Finding:
    if not inspect(connection).has_table("alembic_version"):
        return note(NAME, "it is empty: the first start makes its tables")
    present = str(connection.execute(_VERSION).scalar_one_or_none())
    newest, known = _schemas()
    if present not in known:
        seen = f"it is of a newer Herald (schema {present})"
        return error(NAME, seen, f"Start that Herald, or name another database in {SETTING}")
    connection.execute(_WRITE_NOTHING)
    if present != newest:
        return note(NAME, f"its schema is {present}; the next start brings it to {newest}")
    return ok(NAME, f"it can be written; schema {present}")


def _schemas() -> tuple[str, set[str]]:
    config = Config()
    config.set_main_option("script_location", "bot.persistence:migrations")
    scripts = ScriptDirectory.from_config(config)
    return str(scripts.get_current_head()), {s.revision for s in scripts.walk_revisions()}


def _mode(connection: Connection, url: URL) -> list[Finding]:
    if not is_sqlite(url):
        return []
    mode = str(connection.execute(text("PRAGMA journal_mode")).scalar_one())
    if mode == "wal":
        return []
    seen = f"SQLite keeps its journal as {mode}, not as WAL"
    return [warning(NAME, seen, "Put the file onto a local disk, not a network share")]


def _permissions(url: URL) -> list[Finding]:
    if not is_sqlite(url):
        return []
    file = Path(str(url.database))
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        seen = f"others on this machine may change {file} ({mode:o})"
        return [warning(NAME, seen, f"{_OWNER_ONLY} {file}")]
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        seen = f"others on this machine may read {file} ({mode:o})"
        return [note(NAME, seen, f"{_OWNER_ONLY} {file}")]
    return []


def _unusable(url: URL, problem: DBAPIError) -> Finding:
    if is_sqlite(url):
        reason = str(problem.orig).partition("\n")[0]
        remedy = "Name a file in an existing folder that Herald may write to"
        return error(NAME, f"the file {url.database} cannot be used ({reason})", remedy)
    seen = f"PostgreSQL does not answer, or refuses ({type(problem.orig).__name__})"
    return error(NAME, seen, f"Check address, user and password in {SETTING}")
