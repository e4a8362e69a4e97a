"""The models that the model host has loaded, and MLflow's own scoring of requests to them.

MLflow is imported by the first call of `warm_up`, in a thread, so that the host listens at once.
"""

import importlib
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox.demo.artifacts import SCHEME, artifact_path, read_artifacts_from_disk

JSON_TYPE = "application/json"


class NotLoadedError(Exception):
    """No model is loaded under that key."""


@dataclass(slots=True)
class Shelf:
    """Loaded models by key (`name/version`); every method blocks and may run in any thread."""

    state: Path
    _models: dict[str, Any] = field(default_factory=dict)
    _one_load: threading.RLock = field(default_factory=threading.RLock)
    _client: Any = None

    def warm_up(self) -> None:
        """Import MLflow and open its store, once; takes some seconds."""
        with self._one_load:
            if self._client is None:
                mlflow = importlib.import_module("mlflow")
                importlib.import_module("mlflow.pyfunc.scoring_server")
                importlib.import_module("mlflow.sklearn")
                read_artifacts_from_disk(self.state)
                self._client = mlflow.MlflowClient(f"sqlite:///{self.state / 'mlflow.db'}")

    def load(self, key: str, uri: str) -> None:
        """Load the model at that address: a folder, `mlflow-artifacts:/...` or `models:/...`.

        Loads run one after the other: a model may bring code, and `sys.path` is shared.
        """
        self.warm_up()
        pyfunc = importlib.import_module("mlflow.pyfunc")
        with self._one_load:
            self._models[key] = pyfunc.load_model(str(self._folder(uri)))

    def unload(self, key: str) -> bool:
        """Forget that model; return whether it was loaded."""
        return self._models.pop(key, None) is not None

    def loaded(self) -> list[str]:
        """Return the keys of the loaded models, sorted."""
        return sorted(self._models)

    def invoke(self, key: str, body: bytes) -> tuple[int, dict[str, object]]:
        """Score one request as `mlflow models serve` does; return status and answer.

        Raises:
            NotLoadedError: If no model is loaded under that key.
        """
        model = self._models.get(key)
        if model is None:
            raise NotLoadedError(key)
        server = importlib.import_module("mlflow.pyfunc.scoring_server")
        mlflow_error = importlib.import_module("mlflow.exceptions").MlflowException
        try:
            answer = server.invocations(body, JSON_TYPE, model, model.metadata.get_input_schema())
        except mlflow_error as error:
            return int(error.get_http_status_code()), json.loads(error.serialize_as_json())
        return int(answer.status), json.loads(answer.response)

    def _folder(self, uri: str) -> Path:
        """Return the model's own folder: loading from it copies nothing and writes nothing."""
        if uri.startswith("models:/m-"):
            uri = self._client.get_logged_model(uri.removeprefix("models:/")).artifact_location
        elif uri.startswith("models:/"):
            name, _, version = uri.removeprefix("models:/").rpartition("/")
            uri = self._client.get_model_version_download_uri(name, version)
        return artifact_path(self.state, uri) if uri.startswith(SCHEME) else Path(uri)
