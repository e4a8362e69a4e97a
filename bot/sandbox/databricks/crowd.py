"""A crowd of models, versions and endpoints beside the demo world, written in bulk."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.sandbox.databricks.bodies import JsonObject

CROWD_PREFIX = "crowd-"
PATTERN_ENDPOINT = "ranker"
_PATTERN_MODEL = "prod.ml_team.ranker"
_MODELS = """
    INSERT OR IGNORE INTO registered_models (name, creation_time, last_updated_time, description)
    VALUES (:name, :at, :at, 'One of many.')
"""
_PATTERN = """
    SELECT description, current_stage, source, run_id, status, storage_location
    FROM model_versions WHERE name = ? ORDER BY version
"""
_VERSIONS = """
    INSERT OR IGNORE INTO model_versions (
        name, version, creation_time, last_updated_time, description, current_stage, source,
        run_id, status, storage_location
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ALIASES = """
    INSERT OR IGNORE INTO registered_model_aliases (name, alias, version)
    VALUES (:name, :alias, :version)
"""


class Crowd(BaseModel):
    """How many there are to be; asked for again, it grows to the bigger number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    models: int = Field(default=0, ge=0, le=20_000)
    versions_each: int = Field(default=2, ge=1, le=1_000)
    endpoints: int = Field(default=0, ge=0, le=5_000)

    @model_validator(mode="after")
    def _something_to_serve(self) -> "Crowd":
        if self.endpoints and not self.models:
            raise ValueError("endpoints of a crowd serve its models: ask for at least one")
        return self


def crowd_model(number: int) -> str:
    """Return the name of a model of the crowd."""
    return f"crowd.team_{number % 20:02d}.model_{number:05d}"


def register_crowd(database: Path, crowd: Crowd) -> None:
    """Register the crowd's models; their versions have the files and metrics of the pattern's.

    The first version is champion, the last one challenger where there are two.
    """
    at = round(time.time() * 1000)
    names = [crowd_model(number) for number in range(crowd.models)]
    versions = range(1, crowd.versions_each + 1)
    with closing(sqlite3.connect(database, timeout=20)) as connection, connection:
        connection.executemany(_MODELS, [{"name": name, "at": at} for name in names])
        patterns = connection.execute(_PATTERN, [_PATTERN_MODEL]).fetchall()
        connection.executemany(
            _VERSIONS,
            [
                (name, version, at, at, *patterns[(version - 1) % len(patterns)])
                for name in names
                for version in versions
            ],
        )
        connection.executemany(
            _ALIASES,
            [
                {"name": name, "alias": alias, "version": version}
                for name in names
                for version, alias in {versions[-1]: "challenger", 1: "champion"}.items()
            ],
        )


def crowd_endpoints(crowd: Crowd) -> dict[str, JsonObject]:
    """Return the crowd's endpoints as bodies of create calls; each serves one model's champion."""
    return {
        f"{CROWD_PREFIX}{number:05d}": {"config": {"served_entities": [_entity(crowd, number)]}}
        for number in range(crowd.endpoints)
    }


def _entity(crowd: Crowd, number: int) -> JsonObject:
    return {
        "entity_name": crowd_model(number % crowd.models),
        "entity_version": "1",
        "workload_size": "Small",
        "scale_to_zero_enabled": True,
    }
