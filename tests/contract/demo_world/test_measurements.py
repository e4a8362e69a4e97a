"""The logged figures are the ones that training again and measuring again gives."""

from pathlib import Path

import pytest
from mlflow import MlflowClient

from bot.sandbox.demo.learners import measured, trained
from bot.sandbox.demo.models import RAG
from bot.sandbox.demo.shapes import DemoVersion
from bot.sandbox.demo.tables import TARGET, table
from bot.sandbox.demo.world import MODELS, model
from tests.contract.demo_world.evidence import evidence, mlflows_own_warnings

pytestmark = mlflows_own_warnings

CLASSIFIERS = [(m.name, v) for m in MODELS if m.name != RAG for v in m.versions]


@pytest.mark.parametrize(
    ("name", "version"), CLASSIFIERS, ids=lambda value: str(getattr(value, "version", value))
)
def test_logged_metrics_are_what_the_held_out_rows_show(
    registry: MlflowClient, state: Path, name: str, version: DemoVersion
) -> None:
    rows = table(name)
    again = measured(trained(version, rows), rows)
    logged = evidence(registry, state, name, version.version).metrics
    assert logged == pytest.approx(again | {"latency_p95_ms": version.latency_p95_ms}, abs=0.02)


@pytest.mark.parametrize("name", sorted({name for name, _ in CLASSIFIERS}))
def test_two_fifths_of_the_rows_are_held_out(name: str) -> None:
    rows = table(name)
    assert len(rows.holdout) * 3 == pytest.approx(len(rows.training) * 2, abs=5)
    assert TARGET not in rows.features


def test_the_assistant_cannot_be_trained() -> None:
    with pytest.raises(ValueError, match="learns nothing"):
        trained(model(RAG).versions[0], table(CLASSIFIERS[0][0]))
