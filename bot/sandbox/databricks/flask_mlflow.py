"""MLflow's own server application, on the stores of one world."""

import threading
from typing import Any

from starlette.requests import Request

from bot.sandbox.databricks.mlflow_stores import MlflowStores, mlflow_module

_one_at_a_time = threading.Lock()


class FlaskMlflow:
    """MLflow's Flask application, called in threads.

    MLflow keeps its stores in module variables; they are set for each call, so that several worlds
    can live in one process.
    """

    def __init__(self, stores: MlflowStores) -> None:
        self._stores = stores
        self._handlers = mlflow_module("server.handlers")
        self._flask = mlflow_module("server").app

    def ask(self, request: Request, path: str, body: bytes) -> Any:
        """Return the application's answer to a request, as if it had come to another path."""
        with _one_at_a_time:
            self._handlers._tracking_store = self._stores.tracking  # noqa: SLF001 - MLflow's only seam
            self._handlers._model_registry_store = self._stores.registry  # noqa: SLF001 - likewise
            return self._flask.test_client().open(
                path,
                method=request.method,
                query_string=request.url.query,
                data=body,
                content_type=request.headers.get("content-type", "application/json"),
            )
