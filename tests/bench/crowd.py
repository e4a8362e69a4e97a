"""A bigger world: models, versions and endpoints written straight into a sandbox's state."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

CREATED_MS = 1_790_000_000_000
PATTERN_ENDPOINT = "ranker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many there are of each, beside the demo world."""

    models: int
    versions_each: int
    endpoints: int

    def times(self, scale: int) -> "Crowd":
        """Return a world that is so many times as big."""
        return Crowd(
            models=self.models * scale,
            versions_each=self.versions_each,
            endpoints=self.endpoints * scale,
        )


def crowd_model(number: int) -> str:
    """Return the name of a model of the crowd."""
    return f"crowd.bench.model_{number:05d}"


def add_models(state: Path, crowd: Crowd) -> None:
    """Register models whose version 1 is champion and whose version 2 is challenger."""
    names = [crowd_model(number) for number in range(crowd.models)]
    with closing(sqlite3.connect(state / "mlflow.db")) as connection, connection:
        connection.executemany(
            "INSERT INTO registered_models (name, creation_time, last_updated_time, description)"
            " VALUES (?, ?, ?, 'One of many')",
            [(name, CREATED_MS, CREATED_MS) for name in names],
        )
        connection.executemany(
            "INSERT INTO model_versions (name, version, creation_time, last_updated_time,"
            " description, current_stage, source, storage_location, status)"
            " VALUES (?, ?, ?, ?, 'A version of one of many', 'None', 'none',"
            " 'mlflow-artifacts:/crowd', 'READY')",
            [
                (name, version, CREATED_MS, CREATED_MS)
                for name in names
                for version in range(1, crowd.versions_each + 1)
            ],
        )
        connection.executemany(
            "INSERT INTO registered_model_aliases (alias, version, name) VALUES (?, ?, ?)",
            [
                (alias, version, name)
                for name in names
                for alias, version in (("champion", 1), ("challenger", 2))
            ],
        )


def add_endpoints(state: Path, crowd: Crowd) -> None:
    """Add endpoints that all serve what the demo world's *ranker* serves."""
    path = state / "endpoints.json"
    endpoints = json.loads(path.read_text())
    pattern = json.dumps(endpoints[PATTERN_ENDPOINT])
    for number in range(crowd.endpoints):
        name = f"crowd-{number:04d}"
        copy = json.loads(pattern)
        endpoints[name] = {**copy, "name": name, "id": f"{number:032x}"}
    path.write_text(json.dumps(endpoints))
