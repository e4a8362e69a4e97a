"""How the demo's classifiers learn and how they are measured."""

from typing import Protocol

import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from bot.sandbox.demo.shapes import DemoVersion, Learner
from bot.sandbox.demo.tables import TARGET, Table

VALIDATION_REQUESTS = 20


class Classifier(Protocol):
    """What the demo asks of a scikit-learn classifier."""

    def fit(self, features: pd.DataFrame, target: "pd.Series[int]") -> object:
        """Learn from one row of features for each target."""

    def predict(self, features: pd.DataFrame) -> np.ndarray:
        """Return one class for each row."""

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        """Return the probability of each class for each row."""


def trained(version: DemoVersion, table: Table) -> Classifier:
    """Return the version's classifier, trained on the table's training part."""
    classifier = _untrained(version)
    classifier.fit(table.training[table.features], table.training[TARGET])
    return classifier


def measured(classifier: Classifier, table: Table) -> dict[str, float]:
    """Return what the classifier shows on the held-out part; averages are per class."""
    features, truth = table.holdout[table.features], table.holdout[TARGET]
    guess = classifier.predict(features)
    average = "binary" if table.is_binary else "macro"
    metrics = {
        "accuracy": accuracy_score(truth, guess),
        "precision": precision_score(truth, guess, average=average, zero_division=0),
        "recall": recall_score(truth, guess, average=average),
        "f1": f1_score(truth, guess, average=average),
        "success_rate": _success_rate(classifier, features),
    }
    if table.is_binary:
        metrics["auc"] = roc_auc_score(truth, classifier.predict_proba(features)[:, 1])
    return {name: round(float(value), 4) for name, value in metrics.items()}


def _success_rate(classifier: Classifier, features: pd.DataFrame) -> float:
    """Ask row by row, as requests do, and count the usable answers."""
    rows = [features.iloc[[i]] for i in range(VALIDATION_REQUESTS)]
    answered = [len(classifier.predict(row)) == 1 for row in rows]
    return sum(answered) / len(answered)


def _untrained(version: DemoVersion) -> Classifier:
    """Return a classifier whose draws are the same at every seeding."""
    made: Classifier
    match version.learner:
        case Learner.TREE:
            made = DecisionTreeClassifier(random_state=0, **version.params)
        case Learner.FOREST:
            made = RandomForestClassifier(random_state=0, **version.params)
        case Learner.BOOSTING:
            made = GradientBoostingClassifier(random_state=0, **version.params)
        case Learner.LINEAR:
            linear = LogisticRegression(max_iter=500, **version.params)
            made = make_pipeline(StandardScaler(), linear)
        case Learner.RETRIEVAL:
            raise ValueError("The retrieval assistant learns nothing.")
    return made
