"""The real MLflow stores under the double: registry and tracking, on one SQLite file."""

import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.sandbox.databricks.errors import ApiError
from bot.sandbox.demo.artifacts import artifact_path

_LOGGED_MODEL_SOURCE = re.compile(r"models:/(m-[0-9a-f]{32})")


def mlflow_module(name: str) -> Any:
    """Return a module of MLflow, which has few types and costs 2 s of imports the first time.

    MLflow's own imports warn of things that only MLflow can change.
    """
    full_name = f"mlflow.{name}"
    if full_name in sys.modules:
        return sys.modules[full_name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(full_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowStores:
    """Both stores and the folder that holds them."""

    state: Path
    registry: Any
    tracking: Any

    def logged_model(self, version: Any) -> Any:
        """Return the logged model that a version was registered from, None if it names none."""
        found = _LOGGED_MODEL_SOURCE.fullmatch(version_source(version))
        return self.tracking.get_logged_model(found.group(1)) if found else None

    def version_files(self, name: str, version: str) -> Path:
        """Return the folder with a version's files."""
        uri = self.registry.get_model_version_download_uri(name, version)
        return artifact_path(self.state, uri)

    def run_files(self, run_id: str) -> Path:
        """Return the folder with a run's artifacts."""
        return artifact_path(self.state, self.tracking.get_run(run_id).info.artifact_uri)

    def logged_model_files(self, model_id: str) -> Path:
        """Return the folder with a logged model's files."""
        return artifact_path(self.state, self.tracking.get_logged_model(model_id).artifact_location)


def version_source(version: Any) -> str:
    """Return where a version came from; uploads keep it beside their own storage address."""
    return str(version.run_link or version.source)


def open_stores(state: Path) -> MlflowStores:
    """Open the stores of a state folder."""
    uri = f"sqlite:///{(state / 'mlflow.db').resolve()}"
    registry = mlflow_module("store.model_registry.sqlalchemy_store")
    tracking = mlflow_module("store.tracking.sqlalchemy_store")
    return MlflowStores(
        state=state,
        registry=registry.SqlAlchemyStore(uri),
        tracking=tracking.SqlAlchemyStore(uri, "mlflow-artifacts:/"),
    )


@contextmanager
def mlflow_refusals() -> Iterator[None]:
    """Turn MLflow's refusals into the platform's.

    Raises:
        ApiError: With the status and code that MLflow gave.
    """
    mlflow_error = mlflow_module("exceptions").MlflowException
    try:
        yield
    except mlflow_error as error:
        raise ApiError(
            error.get_http_status_code(), str(error.error_code), str(error.message)
        ) from error
