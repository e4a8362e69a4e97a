"""A look at MLflow's SQLite file before MLflow opens it, which would make or fill one."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError

SQLITE = "sqlite:///"
_LOOK_S = 1.0
_TABLES = {"registered_models", "model_versions", "runs"}


def store_file(uri: str) -> Path | None:
    """Return the file of a SQLite address, None for another address."""
    return Path(uri.removeprefix(SQLITE)) if uri.startswith(SQLITE) else None


def check_store(back_end: str, uri: str) -> None:
    """See that a SQLite address names a store of MLflow.

    Raises:
        BackEndRefusedError: There is no such file, or it is something else.
        BackEndUnavailableError: Somebody holds it.
    """
    file = store_file(uri)
    if file is None:
        return
    try:
        tables = _tables(file)
    except sqlite3.OperationalError as error:
        if file.exists():
            raise BackEndUnavailableError(back_end, "its file cannot be read now") from error
        raise BackEndRefusedError(back_end, "its file does not exist") from error
    except sqlite3.DatabaseError as error:
        raise BackEndRefusedError(back_end, "its file is no SQLite database") from error
    if not tables >= _TABLES:
        raise BackEndRefusedError(back_end, "its file is no store of MLflow")


def _tables(file: Path) -> set[str]:
    address = f"file:{quote(str(file.absolute()))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=_LOOK_S)) as database:
        rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name for (name,) in rows}
