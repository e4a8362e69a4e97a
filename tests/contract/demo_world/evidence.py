"""What the registry holds for one version, gathered the way a client would."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from mlflow import MlflowClient

from bot.sandbox.demo.artifacts import artifact_path

mlflows_own_warnings = pytest.mark.filterwarnings(
    "ignore:The ``noload`` loader strategy:DeprecationWarning"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEvidence:
    version: Any
    run: Any
    logged_model: Any
    model_folder: Path
    run_folder: Path

    @property
    def metrics(self) -> dict[str, float]:
        return {metric.key: metric.value for metric in self.logged_model.metrics}

    @property
    def manifest(self) -> dict[str, Any]:
        loaded: dict[str, Any] = yaml.safe_load((self.model_folder / "MLmodel").read_text())
        return loaded

    @property
    def card(self) -> dict[str, Any] | None:
        path = self.run_folder / "documentation" / "model_card.yaml"
        return yaml.safe_load(path.read_text()) if path.exists() else None

    @property
    def tests(self) -> list[dict[str, Any]]:
        record = json.loads((self.run_folder / "validation" / "tests.json").read_text())
        entries: list[dict[str, Any]] = record["tests"]
        return entries

    def dataset(self, context: str) -> Any:
        found = [
            entry.dataset
            for entry in self.run.inputs.dataset_inputs
            if {"mlflow.data.context": context} == {tag.key: tag.value for tag in entry.tags}
        ]
        assert len(found) == 1
        return found[0]


@cache
def evidence(registry: MlflowClient, state: Path, name: str, version: int) -> VersionEvidence:
    entry: Any = registry.get_model_version(name, str(version))
    run = registry.get_run(entry.run_id)
    logged = registry.get_logged_model(entry.source.removeprefix("models:/"))
    folder = registry.get_model_version_download_uri(name, str(version))
    return VersionEvidence(
        version=entry,
        run=run,
        logged_model=logged,
        model_folder=artifact_path(state, folder),
        run_folder=artifact_path(state, run.info.artifact_uri),
    )
