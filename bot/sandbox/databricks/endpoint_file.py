"""The file in which the double keeps its endpoints across restarts."""

import json
from pathlib import Path

from bot.sandbox.databricks.serving_config import Document


class EndpointFile:
    """Endpoints by name, as one JSON file that is replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, Document] | None:
        """Return the endpoints that were saved, None before the first save."""
        if not self._path.exists():
            return None
        endpoints: dict[str, Document] = json.loads(self._path.read_text("utf-8"))
        return endpoints

    def save(self, endpoints: dict[str, Document]) -> None:
        """Replace what was saved; a kill leaves the old file or the new one."""
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(endpoints, indent=1), "utf-8")
        fresh.replace(self._path)
