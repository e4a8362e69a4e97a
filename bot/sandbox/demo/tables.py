"""The data sets that the demo models are trained and measured on; all come with scikit-learn."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.datasets import load_iris, load_wine, make_classification
from sklearn.model_selection import train_test_split

from bot.sandbox.demo.models import (
    CHURN,
    IRIS,
    LEGACY_RANKER,
    LOAN_RISK,
    RANKER,
    RULES,
    SCORER,
    SPELLER,
)

TARGET = "label"

FEATURES: dict[str, tuple[str, ...]] = {
    "payments": (
        "amount",
        "merchant_risk",
        "card_age",
        "distance",
        "payments_1h",
        "payments_24h",
        "device_trust",
        "country_risk",
    ),
    "customers": ("tenure", "calls", "late_payments", "usage", "discount", "complaints"),
    "results": ("text_match", "click_rate", "freshness", "popularity", "price_fit", "stock"),
    "loans": ("amount", "income", "debts", "years_employed", "late_payments", "age_of_account"),
    "searches": ("distance_to_known", "times_typed", "length", "results_found"),
    "flowers": ("sepal_length", "sepal_width", "petal_length", "petal_width"),
}

SOURCES: dict[str, str] = {
    IRIS: "flowers",
    SCORER: "payments",
    RULES: "payments",
    CHURN: "customers",
    LEGACY_RANKER: "wines",
    RANKER: "results",
    LOAN_RISK: "loans",
    SPELLER: "searches",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A data set cut in two; each part holds the features and the column `label`."""

    name: str
    training: pd.DataFrame
    holdout: pd.DataFrame

    @property
    def features(self) -> list[str]:
        """Return the names of the feature columns, in order."""
        return [column for column in self.training.columns if column != TARGET]

    @property
    def is_binary(self) -> bool:
        """Return whether there are two classes."""
        return int(self.training[TARGET].nunique()) == 2  # noqa: PLR2004 - two is what binary means


def table(model: str) -> Table:
    """Return the data set of that demo model; the same rows at every call."""
    name = SOURCES[model]
    frame, split_seed = _frame(name)
    training, holdout = train_test_split(
        frame, test_size=0.4, random_state=split_seed, stratify=frame[TARGET]
    )
    return Table(
        name=name,
        training=training.reset_index(drop=True),
        holdout=holdout.reset_index(drop=True),
    )


def _frame(name: str) -> tuple[pd.DataFrame, int]:
    match name:
        case "flowers":
            bunch = load_iris()
            return _named(bunch.data, bunch.target, FEATURES[name]), 7
        case "wines":
            bunch = load_wine()
            columns = tuple(str(column).replace("/", "_") for column in bunch.feature_names)
            return _named(bunch.data, bunch.target, columns), 1
        case _:
            return _synthetic(name), 0


def _synthetic(name: str) -> pd.DataFrame:
    """Draw a table whose seed was chosen so that good versions are clearly good."""
    shape: dict[str, dict[str, object]] = {
        "payments": {"n_samples": 2000, "n_informative": 6, "n_redundant": 1, "weights": [0.8]},
        "customers": {"n_samples": 1200, "n_informative": 5, "n_redundant": 0, "weights": [0.7]},
        "results": {"n_samples": 1200, "n_informative": 5, "n_redundant": 0, "n_classes": 3},
        "loans": {"n_samples": 1000, "n_informative": 5, "n_redundant": 0, "weights": [0.7]},
        "searches": {"n_samples": 800, "n_informative": 4, "n_redundant": 0},
    }
    seeds = {"payments": 3, "customers": 7, "results": 1, "loans": 3, "searches": 8}
    clusters = 1 if name == "results" else 2
    features, target = make_classification(
        n_features=len(FEATURES[name]),
        n_clusters_per_class=clusters,
        class_sep=1.3,
        flip_y=0.01,
        random_state=seeds[name],
        **shape[name],
    )
    return _named(features, target, FEATURES[name])


def _named(features: np.ndarray, target: np.ndarray, columns: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(features, columns=list(columns)).round(4)
    frame[TARGET] = target
    return frame
