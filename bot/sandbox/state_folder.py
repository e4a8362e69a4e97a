"""The folder in which a sandbox keeps its world: one sandbox at a time holds it, only its own."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.sandbox.errors import ForeignFolderError, StateHeldError, UnusableFolderError

MARKER = ".herald-sandbox"
"""The file that says that a sandbox made the folder; whoever uses the folder holds a lock on it."""

SEEDED = ".seed.lock"
"""What seeding alone leaves behind: such a folder is a sandbox's too."""

SLACK_FILE = "slack.json"
RECORD_FILE = "herald.db"


@contextmanager
def held_state(state: Path, *, fresh: bool) -> Iterator[Path]:
    """Make and hold the folder; with `fresh`, forget the world that an earlier sandbox left in it.

    Raises:
        StateHeldError: Another sandbox holds it.
        ForeignFolderError: It has contents that no sandbox made.
        UnusableFolderError: It cannot be made or written.
    """
    folder = state.expanduser().resolve()
    try:
        _claim(folder)
        marker = (folder / MARKER).open("a")
    except OSError as error:
        raise UnusableFolderError(folder, error.strerror or "unknown reason") from None
    with marker:
        _lock(marker.fileno(), folder)
        if fresh:
            _wipe(folder)
        yield folder


def _claim(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = {entry.name for entry in folder.iterdir()}
    if names and not names & {MARKER, SEEDED}:
        raise ForeignFolderError(folder)


def _lock(marker: int, folder: Path) -> None:
    try:
        fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StateHeldError(folder) from None


def _wipe(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == MARKER:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
