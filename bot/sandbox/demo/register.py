"""Trains and registers the whole demo world: `python -m bot.sandbox.demo.register STATE`.

Run by `seed` in a process of its own, in an environment that keeps MLflow quiet and at home.
"""

import hashlib
import sys
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.models.model import ModelInfo

from bot.sandbox.demo.artifacts import SCHEME, artifact_path, read_artifacts_from_disk
from bot.sandbox.demo.candidates import REQUIREMENTS, Candidate, candidate
from bot.sandbox.demo.documents import CARD_PATH, TESTS_PATH, model_card, test_record
from bot.sandbox.demo.shapes import DemoModel, DemoVersion
from bot.sandbox.demo.world import MODELS


def register_world(state: Path, at: datetime) -> None:
    """Train and register every model of the demo world below `state`; `at` dates their tests."""
    mlflow.set_tracking_uri(f"sqlite:///{state / 'mlflow.db'}")
    read_artifacts_from_disk(state)
    registrar = _Registrar(client=MlflowClient(), state=state, at=at)
    for model in MODELS:
        registrar.register(model)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Registrar:
    client: MlflowClient
    state: Path
    at: datetime

    def register(self, model: DemoModel) -> None:
        """Register the model, its versions and its aliases."""
        experiment = self.client.create_experiment(model.name, f"{SCHEME}:/{model.name}")
        self.client.create_registered_model(model.name, model.tags, model.purpose)
        for version in model.versions:
            self._register_version(experiment, model, version)
        for alias, number in model.aliases.items():
            self.client.set_registered_model_alias(model.name, alias, str(number))

    def _register_version(self, experiment: str, model: DemoModel, version: DemoVersion) -> None:
        origin, ready = _origin(model, version), candidate(model, version)
        run = self.client.create_run(experiment, tags=origin, run_name=f"v{version.version}")
        with mlflow.start_run(run_id=run.info.run_id):
            info = _log_model(version, ready, origin)
            self._log_findings(model, version, ready, info)
        self.client.create_model_version(
            model.name,
            info.model_uri,
            run_id=info.run_id,
            tags={"owner": model.owner, "task": model.tags["task"]} | version.tags,
            description=version.description or None,
            model_id=info.model_id,
        )

    def _log_findings(
        self, model: DemoModel, version: DemoVersion, ready: Candidate, info: ModelInfo
    ) -> None:
        metrics = ready.metrics(artifact_path(self.state, info.artifact_path))
        metrics["latency_p95_ms"] = version.latency_p95_ms
        mlflow.log_metrics(metrics, model_id=info.model_id, dataset=ready.evaluation)
        mlflow.log_dict(test_record(info.run_id, self.at), TESTS_PATH)
        if version.has_card:
            mlflow.log_dict(_card(model, ready, metrics), CARD_PATH)


def _log_model(version: DemoVersion, ready: Candidate, origin: dict[str, str]) -> ModelInfo:
    """Log parameters, data sets and the model itself into the active run."""
    mlflow.log_params(version.params)
    mlflow.log_input(ready.training, context="training")
    mlflow.log_input(ready.evaluation, context="eval")
    return ready.log(
        name="model",
        signature=ready.signature,
        input_example=ready.example,
        pip_requirements=REQUIREMENTS,
        params=version.params,
        tags=origin,
    )


def _card(model: DemoModel, ready: Candidate, metrics: dict[str, float]) -> dict[str, object]:
    return model_card(
        model,
        inputs={column.name: column.type.name for column in ready.signature.inputs},
        output="text" if "faithfulness" in metrics else "class",
        data=ready.data,
        metrics=metrics,
    )


def _origin(model: DemoModel, version: DemoVersion) -> dict[str, str]:
    """Return the tags that say who trained the version, and from which commit."""
    commit = hashlib.sha1(f"{model.name}/{version.version}".encode(), usedforsecurity=False)
    return {
        "mlflow.user": model.owner,
        "mlflow.source.name": "train.py",
        "mlflow.source.type": "JOB",
        "mlflow.source.git.commit": commit.hexdigest(),
        "mlflow.source.git.branch": "main",
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    register_world(Path(sys.argv[1]), datetime.now(UTC))
