"""What stands ready to be logged as a model version: data sets, example, metrics and flavour."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.data.pandas_dataset import PandasDataset, from_pandas
from mlflow.models import ModelSignature, infer_signature
from mlflow.models.model import ModelInfo

from bot.sandbox.demo.learners import Classifier, measured, trained
from bot.sandbox.demo.models import RAG
from bot.sandbox.demo.shapes import DemoModel, DemoVersion, Quirk, Setting
from bot.sandbox.demo.tables import TARGET, Table, table
from bot.sandbox.demo.world import QUIRKS, SLOW_ANSWER_S

SERVED = Path(__file__).parent / "served"
REQUIREMENTS = ["mlflow>=3.17,<3.18", "scikit-learn>=1.7", "pandas>=2.2"]
NOTICES = "notices.json"
SAFE_FORM = {
    "serialization_format": "skops",
    "skops_trusted_types": ["sklearn.tree._tree.Tree"],
    "pip_requirements": REQUIREMENTS,
}
"""Stores a classifier without pickle; trees are trusted, for they were grown here."""

QUESTIONS = (
    "What is the redshift of GRB 260104A?",
    "How long was GRB 260117B?",
    "Was GRB 260203A astrophysical?",
    "Which burst shows a supernova?",
    "How bright was the optical afterglow of GRB 260104A?",
    "Is there a radio source for GRB 260117B?",
    "When did the X-ray telescope begin to observe?",
    "What was the fluence of GRB 260219C?",
)

Log = Callable[..., ModelInfo]
"""One of MLflow's `log_model` with everything but the common arguments bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A trained version before it is logged.

    Attributes:
        data: What it was trained and measured on, in words.
        metrics: Measures the version, given the folder of the logged model.
        log: Logs the model of the run in progress.
    """

    data: str
    training: PandasDataset
    evaluation: PandasDataset
    example: pd.DataFrame
    signature: ModelSignature
    metrics: Callable[[Path], dict[str, float]]
    log: Log


def candidate(model: DemoModel, version: DemoVersion) -> Candidate:
    """Return that version, trained and ready to be logged."""
    return _assistant(version) if model.name == RAG else _classifier(model, version)


def _classifier(model: DemoModel, version: DemoVersion) -> Candidate:
    rows = table(model.name)
    learned = trained(version, rows)
    example = rows.holdout[rows.features].head(2)
    figures = measured(learned, rows)
    return Candidate(
        data=f"{rows.name}: trained on 60 % of the rows, measured on the other 40 %.",
        training=_dataset(rows, "training"),
        evaluation=_dataset(rows, "holdout"),
        example=example,
        signature=infer_signature(example, learned.predict(example)),
        metrics=lambda _folder: figures,
        log=_flavour(QUIRKS.get((model.name, version.version)), learned),
    )


def _flavour(quirk: Quirk | None, learned: Classifier) -> Log:
    match quirk:
        case None:
            return _sklearn(learned)
        case Quirk.CANNOT_START:
            return _without_its_library
        case Quirk.SLOW:
            return _with_slow_lookup(learned)


def _sklearn(learned: Classifier) -> Log:
    def log(**common: Any) -> ModelInfo:
        info: ModelInfo = mlflow.sklearn.log_model(learned, **(SAFE_FORM | common))
        return info

    return log


def _without_its_library(**common: Any) -> ModelInfo:
    """Log a model whose loader needs a package that the serving side does not have."""
    with _workshop("scorer_booster.py"):
        Path("booster.txt").write_text("tree\nversion=v4\nnum_class=1\n", "utf-8")
        info: ModelInfo = mlflow.pyfunc.log_model(
            loader_module="scorer_booster",
            data_path="booster.txt",
            code_paths=["scorer_booster.py"],
            **(common | {"pip_requirements": [*REQUIREMENTS, "lightgbm==4.6.0"]}),
        )
        return info


def _with_slow_lookup(learned: Classifier) -> Log:
    def log(**common: Any) -> ModelInfo:
        with _workshop("slow_scorer.py"):
            mlflow.sklearn.save_model(learned, "forest", **SAFE_FORM)
            info: ModelInfo = mlflow.pyfunc.log_model(
                python_model="slow_scorer.py",
                artifacts={"forest": "forest"},
                model_config={"lookup_s": SLOW_ANSWER_S},
                **common,
            )
            return info

    return log


def _assistant(version: DemoVersion) -> Candidate:
    notices = json.loads((SERVED / NOTICES).read_text("utf-8"))
    questions = pd.DataFrame({"question": QUESTIONS})
    return Candidate(
        data=f"{len(notices)} notices, judged on {len(QUESTIONS)} questions.",
        training=from_pandas(
            pd.DataFrame(notices),
            source="https://data.acme.example/gcn/notices.json",
            name="gcn-notices",
        ),
        evaluation=from_pandas(
            questions,
            source="https://data.acme.example/gcn/questions.json",
            name="gcn-questions",
        ),
        example=questions.head(1),
        signature=infer_signature(questions.head(1), ["An answer. [DEMO-0001]"]),
        metrics=lambda folder: version.judged | {"success_rate": _answered(folder, questions)},
        log=_retrieval(version.params),
    )


def _retrieval(params: dict[str, Setting]) -> Log:
    def log(**common: Any) -> ModelInfo:
        with _workshop("gcn_assistant.py", NOTICES):
            info: ModelInfo = mlflow.pyfunc.log_model(
                python_model="gcn_assistant.py",
                artifacts={"notices": NOTICES},
                model_config=params,
                **common,
            )
            return info

    return log


@contextmanager
def _workshop(*served: str) -> Iterator[None]:
    """Work beside copies of those files: MLflow notes in the model whatever path it is given."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for name in served:
            shutil.copy(SERVED / name, name)
        yield


def _answered(folder: Path, questions: pd.DataFrame) -> float:
    """Return the share of questions whose answer names a notice."""
    answers = mlflow.pyfunc.load_model(str(folder)).predict(questions)
    return sum("[DEMO-" in answer for answer in answers) / len(questions)


def _dataset(rows: Table, part: str) -> PandasDataset:
    return from_pandas(
        rows.training if part == "training" else rows.holdout,
        source=f"https://data.acme.example/{rows.name}/{part}.parquet",
        name=f"{rows.name}-{part}",
        targets=TARGET,
    )
