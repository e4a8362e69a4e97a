"""Folders of artifacts as the platform's listings show them."""

from pathlib import Path

from bot.sandbox.databricks.bodies import JsonObject
from bot.sandbox.databricks.errors import invalid


def inside(root: Path, relative: str) -> Path:
    """Return a path below a root.

    Raises:
        ApiError: If it leads out of the root.
    """
    path = (root / relative.lstrip("/")).resolve()
    if not path.is_relative_to(root.resolve()):
        raise invalid(f"Invalid path: {relative}")
    return path


def artifact_listing(root: Path, relative: str) -> list[JsonObject]:
    """Return what lies in a folder of artifacts, or the one file of that name."""
    path = inside(root, relative)
    found = [path] if path.is_file() else _children(path)
    return [_artifact(root.resolve(), item) for item in found]


def directory_contents(folder: Path, shown: str) -> list[JsonObject]:
    """Return a folder's entries as the Files API lists them, below the path that it shows."""
    return [
        {
            "path": f"{shown.rstrip('/')}/{item.name}",
            "name": item.name,
            "is_directory": item.is_dir(),
            "last_modified": round(item.stat().st_mtime * 1000),
            **({} if item.is_dir() else {"file_size": item.stat().st_size}),
        }
        for item in _children(folder)
    ]


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _artifact(root: Path, item: Path) -> JsonObject:
    size: JsonObject = {} if item.is_dir() else {"file_size": item.stat().st_size}
    return {"path": item.relative_to(root).as_posix(), "is_dir": item.is_dir(), **size}
