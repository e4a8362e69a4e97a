"""A fraud scorer that looks up the card's history first; travels with that model version."""

import time

import mlflow
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext


class SlowScorer(PythonModel):
    """Asks a forest after a look-up that takes too long."""

    def load_context(self, context: PythonModelContext) -> None:
        """Load the forest that was logged with the model."""
        self.lookup_s = float(context.model_config["lookup_s"])
        self.forest = mlflow.sklearn.load_model(context.artifacts["forest"])

    def predict(
        self,
        context: PythonModelContext,  # noqa: ARG002 - MLflow passes it
        model_input: pd.DataFrame,
        params: dict[str, object] | None = None,  # noqa: ARG002 - MLflow passes it
    ) -> list[int]:
        """Return 1 for each payment that is likely fraud."""
        time.sleep(self.lookup_s)
        return [int(guess) for guess in self.forest.predict(model_input)]


mlflow.models.set_model(SlowScorer())
