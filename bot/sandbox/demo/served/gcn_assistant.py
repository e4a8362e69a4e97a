"""A small retrieval assistant over circulars on gamma-ray bursts; travels with its versions."""

import json
import re
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext
from sklearn.feature_extraction.text import TfidfVectorizer

SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


class GcnAssistant(PythonModel):
    """Answers with the sentences that fit the question best, and names the notices used."""

    def load_context(self, context: PythonModelContext) -> None:
        """Read the notices and weigh their words."""
        self.retriever_k = int(context.model_config["retriever_k"])
        self.temperature = float(context.model_config["temperature"])
        self.max_tokens = int(context.model_config["max_tokens"])
        self.notices = json.loads(Path(context.artifacts["notices"]).read_text("utf-8"))
        self.words = TfidfVectorizer(stop_words="english")
        self.weights = self.words.fit_transform(
            [f"{notice['subject']} {notice['body']}" for notice in self.notices]
        )

    def predict(
        self,
        context: PythonModelContext,  # noqa: ARG002 - MLflow passes it
        model_input: pd.DataFrame,
        params: dict[str, object] | None = None,  # noqa: ARG002 - MLflow passes it
    ) -> list[str]:
        """Return one answer for each row's `question`."""
        return [self._answer(str(question)) for question in model_input["question"]]

    def _answer(self, question: str) -> str:
        asked = self.words.transform([question])
        scores = (self.weights @ asked.T).toarray().ravel()
        best = [int(i) for i in scores.argsort()[::-1][: self.retriever_k] if scores[i] > 0]
        if not best:
            return "The notices say nothing about that."
        found = [self.notices[i] for i in best]
        used = ", ".join(str(notice["id"]) for notice in found)
        return f"{self._told(question, found)} [{used}]"

    def _told(self, question: str, found: list[dict[str, str]]) -> str:
        sentences = [s for notice in found for s in SENTENCE_END.split(notice["body"])]
        fits = (self.words.transform(sentences) @ self.words.transform([question]).T).toarray()
        order = fits.ravel().argsort(kind="stable")[::-1]
        share = 0.25 + self.temperature / 2  # a freer assistant says more than the best sentences
        kept = order[: max(1, round(len(sentences) * share))]
        told = " ".join(sentences[int(i)] for i in sorted(kept))
        return " ".join(told.split()[: self.max_tokens])


mlflow.models.set_model(GcnAssistant())
